import type { Action } from '../../core/event.ts';
import type { Flat } from '../flat.ts';

/**
 * What the gateway's events come to in our taxonomy; their names stay attributes. A loaded configuration need not be a
 * changed one, and of the device flow the steps before `session.mint` sign nobody in.
 */
const ACTS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['session.mint', 'auth.login'],
  ['session.refresh', 'session.event'],
  ['auth.denied', 'auth.login'],
  ['admin.denied', 'auth.login'],
  ['inference', 'llm.request'],
  ['managed.serve', 'data.read'],
  ['desktop_bootstrap.serve', 'data.read'],
  ['desktop_bootstrap.denied', 'data.read'],
  ['spend.blocked', 'budget.exceeded'],
  ['admin.limit.upsert', 'config.changed'],
  ['admin.limit.delete', 'config.changed'],
]);

export function actOf(evt: string, read: Flat): Action {
  if (evt === 'inference' && read.number('status') === 429) return 'ratelimit.exceeded';
  return ACTS.get(evt) ?? 'activity.other';
}

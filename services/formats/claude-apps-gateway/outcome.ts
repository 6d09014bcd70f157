import type { Outcome } from '../../core/event.ts';
import type { Flat } from '../flat.ts';

/** Written once the thing is done; what fails is written under another name, or not at all. */
const DONE: readonly string[] = [
  'config.load',
  'managed.serve',
  'desktop_bootstrap.serve',
  'admin.limit.upsert',
  'admin.limit.delete',
];

/** Words of `result`. A browser other than the one that began the sign-in is turned away. */
const RESULTS: ReadonlyMap<string | undefined, Outcome> = new Map<string | undefined, Outcome>([
  ['success', 'success'],
  ['fail', 'failure'],
  ['browser_mismatch', 'denied'],
]);

export function outcomeOf(evt: string, read: Flat): Outcome {
  if (evt.endsWith('.denied') || evt === 'spend.blocked') return 'denied';
  const result = read.word('result');
  if (result !== undefined) return RESULTS.get(result) ?? 'unknown';
  const status = read.number('status');
  if (status !== undefined) return ofStatus(status);
  return DONE.includes(evt) ? 'success' : 'unknown';
}

function ofStatus(status: number): Outcome {
  if (status < 400) return 'success';
  return [401, 403, 429].includes(status) ? 'denied' : 'failure';
}

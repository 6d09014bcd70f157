import type { Answer, Asker, ReviewOrder } from '../console/desk.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Store } from '../core/store.ts';
import { record } from './acts.ts';
import { type Operator, type Operators, operatorOf } from './operators.ts';

interface Parts {
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
  readonly operators: Operators;
}

/** Puts a review of a model's output onto the trail; a later one of the same output replaces it in the views. */
export async function review(order: ReviewOrder, token: string, asker: Asker, parts: Parts): Promise<Answer> {
  const { event, verdict, note } = order;
  const operator = operatorOf(token, parts.operators);
  const refusal = await refuse(order, operator, parts);
  const act = {
    action: 'review.recorded',
    outcome: refusal === undefined ? 'success' : 'denied',
    target: `event ${event.slice(0, 40)}`,
    asker,
    attributes: { event: event.slice(0, 40), verdict },
    ...(operator === undefined ? {} : { operator: operator.name }),
    ...(note.trim() === '' ? {} : { content: { note } }),
  } as const;
  await record(act, parts.log, parts.clock);
  return refusal === undefined ? { kind: 'text', text: `${verdict}\n`, rows: 1 } : { kind: 'refused', reason: refusal };
}

async function refuse(
  { event, verdict, note }: ReviewOrder,
  operator: Operator | undefined,
  { store }: Parts,
): Promise<string | undefined> {
  if (operator === undefined) return 'the token is no operator’s: operators are named in the configuration';
  if (verdict === 'exempt' && note.trim() === '') return '--note: an exemption needs its reason';
  const [found] = await store.rows(
    'SELECT actor_id, actor_email FROM audit.phi_outputs WHERE toString(event_id) = {event:String}',
    { event },
  );
  if (found === undefined) return `no stored output that holds PHI has the id ${event.slice(0, 40)}`;
  if (!isTheirs(operator, String(found.actor_id), String(found.actor_email))) return undefined;
  const isNamed = operator.email !== undefined;
  return `${operator.name} was given this output: another operator has to review it${isNamed ? '' : ' (where that is somebody else, give the operator’s email in the configuration)'}`;
}

/** Four eyes: by the operator's address, and without one by their name, whichever way it may be meant. */
function isTheirs({ name, email }: Operator, actorId: string, actorEmail: string): boolean {
  const actor = actorEmail.toLowerCase();
  if (email !== undefined) return actor === email.toLowerCase() || actorId.toLowerCase() === email.toLowerCase();
  return [actor, actor.split('@')[0], actorId.toLowerCase()].includes(name);
}

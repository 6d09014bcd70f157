import type { Answer, Asker } from '../console/desk.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Store } from '../core/store.ts';
import { record } from './acts.ts';

export const VERDICTS = ['approved', 'rejected', 'exempt'] as const;

/** What a person decided about an output. */
export interface Review {
  readonly event: string;
  readonly verdict: (typeof VERDICTS)[number];
  /** Why; must be said where an output is exempt. */
  readonly note: string;
  readonly operator: string;
}

/** Puts a review onto the trail; a later one of the same output replaces it in the views. */
export async function review(
  { event, verdict, note, operator }: Review,
  asker: Asker,
  { store, log, clock }: { readonly store: Store; readonly log: Log; readonly clock: Clock },
): Promise<Answer> {
  if (verdict === 'exempt' && note.trim() === '')
    return { kind: 'refused', reason: 'an exemption needs its reason: --note WHY' };
  const [found] = await store.rows('SELECT 1 AS found FROM audit.trail WHERE event_id = {event:UUID}', { event });
  if (found === undefined) return { kind: 'refused', reason: `no stored event has the id ${event}` };
  await record(
    {
      action: 'review.recorded',
      outcome: 'success',
      target: `event ${event}`,
      asker,
      operator,
      attributes: { event, verdict },
      ...(note.trim() === '' ? {} : { content: { note } }),
    },
    log,
    clock,
  );
  return { kind: 'text', text: `${verdict}\n`, rows: 1 };
}

import { iso, json, type Message, MINUTE } from './message.ts';
import type { Random } from './random.ts';
import { PHI_CALLS, type PhiCall, REVIEW_AFTER_MINUTES, REVIEWER } from './script.ts';

const SAID: readonly string[] = ['approved', 'rejected', 'exempt'] satisfies readonly PhiCall['review'][];

/** What the clinical team's reviewers say of answers that hold patients' data. */
export function reviews(day: number, random: Random): readonly Message[] {
  return PHI_CALLS.filter(({ review }) => SAID.includes(review)).map(({ call, minute, review }) => {
    const at = day + (minute + REVIEW_AFTER_MINUTES) * MINUTE;
    const { subject, email, name, team } = REVIEWER;
    return json('gateway.events', at + 500, {
      trailhouse: 1,
      id: random.uuid(),
      time: iso(at),
      action: 'review.recorded',
      outcome: 'success',
      surface: 'web',
      product: { name: 'care-notes-review' },
      actor: { kind: 'user', basis: 'idp', id: subject, email, name, team },
      target: call,
      attributes: { request: call, verdict: review, reviewer: email },
    });
  });
}

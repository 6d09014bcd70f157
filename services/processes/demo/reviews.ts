import { iso, json, type Message, MINUTE } from './message.ts';
import type { Random } from './random.ts';
import { PHI_CALLS, REVIEW_AFTER_MINUTES, REVIEWER } from './script.ts';

/** What the clinical team's reviewers say of answers that hold patients' data. Nobody has come to the overdue one. */
export function reviews(day: number, random: Random): readonly Message[] {
  return PHI_CALLS.filter(({ review }) => review !== 'overdue').map(({ call, minute, review }) => {
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

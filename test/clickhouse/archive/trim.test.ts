import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trimAccount } from '../../../services/clickhouse/archive/trim.ts';
import type { AuditAccounting, Exception } from '../../../services/core/records.generated.ts';

const FIRST = 100;

/** What became of each offset, as the producer of an account knew it. */
const fate = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ outcome: 'accepted', events: 1, reason: '' }) },
  fc.record({ outcome: fc.constant('accepted'), events: fc.integer({ min: 2, max: 5 }), reason: fc.constant('') }),
  fc.record({
    outcome: fc.constantFrom('skipped', 'quarantined'),
    events: fc.constant(0),
    reason: fc.constantFrom('a', 'b'),
  }),
  fc.constant({ outcome: 'absent', events: 0, reason: '' }),
);
type Fate = { readonly outcome: string; readonly events: number; readonly reason: string };

function account(fates: readonly Fate[], first: number): AuditAccounting {
  const exceptions: Exception[] = [];
  for (const [index, one] of fates.entries()) {
    if (one.outcome === 'accepted' && one.events === 1) continue;
    const last = exceptions.at(-1);
    const follows = last !== undefined && last.offset + last.count === first + index;
    const same = follows && last.outcome === one.outcome && last.events === one.events && last.reason === one.reason;
    if (same) exceptions[exceptions.length - 1] = { ...last, count: last.count + 1 };
    else exceptions.push({ offset: first + index, count: 1, ...one });
  }
  const count = (outcome: string) => fates.filter((one) => one.outcome === outcome).length;
  return {
    origin_epoch: 0,
    origin_topic: 't',
    origin_partition: 0,
    first,
    next: first + fates.length,
    accepted: count('accepted'),
    skipped: count('skipped'),
    quarantined: count('quarantined'),
    absent: count('absent'),
    events: fates.reduce((sum, { events }) => sum + events, 0),
    exceptions,
    settled_at: 0,
  };
}

test('a trimmed account is the account of the offsets that are left', () =>
  fc.assert(
    fc.property(fc.array(fate, { minLength: 1, maxLength: 30 }), fc.nat(29), (fates, drop) => {
      const cut = Math.min(drop, fates.length - 1);
      expect(trimAccount(account(fates, FIRST), FIRST + cut)).toEqual(account(fates.slice(cut), FIRST + cut));
    }),
  ));

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { account, type Settled } from '../../../services/processes/ingest/accounting.ts';

const settled: fc.Arbitrary<Settled | undefined> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Settled>({ outcome: 'accepted', events: 1 }) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 4 }).map<Settled>((events) => ({ outcome: 'accepted', events })) },
  { weight: 1, arbitrary: fc.constantFrom('a', 'b').map<Settled>((reason) => ({ outcome: 'skipped', reason })) },
  { weight: 1, arbitrary: fc.constantFrom('a', 'b').map<Settled>((reason) => ({ outcome: 'quarantined', reason })) },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

test('counts add up to the range, and exceptions speak of exactly the offsets that are no plain accept', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.array(settled, { minLength: 1, maxLength: 60 }), (first, fates) => {
      const known = new Map<number, Settled>();
      for (const [index, fate] of fates.entries()) if (fate !== undefined) known.set(first + index, fate);
      const range = { origin_epoch: 0, origin_topic: 't', origin_partition: 0, first, next: first + fates.length };
      const made = account(range, known, 0);

      expect(made.accepted + made.skipped + made.quarantined + made.absent).toBe(fates.length);
      const listed = new Map(
        made.exceptions.flatMap(({ offset, count, ...rest }) =>
          Array.from({ length: count }, (_, index) => [offset + index, rest] as const),
        ),
      );
      for (const [index, fate] of fates.entries()) {
        const entry = listed.get(first + index);
        if (fate === undefined) expect(entry?.outcome).toBe('absent');
        else if (fate.outcome === 'accepted' && fate.events === 1) expect(entry).toBeUndefined();
        else expect(entry?.outcome).toBe(fate.outcome);
      }
      const events = fates.reduce((sum, fate) => sum + (fate?.outcome === 'accepted' ? fate.events : 0), 0);
      expect(made.events).toBe(events);
    }),
  );
});

test('offsets in a row with one fate are one entry', () => {
  const range = { origin_epoch: 0, origin_topic: 't', origin_partition: 0, first: 5, next: 9 };
  expect(account(range, new Map([[8, { outcome: 'accepted', events: 1 }]]), 7).exceptions).toEqual([
    { offset: 5, count: 3, outcome: 'absent', events: 0, reason: '' },
  ]);
});

test('a gap of billions is one entry', () => {
  const range = { origin_epoch: 0, origin_topic: 't', origin_partition: 0, first: 0, next: 9_000_000_000 };
  const made = account(range, new Map([[0, { outcome: 'accepted', events: 1 }]]), 0);
  expect(made.absent).toBe(8_999_999_999);
  expect(made.exceptions).toHaveLength(1);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditEvent } from '../../services/core/event.ts';
import { batches } from '../../services/delivery/batches.ts';
import type { Parcel } from '../../services/delivery/parcel.ts';

const sized = (sizes: readonly number[]): Parcel[] =>
  sizes.map((bytes, offset) => ({
    offset,
    bytes,
    open: (): AuditEvent => expect.unreachable('cutting opens nothing'),
  }));
const sizesOf = (cut: readonly (readonly Parcel[])[]) => cut.map((batch) => batch.map(({ bytes }) => bytes));

test.each([
  ['nothing', [], []],
  ['by count', [1, 1, 1, 1], [[1, 1, 1], [1]]],
  ['by bytes, to the last', [5, 5, 1], [[5, 5], [1]]],
  ['one that is larger than a batch stands alone', [1, 11, 1], [[1], [11], [1]]],
])('cuts: %s', (_, sizes, expected) => {
  expect(sizesOf(batches(sized(sizes), { events: 3, bytes: 10 }))).toEqual(expected);
});

test('batches keep order and limits, and none could take the first parcel of the next', () => {
  const size = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(
      fc.array(size),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 15 }),
      (sizes, events, bytes) => {
        const parcels = sized(sizes);
        const cut = batches(parcels, { events, bytes });
        const sum = (batch: readonly Parcel[]) => batch.reduce((all, one) => all + one.bytes, 0);
        expect(cut.flat()).toEqual(parcels);
        for (const [index, batch] of cut.entries()) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(events);
          if (batch.length > 1) expect(sum(batch)).toBeLessThanOrEqual(bytes);
          const next = cut[index + 1]?.[0];
          if (next !== undefined) expect(batch.length === events || sum(batch) + next.bytes > bytes).toBe(true);
        }
      },
    ),
  );
});

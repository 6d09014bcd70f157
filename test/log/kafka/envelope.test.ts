import { expect, test } from 'vitest';
import { readOffset, toBatches } from '../../../services/log/kafka/envelope.ts';
import { split } from '../../../services/log/kafka/record-batch.ts';
import { packed } from './packed.ts';

const value = Buffer.from('v');

/** A fetch of record batches, each a list of offsets. */
async function fetch(offsets: readonly (readonly number[])[], lastOffset: number, held = value) {
  const sets = offsets.map(([firstOffset = 0, ...more]) =>
    packed(
      [firstOffset, ...more].map((offset) => ({ offsetDelta: offset - firstOffset, value: held })),
      { firstOffset },
    ),
  );
  const batches = split(Buffer.concat(await Promise.all(sets)));
  return { topic: 't', partition: 1, batches, lastOffset };
}

test('a batch covers what is not there', async () => {
  const [batch, ...more] = toBatches(await fetch([[12, 15]], 17), 10);
  expect(more).toEqual([]);
  expect(batch).toMatchObject({ topic: 't', partition: 1, first: 10, next: 18 });
  expect(batch?.records.map(({ offset }) => offset)).toEqual([12, 15]);
  expect(batch?.records[0]?.receivedAt).toEqual(new Date(1_768_467_600_000));
});

test('what was handed out before is not handed out again', async () => {
  const batches = [
    ...toBatches(
      await fetch(
        [
          [5, 6],
          [8, 9, 10],
        ],
        10,
      ),
      10,
    ),
  ];
  expect(batches.map(({ first, next, records }) => [first, next, records.length])).toEqual([[10, 11, 1]]);
});

test.each([
  [5_000, 1, undefined, 3],
  [9, 1_000_000, undefined, 3],
  [3, 9_000_000, undefined, 3],
  [5_000, 1, { records: 50_000, bytes: 2 ** 25, waitMs: 0 }, 1],
  [5_000, 1, { records: 50_000, bytes: 2_500, waitMs: 0 }, 2],
])('%i records of %i bytes come in batches that follow one another', async (count, size, bounds, expected) => {
  const offsets = Array.from({ length: count }, (_, at) => 10 + 2 * at);
  const sets = [offsets.slice(0, 2), offsets.slice(2)];
  const batches = [...toBatches(await fetch(sets, 10 + 2 * count, Buffer.alloc(size)), 10, bounds)];
  expect(batches).toHaveLength(expected);
  let reached = 10;
  for (const { first, next, records } of batches) {
    expect(first).toBe(reached);
    expect(records.every(({ offset }) => offset >= first && offset < next)).toBe(true);
    reached = next;
  }
  expect(reached).toBe(11 + 2 * count);
  expect(batches.flatMap(({ records }) => records.map(({ offset }) => offset))).toEqual(offsets);
});

test('an offset past 2^53 is refused', () => {
  expect(readOffset('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => readOffset('9007199254740993')).toThrow(RangeError);
});

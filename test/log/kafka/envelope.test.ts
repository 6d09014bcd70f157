import { expect, test } from 'vitest';
import { readOffset, toBatches } from '../../../services/log/kafka/envelope.ts';

const message = (offset: number, rest: object = {}) => ({
  key: null,
  value: Buffer.from('v'),
  timestamp: '1768467600123',
  attributes: 0,
  offset: String(offset),
  headers: {},
  ...rest,
});

const only = (...given: Parameters<typeof toBatches>) => {
  const [batch, ...more] = toBatches(...given);
  if (batch === undefined || more.length > 0) throw new Error('not one batch');
  return batch;
};

test('a batch covers what kafkajs left out', () => {
  const messages = [message(12), message(15)];
  const batch = only({ topic: 't', partition: 1, messages, lastOffset: 17 }, 10);
  expect(batch).toMatchObject({ topic: 't', partition: 1, first: 10, next: 18 });
  expect(batch.records.map(({ offset }) => offset)).toEqual([12, 15]);
  expect(batch.records[0]?.receivedAt).toEqual(new Date(1_768_467_600_123));
});

test('what was handed out before is not handed out again', () => {
  const messages = [message(8), message(9), message(10)];
  expect(only({ topic: 't', partition: 0, messages, lastOffset: 10 }, 10).records).toHaveLength(1);
});

test('a repeated header keeps its last value, a missing value is empty', () => {
  const headers = { twice: [Buffer.from('a'), Buffer.from('b')], text: 'c', nothing: undefined };
  const [record] = only(
    { topic: 't', partition: 0, messages: [message(0, { headers, value: null })], lastOffset: 0 },
    0,
  ).records;
  expect(Object.entries(record?.headers ?? {}).map(([name, value]) => [name, Buffer.from(value).toString()])).toEqual([
    ['twice', 'b'],
    ['text', 'c'],
    ['nothing', ''],
  ]);
  expect(record?.value).toHaveLength(0);
});

test.each([
  [5_000, 'v', 3],
  [9, 'v'.repeat(1_000_000), 3],
  [3, 'v'.repeat(9_000_000), 3],
])('%i messages of a fetch come in batches that follow one another', (count, value, expected) => {
  const messages = Array.from({ length: count }, (_, at) => message(10 + 2 * at, { value: Buffer.from(value) }));
  const batches = [...toBatches({ topic: 't', partition: 0, messages, lastOffset: 10 + 2 * count }, 10)];
  expect(batches).toHaveLength(expected);
  let reached = 10;
  for (const { first, next, records } of batches) {
    expect(first).toBe(reached);
    expect(records.every(({ offset }) => offset >= first && offset < next)).toBe(true);
    reached = next;
  }
  expect(reached).toBe(11 + 2 * count);
  expect(batches.flatMap(({ records }) => records)).toHaveLength(count);
});

test('an offset past 2^53 is refused', () => {
  expect(readOffset('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => readOffset('9007199254740993')).toThrow(RangeError);
});

import { expect, test } from 'vitest';
import { asNative } from '../../services/clickhouse/native.ts';

const text = (value: string) => [value.length, ...Buffer.from(value)];
const column = (name: string, type: string, ...bytes: readonly number[]) => ({
  head: [...text(name), ...text(type)],
  bytes,
});

const BLOCK_INFO = [1, 0, 2, 255, 255, 255, 255, 0];
const long = (value: number) => [value, 0, 0, 0, 0, 0, 0, 0];

/** Two rows of columns whose ends are found in different ways. */
const COLUMNS = [
  column('n', 'UInt16', 1, 0, 2, 0),
  column('s', 'String', ...text('ab'), ...text('')),
  column('m', 'Nullable(UInt8)', 0, 1, 7, 0),
  column('l', 'Array(String)', ...long(1), ...long(3), ...text('x'), ...text('y'), ...text('z')),
  column('t', 'Tuple(`odd (name` UInt8, b Decimal(18, 2))', 1, 2, ...long(3), ...long(4)),
  column('p', "Map(String, Enum8('a,(' = 1))", ...long(1), ...long(1), ...text('k'), 1),
  column(
    'c',
    'LowCardinality(Nullable(String))',
    ...long(1),
    ...[0, 6, 0, 0, 0, 0, 0, 0],
    ...long(2),
    ...text(''),
    ...text('v'),
    ...long(2),
    0,
    1,
  ),
  column('d', "DateTime64(6, 'UTC')", ...long(5), ...long(6)),
  column('g', 'Array(LowCardinality(String))', ...long(1), ...long(0), ...long(0)),
  column('f', 'FixedString(3)', 1, 2, 3, 4, 5, 6),
  column('v', 'SimpleAggregateFunction(sum, UInt64)', ...long(1), ...long(2)),
];

test('a block says what it is, and a column how it is written', () => {
  const block = Uint8Array.from([COLUMNS.length, 2, ...COLUMNS.flatMap(({ head, bytes }) => [...head, ...bytes])]);
  const both = Buffer.concat([block, block]);
  const expected = [...BLOCK_INFO, COLUMNS.length, 2, ...COLUMNS.flatMap(({ head, bytes }) => [...head, 0, ...bytes])];
  expect([...asNative(both, 54_460)]).toEqual([...expected, ...expected]);
  expect(asNative(block, 0)).toBe(block);
  const old = [...BLOCK_INFO, ...block];
  expect([...asNative(block, 54_453)]).toEqual(old);
});

test('a block without rows keeps its columns', () => {
  const head = [...text('a'), ...text('JSON')];
  expect([...asNative(Uint8Array.from([1, 0, ...head]), 54_460)]).toEqual([...BLOCK_INFO, 1, 0, ...head, 0]);
});

test('what is not known is named, what is cut short is an error', () => {
  const dynamic = Uint8Array.from([1, 1, ...text('a'), ...text('Dynamic'), 0]);
  expect(() => asNative(dynamic, 54_460)).toThrow('the type Dynamic is not written as Native here');
  const cut = Uint8Array.from([1, 2, ...text('a'), ...text('UInt64'), 0]);
  expect(() => asNative(cut, 54_460)).toThrow(RangeError);
});

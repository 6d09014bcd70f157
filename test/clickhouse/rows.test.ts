import { expect, test } from 'vitest';
import { readRows } from '../../services/clickhouse/rows.ts';

test('integers stay exact: numbers where safe, digits where not', () => {
  const text = '{"a":1,"b":9007199254740993,"c":[18446744073709551615],"d":1.5}\n{"a":2}\n';
  expect(readRows(text)).toEqual([{ a: 1, b: '9007199254740993', c: ['18446744073709551615'], d: 1.5 }, { a: 2 }]);
});

test('long digits in a text stay a text', () =>
  expect(readRows('{"a":"9007199254740993","b":1234567890123456.5}')).toEqual([
    { a: '9007199254740993', b: 1234567890123456.5 },
  ]));

import { expect, test } from 'vitest';
import { readParameters } from '../../services/clickhouse/parameters.ts';

test.each([
  ['String', 'plain', 'plain'],
  ['String', 'a\\tb\\n\\\\c\\x41', 'a\tb\n\\cA'],
  ['String', "100\\% it's", "100\\% it's"],
  ['Nullable(String)', '\\N', null],
  ['Array(String)', "['a', 'it\\'s', 'it''s', 'a\\\\b']", ['a', "it's", "it's", 'a\\b']],
  ['Array(UInt64)', '[1,18446744073709551615]', [1n, 18446744073709551615n]],
  ['Array(Float64)', '[1.5,-2]', [1.5, -2n]],
  ['Array(Nullable(String))', "[NULL,'x']", [null, 'x']],
  ['Array(Bool)', '[true,false]', [true, false]],
  ['Array(String)', ' [] ', []],
])('%s: %j', (type, raw, value) => {
  const read = readParameters(new Map([['p', type]]), { p: raw, other: 'x' });
  expect(read).toMatchObject({ ok: true });
  if (read.ok) expect({ ...read.params }).toEqual({ p: value });
});

test.each(['x', '[', "['a'", "['a' 'b']", "['a',]", '[1x]', '[a]', "['a']; DROP"])('%j is no list', (raw) => {
  expect(readParameters(new Map([['p', 'Array(String)']]), { p: raw })).toMatchObject({
    ok: false,
    reason: expect.stringContaining('param_p is no Array(String)'),
  });
});

test('a parameter without a value is left to ClickHouse, and names of objects are names', () => {
  const types = new Map([
    ['missing', 'String'],
    ['__proto__', 'String'],
  ]);
  const read = readParameters(types, JSON.parse('{"__proto__": "x"}'));
  expect(read.ok && Object.entries(read.params)).toEqual([['__proto__', 'x']]);
});

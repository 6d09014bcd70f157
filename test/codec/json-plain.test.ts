import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainMembers } from '../../services/codec/json-plain.ts';
import { scan } from '../../services/codec/json-scan.ts';

const DEPTH = 5;
const literals = [
  '0',
  '-0',
  '1.50',
  '1e3',
  '1E-7',
  '1e-400',
  '123456789012345',
  '1234567890123456',
  '9007199254740993',
];
const texts = ['"a"', '"\\u0041"', '"\\u0000"', '"\\ud800"', '"\\n\\"\\\\"', '"{\\"a\\":1}"', '""', 'true', 'null'];
const leaf = fc.constantFrom(...literals, ...texts, `0.${'1'.repeat(120)}`);
const { value: json } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 7 },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(' , ')}]`),
    fc
      .array(fc.tuple(fc.constantFrom('"a"', '"b"', '"\\u0061"', '"c:\\""'), tie('value')), { maxLength: 3 })
      .map((pairs) => `{${pairs.map(([key, value]) => `${key} : ${value}`).join(',')}}`),
  ),
}));

test('of what JSON.parse takes, it counts what the strict scan counts, or leaves it to it', () => {
  const damage = fc.option(fc.tuple(fc.nat(), fc.nat(255)));
  fc.assert(
    fc.property(json, damage, (text, damaged) => {
      const bytes = Buffer.from(text);
      if (damaged !== null && bytes.length > 0) bytes[damaged[0] % bytes.length] = damaged[1];
      const members = plainMembers(bytes, DEPTH);
      if (members < 0 || !isTaken(bytes)) return;
      expect(scan(bytes, { depth: DEPTH, twice: false })).toEqual({ fault: undefined, members });
    }),
    { numRuns: 5_000 },
  );
});

function isTaken(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString());
    return bytes.equals(Buffer.from(bytes.toString()));
  } catch {
    return false;
  }
}

test.each(['[1]', '{"a":{"b":[1,2,{"c":"d:e"}]}}', '{"a":"\\"\\\\"}', '[-1.25e-7]'])('%s is plain', (text) => {
  expect(plainMembers(Buffer.from(text), DEPTH)).toBe(scan(Buffer.from(text), { depth: DEPTH, twice: false }).members);
});

test.each([
  ['deep', '[[[[[[1]]]]]]'],
  ['a large number', '[1234567890123456]'],
  ['an exponent', '[1e3]'],
  ['an escape by its code', '["\\u0041"]'],
  ['a text without an end', '["a'],
])('%s is not', (_, text) => expect(plainMembers(Buffer.from(text), DEPTH)).toBe(-1));

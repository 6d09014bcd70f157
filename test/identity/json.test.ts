import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson } from '../../services/identity/json.ts';

test.each([
  ['', 1],
  ['[1, 2', 1],
  ['[\n  1\n  2\n]', 3],
  ['{"a": 1,\n "b": }', 2],
  ['{"a": 1,\n\n b: 2}', 3],
  ['[1,\n]', 2],
  ['{"a"\n"b"}', 2],
  ['{,}', 1],
  ['[\n"secret\n"]', 2],
  ['[1]\n[2', 2],
  ['[1]]', 1],
  ['[{]', 1],
])('%j is no JSON at its line', (text, line) => {
  expect(readJson(text)).toEqual({ kind: 'unreadable', reason: `:${line}: is no JSON` });
});

test('one document to a line is a list', () => {
  expect(readJson('{"a":1}\r\n\n{"a":2}\n')).toEqual({ kind: 'read', value: [{ a: 1 }, { a: 2 }] });
});

test('reads what JSON.parse reads, and never throws or quotes', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(readJson(text)).toEqual({ kind: 'read', value: JSON.parse(text) });
    }),
  );
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', '}', '"', ',', 'x', '\\'))
    .map(([text, at, extra]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + extra + text.slice(place + 1);
    });
  fc.assert(
    fc.property(broken, (text) => {
      const read = readJson(text);
      if (read.kind === 'unreadable') expect(read.reason).toMatch(/^:\d+: is no JSON$/);
    }),
  );
});

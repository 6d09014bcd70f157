import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from '../../../services/processes/ingest/order.ts';

/** What it stands for. */
const slowly = (map: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

const name = fc.oneof(
  fc.constantFrom('a', 'a.b', 'b', '10', '9', '__proto__', 'constructor', '\u{1f512}', '\uffff'),
  fc.string(),
);
const map = fc.dictionary(name, fc.string(), { maxKeys: 8, noNullPrototype: true });

test('a map in the order of its names, whatever order they stood in and however often', () => {
  fc.assert(
    fc.property(map, (one) => {
      for (const entries of [Object.entries(one), Object.entries(one).reverse()]) {
        const given = Object.fromEntries(entries);
        expect(Object.entries(inOrder(given))).toEqual(Object.entries(slowly(given)));
        expect(Object.entries(inOrder(given))).toEqual(Object.entries(slowly(given)));
      }
    }),
    { numRuns: 2_000 },
  );
});

test('more sets of names than are remembered', () => {
  for (let index = 0; index < 30_000; index++) {
    const given = { [`b${index}`]: '1', a: '2' };
    expect(Object.keys(inOrder(given))).toEqual(['a', `b${index}`]);
  }
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder, type Order, orderOf } from '../../services/codec/order.ts';
import { Writer } from '../../services/codec/writer.ts';

const name = fc.oneof(
  fc.constantFrom('a', 'a.b', 'b', '10', '9', '__proto__', 'constructor', '\u{1f512}', '\uffff'),
  fc.string(),
);
const map = fc.dictionary(name, fc.string(), { maxKeys: 8, noNullPrototype: true });

const writer = new Writer();

function slowly(map: Readonly<Record<string, string>>): Order {
  const names = Object.keys(inOrder(map));
  const written = names.map((name) => {
    writer.begin();
    writer.text(name);
    return writer.view(0);
  });
  return { names, written };
}

test('a map in the order of its names, whatever order they stood in and however often', () => {
  fc.assert(
    fc.property(map, (one) => {
      for (const entries of [Object.entries(one), Object.entries(one).reverse(), Object.entries(one).slice(1)]) {
        const given = Object.fromEntries(entries);
        expect(orderOf(given).names).toEqual(Object.keys(inOrder(given)));
        expect(orderOf(given)).toEqual(slowly(given));
      }
    }),
    { numRuns: 2_000 },
  );
});

test('more sets of names than are remembered', () => {
  for (let index = 0; index < 30_000; index++) {
    const given = { [`b${index}`]: '1', a: '2' };
    expect(orderOf(given).names).toEqual(['a', `b${index}`]);
  }
});

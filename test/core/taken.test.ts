import fc from 'fast-check';
import { expect, test } from 'vitest';
import { split } from '../../services/core/leaves.ts';
import { type Taken, without } from '../../services/core/taken.ts';
import { splitSlowly } from './split-slowly.ts';

const leaves = {
  columns: ['a.b'],
  safe: ['a.c', 'b', 'c.*.a', '[a.b]', '0', 'd.**'],
  personal: ['a.d', 'c.0.b', 'd.a'],
};
const name = fc.constantFrom('a', 'b', 'c', 'd', 'a.b', '0', '1', '', '__proto__');
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('', 'x', 0, false, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));
const { taken } = fc.letrec<{ taken: Taken }>((tie) => ({
  taken: fc.oneof(
    { maxDepth: 3 },
    fc.constant<Taken>(new Map()),
    fc.array(fc.tuple(name, tie('taken')), { maxLength: 3 }).map((steps): Taken => new Map(steps)),
  ),
}));

test('what is taken is left out while splitting as if it had been cut out before', () => {
  fc.assert(
    fc.property(json, taken, (message, left) => {
      expect(split(message, leaves, left)).toEqual(split(without(message, left), leaves));
    }),
    { numRuns: 5_000 },
  );
});

test('what is remembered of places splits as if every path were asked anew', () => {
  fc.assert(
    fc.property(json, taken, (message, left) => {
      expect(split(message, leaves, left)).toEqual(splitSlowly(without(message, left), leaves));
    }),
    { numRuns: 5_000 },
  );
});

test('more places than are remembered', () => {
  for (let index = 0; index < 30_000; index++)
    expect(split({ d: { [`d${index}`]: 'x' } }, leaves)).toEqual({
      attributes: { [`d.d${index}`]: 'x' },
      personal_attributes: {},
      content: undefined,
    });
});

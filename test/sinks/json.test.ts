import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonOf } from '../../services/sinks/json.ts';

/** Against the slow twin, JSON.stringify. */

const text = fc.oneof(fc.string({ maxLength: 70 }), fc.string({ unit: 'binary', maxLength: 70 }));
const map = fc.dictionary(fc.oneof(text, fc.nat().map(String), fc.constant('__proto__')), text, {
  noNullPrototype: true,
});

test('a text is written as JSON.stringify writes it, and nothing when it is empty', () => {
  fc.assert(
    fc.property(text, (one) => {
      expect(jsonOf(one)).toBe(one === '' ? '' : JSON.stringify(one));
    }),
  );
});

test('a map is, in its order, and nothing when it is empty', () => {
  fc.assert(
    fc.property(map, (one) => {
      expect(jsonOf(one)).toBe(isEmpty(one) ? '' : JSON.stringify(one));
    }),
  );
});

test('a list is, and nothing when it is empty', () => {
  fc.assert(
    fc.property(fc.array(text), (one) => {
      expect(jsonOf(one)).toBe(isEmpty(one) ? '' : JSON.stringify(one));
    }),
  );
});

test('bytes are hex, also of a part of larger memory', () => {
  expect(jsonOf(Uint8Array.of(1, 0xab, 0xff).subarray(1))).toBe('"abff"');
});

const isEmpty = (one: object): boolean => Object.keys(one).length === 0;

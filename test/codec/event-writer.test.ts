import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeEvent } from '../../services/codec/event.ts';
import { openEventWriter, type Written } from '../../services/codec/event-writer.ts';
import { inOrder } from '../../services/codec/order.ts';
import { frame } from '../../services/codec/wire.ts';
import type { AuditEvent } from '../../services/core/event.ts';
import { anyEvent } from '../support/any-event.ts';
import { event } from '../support/event.ts';
import { full } from '../support/full-event.ts';

const SCHEMA = 7;
/** One for all tests: what it wrote of one event must not show in another. */
const writeEvent = openEventWriter();
const write = (one: AuditEvent): Written => writeEvent(one, SCHEMA);

function twin(one: AuditEvent): Written {
  const [attributes, personal_attributes] = [inOrder(one.attributes), inOrder(one.personal_attributes)];
  const { datum, leaf } = encodeEvent({ ...one, attributes, personal_attributes });
  return { value: frame(SCHEMA, [datum]), leaf };
}

test('writes what avsc writes, with the same leaf', () => {
  fc.assert(
    fc.property(anyEvent, (one) => {
      expect(write(one)).toEqual(twin(one));
    }),
  );
});

test('texts of every width, on either side of a length that takes another byte', () => {
  const lengths = [0, 1, 12, 13, 21, 22, 63, 64, 2730, 2731, 8191, 8192, 349_525, 349_526, 400_000];
  for (const letter of ['a', 'é', '東', '\u{1f512}'])
    for (const length of lengths) {
      const one = event({ surface: letter.repeat(length), command: `a${letter.repeat(length)}`, host: letter });
      const { value, leaf } = write(one);
      const same = twin(one);
      expect(value.equals(same.value), `${length} times ${letter}`).toBe(true);
      expect(leaf).toEqual(same.leaf);
    }
});

test('what was written before stays as it is', () => {
  const first = write(full);
  const kept = { value: Buffer.from(first.value), leaf: Buffer.from(first.leaf) };
  for (let index = 0; index < 3_000; index++) write(event({ surface: 'x'.repeat(index) }));
  expect(first).toEqual(kept);
});

test('a field that does not fit is named, its value is not', () => {
  for (const value of [Number.NaN, 0.5, 2 ** 53, Number.POSITIVE_INFINITY])
    expect(() => write(event({ tokens_prompt: value }))).toThrow(/^tokens_prompt: not /);
  expect(() => write(event({ personal_salt: Buffer.alloc(15) }))).toThrow(/salt/);
  expect(write(full)).toEqual(twin(full));
});

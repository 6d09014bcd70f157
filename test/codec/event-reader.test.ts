import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEvent, encodeEvent } from '../../services/codec/event.ts';
import { openEventReader } from '../../services/codec/event-reader.ts';
import type { AuditEvent } from '../../services/core/records.generated.ts';
import { anyEvent } from '../support/any-event.ts';
import { event } from '../support/event.ts';
import { full } from '../support/full-event.ts';
import { taken } from '../support/taken.ts';

const SALT = Buffer.alloc(16);
/** One for all tests: what it remembers of one event must not show in another. */
const reader = openEventReader((text) => text);
const read = (datum: Uint8Array): AuditEvent => taken(reader(datum));

const shown = (one: AuditEvent): AuditEvent => ({ ...one, personal_salt: SALT });

test('reads what avsc reads, but for the salt', () => {
  fc.assert(
    fc.property(anyEvent, (one) => {
      const { datum } = encodeEvent(one);
      expect(read(datum)).toEqual(shown(decodeEvent(datum)));
    }),
  );
});

test('finds a datum wherever in memory it lies, the same datum again too', () => {
  const datums = [event({ surface: 'cli' }), full, event({ surface: 'ide' })].map((one) => encodeEvent(one).datum);
  const memory = Buffer.concat([Buffer.alloc(3), ...datums, Buffer.alloc(1)]);
  let start = 3;
  for (const datum of datums) {
    expect(read(memory.subarray(start, start + datum.length))).toEqual(shown(decodeEvent(datum)));
    start += datum.length;
  }
});

test('what avsc refuses is refused, what both take is read alike', () => {
  const { datum } = encodeEvent(full);
  fc.assert(
    fc.property(fc.nat(datum.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const broken = Buffer.from(datum);
      broken[at] = byte;
      const [theirs, ours] = [attempt(() => shown(decodeEvent(broken))), attempt(() => read(broken))];
      if (theirs === undefined) expect(ours).toBeUndefined();
      if (ours !== undefined) expect(ours).toEqual(theirs);
    }),
    { numRuns: 2_000 },
  );
});

test('a datum that ends early or late is refused, by the place and without a word of what it holds', () => {
  const { datum } = encodeEvent(full);
  for (let length = 0; length < datum.length; length++)
    expect(() => read(datum.subarray(0, length))).toThrow(/^byte \d+ of the datum: truncated$/);
  expect(() => read(Buffer.concat([datum, Buffer.of(0)]))).toThrow(`byte ${datum.length} of the datum: trailing data`);
});

test.each([
  ['a length that is negative', [1], 'truncated'],
  ['a number of more than 53 bits', [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], 'loses digits'],
  ['a number of more than ten bytes', Array.from({ length: 12 }, () => 0x80), 'without an end'],
])('%s is refused', (_, bytes, reason) => {
  expect(() => read(Buffer.from(bytes))).toThrow(reason);
});

test('blocks with their size in front are read as others', () => {
  const { datum } = encodeEvent(event({ data_classes: ['pii'] }));
  const at = datum.indexOf(Buffer.from([2, 6, 0x70, 0x69, 0x69]));
  const sized = Buffer.concat([datum.subarray(0, at), Buffer.of(1, 8), datum.subarray(at + 1)]);
  expect(read(sized)).toEqual(shown(decodeEvent(sized)));
});

test('a leaf that has the name of the prototype is a leaf', () => {
  const attributes: Readonly<Record<string, string>> = JSON.parse('{"__proto__":"kept","b":"c"}');
  expect(Object.entries(read(encodeEvent(event({ attributes })).datum).attributes)).toEqual(Object.entries(attributes));
});

test('nothing of the personal part is shown where nothing may be, and the rest is', () => {
  const hidden = taken(openEventReader(() => undefined)(encodeEvent(full).datum));
  const nothing = { actor_id: '', actor_email: '', actor_name: '', client_address: '', user_agent: '', host: '' };
  const rest = { device: '', target: '', file_paths: [], command: '', error_message: '', personal_attributes: {} };
  expect(hidden).toEqual({ ...shown(decodeEvent(encodeEvent(full).datum)), ...nothing, ...rest, actor_groups: [] });
});

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

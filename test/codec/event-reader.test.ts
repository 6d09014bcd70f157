import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEvent, encodeEvent } from '../../services/codec/event.ts';
import { openEventReader } from '../../services/codec/event-reader.ts';
import type { AuditEvent, Guardrail } from '../../services/core/records.generated.ts';
import { event } from '../support/event.ts';
import { full } from '../support/full-event.ts';

const SALT = Buffer.alloc(16);
/** One for all tests: what it remembers of one event must not show in another. */
const read = openEventReader((text) => text);

/** Texts that come again, differ in a single byte, or are as long as what is remembered, or longer. */
const text = fc.oneof(
  fc.constantFrom('', 'cli', 'cla', 'success', '\u{1f512}', '__proto__', 'constructor'),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.tuple(fc.constantFrom(3, 4, 5, 127, 128, 129), fc.nat(127), fc.constantFrom('b', 'c')).map(spelled),
);

function spelled([length, at, letter]: readonly [number, number, string]): string {
  const before = Math.min(at, length - 1);
  return 'a'.repeat(before) + letter + 'a'.repeat(length - before - 1);
}

const long = fc.oneof(fc.integer({ min: -70, max: 70 }), fc.integer({ min: -(2 ** 50), max: 2 ** 50 }));
const texts = fc.array(text, { maxLength: 4 });
/** Not `__proto__`, which avsc loses: it has a test of its own. */
const map = fc.dictionary(
  text.filter((name) => name !== '__proto__'),
  text,
  { maxKeys: 5, noNullPrototype: true },
);
const commitment = fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)));
const guardrail: fc.Arbitrary<Guardrail> = fc.record({
  ...{ name: text, provider: text, phase: text, mode: text, verdict: text },
  categories: texts,
  masked_count: fc.option(long),
});

/** By what a plain event holds in the column, and for the columns that may be null by their names. */
function column(name: string, plain: unknown): fc.Arbitrary<unknown> {
  if (name === 'guardrails') return fc.array(guardrail, { maxLength: 3 });
  if (name === 'content_commitment') return commitment;
  if (name === 'personal_salt') return fc.constant(Buffer.from('salt-never-shown'));
  if (name.endsWith('_ms')) return fc.option(fc.double());
  if (plain === null) return fc.option(long);
  if (typeof plain === 'string') return text;
  if (typeof plain === 'number') return /_at$|_until$|_offset$/.test(name) ? long : fc.integer();
  return Array.isArray(plain) ? texts : map;
}

const columns = Object.fromEntries(Object.entries(event({})).map(([name, plain]) => [name, column(name, plain)]));
const anyEvent = fc.record(columns).map((made) => event(made));
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
  const hidden = openEventReader(() => undefined)(encodeEvent(full).datum);
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

import fc from 'fast-check';
import type { AuditEvent, Guardrail } from '../../services/core/records.generated.ts';
import { event } from './event.ts';

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
/** Events of any texts and numbers that fit the schema. */
export const anyEvent: fc.Arbitrary<AuditEvent> = fc.record(columns).map((made) => event(made));

import fc from 'fast-check';
import type { Value } from '../../services/otlp/logs.ts';
import type { Writable } from '../../services/otlp/write.ts';

/** A record as Claude Code exports one, with what the test cares about. */
export function record(changes: Partial<Writable> = {}): Writable {
  return {
    resource: { attributes: { 'service.name': 'claude-code', 'service.version': '2.1.220' } },
    scope: { name: 'com.anthropic.claude_code.events', version: '2.1.220', attributes: {} },
    time_unix_nano: '1790000000123000000',
    body: 'claude_code.user_prompt',
    attributes: { 'event.name': 'user_prompt', prompt_length: 12 },
    ...changes,
  };
}

const words = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((text) => !text.includes('\0') && text.isWellFormed());
const keys = words.filter((key) => key !== '__proto__');

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    words,
    fc.boolean(),
    fc.constant(null),
    fc.maxSafeInteger().map((number) => number + 0),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Number.isInteger(number)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const attributes = fc.dictionary(keys, value, { maxKeys: 4, noNullPrototype: true });
const set = words.filter((text) => text !== '');
const hex = (digits: number) =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits })
    .filter((id) => /[1-9a-f]/.test(id));
const nanos = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map(String);
const count = fc.integer({ min: 1, max: 2 ** 32 - 1 });

/** Records with every field the protocol has, each there or not. */
export const records = fc.array(
  fc.record(
    {
      resource: fc.record(
        { attributes, schema_url: set, dropped_attributes_count: count },
        { requiredKeys: ['attributes'] },
      ),
      scope: fc.record({ name: set, version: set, attributes, schema_url: set }, { requiredKeys: ['attributes'] }),
      attributes,
      time_unix_nano: nanos,
      observed_time_unix_nano: nanos,
      severity_number: fc.integer({ min: 1, max: 24 }),
      severity_text: set,
      body: value.filter((body) => body !== null),
      dropped_attributes_count: count,
      flags: count,
      trace_id: hex(32),
      span_id: hex(16),
      event_name: set,
    },
    { requiredKeys: ['resource', 'scope', 'attributes'] },
  ),
  { minLength: 1, maxLength: 4 },
);

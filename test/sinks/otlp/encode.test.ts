import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../services/core/event.ts';
import { readProto } from '../../../services/otlp/read.ts';
import { type Origin, openEncoder } from '../../../services/sinks/otlp/encode.ts';
import { ProtoWriter } from '../../../services/sinks/proto-writer.ts';
import { event } from '../../support/event.ts';
import { FULL, STORY } from './events.ts';
import { encodeSlowly } from './slow.ts';

const origin = {
  resource: { 'deployment.environment.name': 'production', 'service.name': 'trailhouse' },
  scope: { name: 'trailhouse', version: '1' },
  replay: false,
};
/** One for all, which grows. */
const writer = new ProtoWriter(16);
const open = (from: Origin) => (batch: readonly AuditEvent[]) => openEncoder(from)(batch, writer);
const encode = open(origin);

const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constant('ä'.repeat(9_000)), fc.constant(''));
const integer = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -40_000, max: 300 }), fc.constant(null));
const micros = fc.integer({ min: 1, max: 4_102_444_800_000_000 });
const number = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));

const anyEvent: fc.Arbitrary<AuditEvent> = fc
  .record({
    occurred_at: micros,
    received_at: micros,
    action: fc.constantFrom('llm.request', 'tool.call', 'session.end'),
    severity: fc.constantFrom('info', 'low', 'medium', 'high', 'critical'),
    trace_id: fc.oneof(hex(32), text, fc.constant('0'.repeat(32))),
    span_id: fc.oneof(hex(16), text),
    target: text,
    command: text,
    error_message: text,
    status_code: integer,
    tokens_prompt: integer,
    latency_ms: number,
    time_to_first_token_ms: number,
    file_paths: fc.array(text, { maxLength: 5 }),
    attributes: fc.dictionary(text, text, { maxKeys: 5 }),
  })
  .map(event);

describe('records', () => {
  test('are, byte for byte, those of the generated code', () => {
    const arbitrary = fc.tuple(fc.array(anyEvent, { maxLength: 4 }), fc.boolean());
    fc.assert(
      fc.property(arbitrary, ([batch, replay]) => {
        const fast = open({ ...origin, replay })(batch);
        expect(fast.equals(encodeSlowly(batch, { ...origin, replay }))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('are those of the generated code where every column is set', () => {
    expect(encode([FULL, ...STORY]).toString('hex')).toBe(
      Buffer.from(encodeSlowly([FULL, ...STORY], origin)).toString('hex'),
    );
  });

  test('of a batch larger than was thought are whole', () => {
    const long = event({ command: 'x'.repeat(3_000_000) });
    expect(encode([long, FULL]).equals(encodeSlowly([long, FULL], origin))).toBe(true);
  });

  test.each([
    ['full', [FULL]],
    ['plain', [event({})]],
    ['story', STORY],
  ])('read as %s', async (name, batch) => {
    await expect(`${JSON.stringify(readProto(encode(batch)), null, 2)}\n`).toMatchFileSnapshot(
      `../../golden/sinks/otlp/logs-${name}.wire.json`,
    );
  });

  test('never hold the salt', () => {
    expect(encode([FULL]).includes('do not send this')).toBe(false);
  });

  test('are marked when they are sent again', () => {
    const read = readProto(open({ ...origin, replay: true })([event({})]));
    expect('records' in read && read.records[0]?.attributes).toMatchObject({ 'trailhouse.replay': true });
  });

  test('keep ids that are no ids of W3C as attributes', () => {
    const read = readProto(encode([event({ trace_id: 'trace-7', span_id: '1a2b3c4d5e6f7081' })]));
    expect('records' in read && read.records[0]).toMatchObject({
      attributes: { 'trailhouse.trace_id': 'trace-7', 'trailhouse.span_id': '1a2b3c4d5e6f7081' },
      trace_id: undefined,
      span_id: undefined,
    });
  });
});

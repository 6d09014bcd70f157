import { SpanKind } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../services/core/event.ts';
import { otlpTraces } from '../../../services/sinks/otlp/index.ts';
import { spanMaker } from '../../../services/sinks/otlp/spans.ts';
import { placeOf } from '../../../services/sinks/otlp/trace.ts';
import { event } from '../../support/event.ts';
import { openOtlpReceiver } from '../../support/receivers/otlp.ts';
import { sinkTools } from '../../support/sink-tools.ts';
import { FULL, STORY, some } from './events.ts';

const spanOf = spanMaker({ resource: {}, scope: { name: 'trailhouse', version: '1' }, replay: false });
const CONTEXT = { trace_id: '4f1d0c7b2a9e8d6f5c4b3a2918070605', span_id: '1a2b3c4d5e6f7081' };

describe('a prompt', () => {
  const [prompt, ...others] = STORY.map(placeOf);

  test('is the root of one trace with all that followed', () => {
    expect(prompt?.parent).toBeUndefined();
    expect(new Set(STORY.map((one) => placeOf(one).traceId)).size).toBe(1);
    for (const other of others) expect(other.parent).toEqual({ spanId: prompt?.spanId, isRemote: false });
  });

  test('has a span for each event', () => {
    expect(new Set([prompt, ...others].map((place) => place?.spanId)).size).toBe(STORY.length);
  });

  test('of another session is another trace', () => {
    const [first] = STORY;
    expect(first && placeOf({ ...first, session_id: 'session-2' }).traceId).not.toBe(prompt?.traceId);
  });
});

test('places stay the same from release to release', () => {
  expect(placeOf(event({ session_id: 's', prompt_id: 'p', action: 'llm.prompt' }))).toMatchInlineSnapshot(`
    {
      "parent": undefined,
      "spanId": "8242f3c7962c6d6a",
      "traceId": "86255fab0c211fc79f1102308f20aa6b",
    }
  `);
  expect(placeOf(event({ session_id: 's' }))).toMatchInlineSnapshot(`
    {
      "spanId": "0b303a419da536cd",
      "traceId": "0b2d37ef46ef0a85c3544984975e99ad",
    }
  `);
});

test.each<[string, Partial<AuditEvent>, Partial<AuditEvent>]>([
  ['session', { session_id: 's' }, { session_id: 's' }],
  ['request', { request_id: 'r' }, { request_id: 'r' }],
  ['prompt without a session', { prompt_id: 'p' }, { prompt_id: 'p' }],
])('events of one %s are one trace', (_name, one, other) => {
  const [a, b] = [placeOf(event({ ...one, event_id: 'a' })), placeOf(event({ ...other, event_id: 'b' }))];
  expect(a.traceId).toBe(b.traceId);
  expect(a.spanId).not.toBe(b.spanId);
});

test('an event of nothing is a trace of its own', () => {
  expect(placeOf(event({ event_id: 'a' })).traceId).not.toBe(placeOf(event({ event_id: 'b' })).traceId);
});

test('events of one context are children of its span, none in its place', () => {
  const [a, b] = ['a', 'b'].map((event_id) => placeOf(event({ ...CONTEXT, event_id, prompt_id: 'p' })));
  expect(a).toMatchObject({ traceId: CONTEXT.trace_id, parent: { spanId: CONTEXT.span_id, isRemote: true } });
  expect(b).toMatchObject({ traceId: CONTEXT.trace_id, parent: { spanId: CONTEXT.span_id, isRemote: true } });
  expect(a?.spanId).not.toBe(b?.spanId);
});

test('a parent alone is the parent', () => {
  const place = placeOf(event({ ...CONTEXT, span_id: '', parent_span_id: '8091a2b3c4d5e6f7' }));
  expect(place.parent?.spanId).toBe('8091a2b3c4d5e6f7');
});

test('ids that are no ids of W3C stay attributes', () => {
  const span = spanOf(event({ trace_id: '0'.repeat(32), span_id: CONTEXT.span_id }));
  expect(span.attributes).toMatchObject({
    'trailhouse.trace_id': '0'.repeat(32),
    'trailhouse.span_id': CONTEXT.span_id,
  });
  expect(span.parentSpanContext).toBeUndefined();
});

test.each<[string, number, Partial<AuditEvent>]>([
  ['llm.prompt', SpanKind.INTERNAL, { action: 'llm.prompt' }],
  ['chat claude-opus-4', SpanKind.CLIENT, { action: 'llm.request', model_requested: 'claude-opus-4' }],
  ['chat claude-haiku-4', SpanKind.CLIENT, { action: 'llm.request', model_served: 'claude-haiku-4' }],
  ['chat', SpanKind.CLIENT, { action: 'llm.request' }],
  ['execute_tool Bash', SpanKind.INTERNAL, { action: 'shell.exec', tool_name: 'Bash' }],
  [
    'tools/call create_issue',
    SpanKind.CLIENT,
    { action: 'mcp.tool.call', mcp_method: 'tools/call', tool_name: 'create_issue' },
  ],
  ['resources/read', SpanKind.CLIENT, { action: 'mcp.request', mcp_method: 'resources/read', target: 'secret/path' }],
  ['session.end', SpanKind.INTERNAL, { action: 'session.end' }],
])('%s', (name, kind, columns) => {
  const expected = name === 'llm.prompt' ? 'invoke_agent claude-code' : name;
  expect(spanOf(event(columns))).toMatchObject({ name: expected, kind });
});

test.each<[string, Partial<AuditEvent>, number, number]>([
  ['begins when it is said to', { format: 'litellm' }, 0, 1_500],
  ['ends where the source tells afterwards', { format: 'claude-code-otel' }, -1_500, 0],
  ['ends where the log dated it', { occurred_basis: 'log' }, -1_500, 0],
  ['is a moment without a duration', { latency_ms: null }, 0, 0],
  [
    'took no longer than there is time',
    { format: 'claude-code-otel', latency_ms: 1e300 },
    -Date.UTC(2026, 5, 15, 12),
    0,
  ],
  ['is a moment when a clock was set back', { latency_ms: -5 }, 0, 0],
])('an act %s', (_name, columns, startMs, endMs) => {
  const one = event({ latency_ms: 1_500, ...columns });
  const { startTime, endTime, duration } = spanOf(one);
  const ms = ([seconds, nanos]: readonly [number, number]): number =>
    seconds * 1_000 + nanos / 1e6 - one.occurred_at / 1_000;
  expect([ms(startTime), ms(endTime)]).toEqual([startMs, endMs]);
  expect(duration[0] * 1_000 + duration[1] / 1e6).toBe(endMs - startMs);
});

test('failures and denials are errors, others are not', () => {
  const status = (outcome: string, error_type = '') => spanOf(event({ outcome, error_type })).status;
  expect(status('failure', 'timeout')).toEqual({ code: 2, message: 'timeout' });
  expect(status('denied')).toEqual({ code: 2, message: 'denied' });
  expect(status('success')).toEqual({ code: 0 });
  expect(status('unknown')).toEqual({ code: 0 });
});

test.each([
  ['full', [FULL]],
  ['plain', [event({})]],
  ['story', STORY],
])('spans arrive as %s', async (name, batch) => {
  const receiver = await openOtlpReceiver();
  const sink = otlpTraces.open({ endpoint: receiver.url }, sinkTools());
  expect(await sink.deliver(batch, new AbortController().signal)).toEqual({ kind: 'delivered' });
  await receiver.close();
  const spans = receiver.accepted().map(({ resource, received }) => ({ resource, ...received }));
  const text = `${JSON.stringify(spans, null, 2)}\n`;
  expect(text).not.toContain('do not send this');
  await expect(text).toMatchFileSnapshot(`../../golden/sinks/otlp/traces-${name}.wire.json`);
});

test('ids are the same when a batch is sent again', async () => {
  const receiver = await openOtlpReceiver();
  const sink = otlpTraces.open({ endpoint: receiver.url }, sinkTools());
  const batch = some(5);
  const signal = new AbortController().signal;
  receiver.script({ kind: 'reset', when: 'after' });
  await expect(sink.deliver(batch, signal)).rejects.toThrow();
  await sink.deliver(batch.toReversed(), signal);
  await receiver.close();
  const spans = receiver.accepted().map(({ received }) => received);
  expect(spans.slice(5).toReversed()).toEqual(spans.slice(0, 5));
});

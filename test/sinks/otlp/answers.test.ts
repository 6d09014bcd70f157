import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery, Sink } from '../../../services/core/sink.ts';
import { otlpLogs, otlpTraces } from '../../../services/sinks/otlp/index.ts';
import type { Fault } from '../../support/receivers/fault.ts';
import { type OtlpFault, type OtlpReceiver, openOtlpReceiver } from '../../support/receivers/otlp.ts';
import { sinkTools } from '../../support/sink-tools.ts';
import { some } from './events.ts';

const signal = new AbortController().signal;
const answer = (status: number, headers: Record<string, string> = {}, body = ''): Fault => ({
  kind: 'answer',
  status,
  headers,
  body,
});
const page = '<html><body>Welcome to the portal</body></html>';

/** What the protocol's page says of each answer, row by row; a batch of three events. */
const table: readonly (readonly [string, Fault | OtlpFault, Delivery, number])[] = [
  [
    'partial success',
    { kind: 'partial', rejected: 1 },
    { kind: 'uncertain', count: 1, reason: 'partial success: 1 rejected' },
    2,
  ],
  [
    'partial success without rejections, a warning',
    { kind: 'partial', rejected: 0, message: 'slow down' },
    { kind: 'delivered' },
    3,
  ],
  [
    'partial success that rejects all',
    { kind: 'partial', rejected: 3 },
    { kind: 'partial', refused: [0, 1, 2].map((index) => ({ index, reason: 'partial success: all rejected' })) },
    0,
  ],
  [
    '200 with a page',
    answer(200, { 'content-type': 'text/html' }, page),
    { kind: 'retry', reason: 'HTTP 200, not an answer of OTLP' },
    0,
  ],
  [
    '200 with a page and no type',
    answer(200, {}, page),
    { kind: 'retry', reason: 'HTTP 200, not an answer of OTLP' },
    0,
  ],
  [
    '200 with an empty page',
    answer(200, { 'content-type': 'text/plain' }),
    { kind: 'retry', reason: 'HTTP 200, not an answer of OTLP' },
    0,
  ],
  ['202', answer(202), { kind: 'parked', reason: 'HTTP 202, where OTLP has 200 alone' }, 0],
  ['204, as Loki', answer(204), { kind: 'parked', reason: 'HTTP 204, where OTLP has 200 alone' }, 0],
  ['a redirect', answer(307, { location: 'http://127.0.0.1:9/' }), { kind: 'parked', reason: 'HTTP 307' }, 0],
  ['400', answer(400, {}, 'quotes tok_9f86d081884c7d65'), { kind: 'refused', reason: 'HTTP 400' }, 0],
  ['401', answer(401), { kind: 'parked', reason: 'HTTP 401' }, 0],
  ['403', answer(403), { kind: 'parked', reason: 'HTTP 403' }, 0],
  ['404', answer(404), { kind: 'parked', reason: 'HTTP 404' }, 0],
  ['405', answer(405), { kind: 'parked', reason: 'HTTP 405' }, 0],
  ['413', answer(413), { kind: 'refused', reason: 'HTTP 413' }, 0],
  ['415', answer(415), { kind: 'parked', reason: 'HTTP 415' }, 0],
  ['429', answer(429, { 'retry-after': '7' }), { kind: 'retry', reason: 'HTTP 429', afterMs: 7_000 }, 0],
  ['500', answer(500), { kind: 'parked', reason: 'HTTP 500' }, 0],
  ['501', answer(501), { kind: 'parked', reason: 'HTTP 501' }, 0],
  ['502', answer(502), { kind: 'retry', reason: 'HTTP 502', afterMs: undefined }, 0],
  [
    '503 with a date',
    answer(503, { 'retry-after': 'Thu, 15 Jan 2026 09:02:00 GMT' }),
    { kind: 'retry', reason: 'HTTP 503', afterMs: 120_000 },
    0,
  ],
  ['504', answer(504), { kind: 'retry', reason: 'HTTP 504', afterMs: undefined }, 0],
];

describe.each([otlpLogs, otlpTraces])('$name', (kind) => {
  let receiver: OtlpReceiver;
  let sink: Sink;
  beforeEach(async () => {
    receiver = await openOtlpReceiver();
    sink = kind.open({ endpoint: receiver.url }, sinkTools());
  });
  afterEach(() => receiver.close());

  test.each(table)('%s', async (_name, fault, expected, kept) => {
    receiver.script(fault);
    expect(await sink.deliver(some(3), signal)).toEqual(expected);
    expect(receiver.accepted()).toHaveLength(kept);
    expect(receiver.asked()).toHaveLength(1);
  });

  test('delivered is what the receiver holds, in order', async () => {
    const batch = some(20);
    expect(await sink.deliver(batch, signal)).toEqual({ kind: 'delivered' });
    expect(receiver.accepted().map(({ event_id }) => event_id)).toEqual(batch.map(({ event_id }) => event_id));
  });

  test.each(['before', 'mid-body', 'after'] as const)('a connection lost %s throws', async (when) => {
    receiver.script({ kind: 'reset', when });
    await expect(sink.deliver(some(3), signal)).rejects.toThrow();
    expect(receiver.accepted()).toHaveLength(when === 'after' ? 3 : 0);
    expect(receiver.asked()).toHaveLength(1);
  });

  test('an answer that breaks off throws, whatever its status', async () => {
    receiver.script(
      answer(
        200,
        { 'content-type': kind === otlpLogs ? 'application/x-protobuf' : 'application/json', 'content-length': '9' },
        '{}',
      ),
    );
    const delivered = sink.deliver(some(3), signal);
    const stopped = expect(delivered).rejects.toThrow();
    await expect.poll(() => receiver.asked().length).toBe(1);
    await receiver.close();
    await stopped;
  });

  test('nobody there throws', async () => {
    await receiver.close();
    await expect(sink.deliver(some(3), signal)).rejects.toThrow();
  });

  test('an answer that does not come ends with the signal', async () => {
    receiver.script({ kind: 'hang' });
    const stop = new AbortController();
    const delivered = expect(sink.deliver(some(3), stop.signal)).rejects.toThrow('no longer');
    await expect.poll(() => receiver.asked().length).toBe(1);
    stop.abort(new Error('no longer'));
    await delivered;
  });

  test('a stopped signal sends nothing', async () => {
    await expect(sink.deliver(some(3), AbortSignal.abort())).rejects.toThrow();
    expect(receiver.asked()).toHaveLength(0);
  });

  test('a body past the limit is not sent, unless it is of one event', async () => {
    const small = kind.open({ endpoint: receiver.url, max_body_bytes: 10_000 }, sinkTools());
    const long = some(2).map((event) => ({ ...event, command: 'x'.repeat(10_000) }));
    expect(await small.deliver(long, signal)).toMatchObject({ kind: 'refused' });
    expect(receiver.asked()).toHaveLength(0);
    expect(await small.deliver(long.slice(1), signal)).toEqual({ kind: 'delivered' });
  });

  test('a body past the receiver’s own limit is refused', async () => {
    const strict = await openOtlpReceiver({ maxBytes: 5_000 });
    const to = kind.open({ endpoint: strict.url }, sinkTools());
    expect(await to.deliver(some(20), signal)).toEqual({ kind: 'refused', reason: 'HTTP 413' });
    await strict.close();
  });

  test('no reason quotes the receiver', async () => {
    receiver.script(answer(400, {}, 'tok_secret'));
    receiver.script({ kind: 'partial', rejected: 1, message: 'tok_secret' });
    const reasons = [await sink.deliver(some(2), signal), await sink.deliver(some(2), signal)];
    expect(JSON.stringify(reasons)).not.toContain('tok_');
  });
});

test.each([
  ['a count as text', '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"x"}}', { kind: 'uncertain', count: 2 }],
  ['a count as number', '{"partialSuccess":{"rejectedSpans":2}}', { kind: 'uncertain', count: 2 }],
  ['more than were sent', '{"partialSuccess":{"rejectedSpans":"9"}}', { kind: 'partial' }],
  ['less than none', '{"partialSuccess":{"rejectedSpans":-1}}', { kind: 'retry' }],
  ['nothing', '{}', { kind: 'delivered' }],
  ['an empty partial success', '{"partialSuccess":{}}', { kind: 'delivered' }],
  ['null', '{"partialSuccess":null}', { kind: 'delivered' }],
  ['no text', '', { kind: 'retry' }],
  ['another service’s JSON', '{"status":"error"}', { kind: 'retry' }],
  ['the other signal’s count', '{"partialSuccess":{"rejectedLogRecords":"2"}}', { kind: 'retry' }],
])('traces answered by %s', async (_name, body, expected) => {
  const receiver = await openOtlpReceiver();
  receiver.script(answer(200, { 'content-type': 'application/json; charset=utf-8' }, body));
  const sink = otlpTraces.open({ endpoint: receiver.url }, sinkTools());
  expect(await sink.deliver(some(3), signal)).toMatchObject(expected);
  await receiver.close();
});

test.each([
  ['a count', '0a020802', { kind: 'uncertain', count: 2 }],
  ['a large count', '0a0308ac02', { kind: 'partial' }],
  ['less than none', '0a0b08ffffffffffffffffff01', { kind: 'retry' }],
  ['nothing', '', { kind: 'delivered' }],
  ['a field it does not have', '120161', { kind: 'retry' }],
  ['bytes cut off', '0a0508', { kind: 'retry' }],
])('logs answered by %s', async (_name, hex, expected) => {
  const said = { 'content-type': 'application/x-protobuf' };
  const replied = async () => new Response(Buffer.from(hex, 'hex'), { status: 200, headers: said });
  const sink = otlpLogs.open({ endpoint: 'http://127.0.0.1:9' }, sinkTools({ fetch: replied }));
  expect(await sink.deliver(some(3), signal)).toMatchObject(expected);
});

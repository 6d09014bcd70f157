import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { otlpLogs, otlpTraces } from '../../../services/sinks/otlp/index.ts';
import { type OtlpReceiver, openOtlpReceiver } from '../../support/receivers/otlp.ts';
import { sinkTools } from '../../support/sink-tools.ts';
import { some } from './events.ts';

const signal = new AbortController().signal;
let receiver: OtlpReceiver;
beforeEach(async () => {
  receiver = await openOtlpReceiver();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await receiver.close();
});

test.each([otlpLogs, otlpTraces])('$name keeps the answers of deliveries at once apart', async (kind) => {
  const sink = kind.open({ endpoint: receiver.url }, sinkTools());
  const sizes = Array.from({ length: 12 }, (_, index) => index + 2);
  for (const _ of sizes) receiver.script({ kind: 'partial', rejected: 1 });
  receiver.script({ kind: 'answer', status: 503, headers: { 'retry-after': '3' }, repeat: 3 });
  const first = await Promise.all(sizes.map((size) => sink.deliver(some(size), signal)));
  expect(first.map((answer) => answer.kind)).toEqual(sizes.map(() => 'uncertain'));

  receiver.clear();
  receiver.script({ kind: 'answer', status: 401, repeat: 1 });
  receiver.script({ kind: 'answer', status: 503, headers: { 'retry-after': '3' } });
  receiver.script({ kind: 'answer', status: 400 });
  const batches = [1, 1, 1, 1, 1].map(some);
  const second = await Promise.all(batches.map((batch) => sink.deliver(batch, signal)));
  const held = new Set(receiver.accepted().map(({ event_id }) => event_id));
  second.forEach((answer, index) => {
    const isHeld = batches[index]?.every(({ event_id }) => held.has(event_id));
    expect(isHeld).toBe(answer.kind === 'delivered');
  });
  expect(second.map(({ kind }) => kind).sort()).toEqual(['delivered', 'delivered', 'parked', 'refused', 'retry']);
});

test('the exporter’s own second try is not sent', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  receiver.script({ kind: 'answer', status: 503 });
  const sink = otlpTraces.open({ endpoint: receiver.url }, sinkTools());
  expect(await sink.deliver(some(1), signal)).toMatchObject({ kind: 'retry' });
  await vi.advanceTimersByTimeAsync(20_000);
  vi.useRealTimers();
  expect(await sink.deliver(some(1), signal)).toEqual({ kind: 'delivered' });
  expect(receiver.asked()).toHaveLength(2);
});

test('keys of the process’s own exporters do not reach this receiver', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-other-key=abc');
  vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://127.0.0.1:9/');
  vi.stubEnv('OTEL_EXPORTER_OTLP_COMPRESSION', 'gzip');
  const settings = { endpoint: receiver.url, compression: 'none', headers: { 'dd-api-key': { env: 'KEY' } } };
  const sink = otlpTraces.open(settings, sinkTools({ secrets: { KEY: 'k1' } }));
  expect(await sink.deliver(some(1), signal)).toEqual({ kind: 'delivered' });
  const [asked] = receiver.asked();
  expect(asked?.headers).toMatchObject({ 'dd-api-key': 'k1', 'content-type': 'application/json' });
  expect(asked?.headers).not.toHaveProperty('x-other-key');
  expect(asked?.headers).not.toHaveProperty('content-encoding');
});

test.each([otlpLogs, otlpTraces])('$name uses a rotated key at once', async (kind) => {
  const secrets = { KEY: 'old' };
  receiver.expect({ authorization: 'new', 'x-tenant': 'a b' });
  const settings = {
    url: `${receiver.url}/v1/${kind.name.slice(5)}`,
    headers: { Authorization: { env: 'KEY' } },
    header_list: { env: 'LIST' },
  };
  const sink = kind.open(settings, sinkTools({ secrets: Object.assign(secrets, { LIST: 'X-Tenant=a%20b,' }) }));
  expect(await sink.deliver(some(1), signal)).toEqual({ kind: 'parked', reason: 'HTTP 401' });
  secrets.KEY = 'new';
  expect(await sink.deliver(some(1), signal)).toEqual({ kind: 'delivered' });
});

test.each([otlpLogs, otlpTraces])('$name compresses as it is told', async (kind) => {
  for (const compression of ['gzip', 'none']) {
    const sink = kind.open({ endpoint: `${receiver.url}/`, compression }, sinkTools());
    expect(await sink.deliver(some(2), signal)).toEqual({ kind: 'delivered' });
  }
  expect(receiver.asked().map(({ headers }) => headers['content-encoding'])).toEqual(['gzip', undefined]);
});

test('says who it is, and marks what is sent again', async () => {
  const settings = {
    endpoint: receiver.url,
    service_name: 'audit',
    resource: { 'deployment.environment.name': 'test' },
  };
  for (const kind of [otlpLogs, otlpTraces])
    await kind.open(settings, sinkTools({ replay: true })).deliver(some(1), signal);
  expect(receiver.accepted()).toHaveLength(2);
  for (const kept of receiver.accepted())
    expect(kept).toMatchObject({
      resource: { 'service.name': 'audit', 'deployment.environment.name': 'test' },
      attributes: { 'trailhouse.replay': true },
    });
});

import { gunzipSync } from 'node:zlib';
import { fromBinary, toJson } from '@bufbuild/protobuf';
import { uncompressSync } from 'snappy';
import type { AuditEvent } from '../../services/core/event.ts';
import type { Delivery, Fetch, SinkKind } from '../../services/core/sink.ts';
import {
  AnyValueSchema,
  ExportLogsServiceRequestSchema,
  LogRecordSchema,
} from '../../services/otlp/generated/logs_pb.ts';
import { datadog } from '../../services/sinks/datadog/index.ts';
import { loki } from '../../services/sinks/loki/index.ts';
import { otlpLogs, otlpTraces } from '../../services/sinks/otlp/index.ts';
import { splunk } from '../../services/sinks/splunk/index.ts';
import { fakeClock } from '../support/clock.ts';
import { readPush } from '../support/receivers/loki/decode.ts';
import { openOtlpReceiver } from '../support/receivers/otlp.ts';
import { sinkTools } from '../support/sink-tools.ts';

/** What came of one delivery to a receiver that takes everything. */
export interface Sent {
  readonly answer: Delivery | { readonly kind: 'threw'; readonly error: unknown };
  readonly requests: number;
  /** What arrived, decoded: one for each event. */
  readonly events: readonly unknown[];
}

export interface Wire {
  readonly kind: SinkKind;
  /** Names of the dialect that no message of the format lacks. */
  readonly always: readonly string[];
  send(
    batch: readonly AuditEvent[],
    given?: { readonly replay?: boolean; readonly signal?: AbortSignal; readonly now?: Date },
  ): Promise<Sent>;
}

/** A time whose digits are zeros from the seconds' millions on: what is added to it can be read off, in any unit. */
export const ROUND = new Date(1_781_000_000_000);

const SECRETS = { KEY: 'key' };
const KEY = { env: 'KEY' };

function overFetch(
  kind: SinkKind,
  settings: object,
  always: readonly string[],
  success: () => Response,
  decode: (body: Buffer) => readonly unknown[],
): Wire {
  return {
    kind,
    always,
    async send(batch, { replay = false, signal = new AbortController().signal, now = ROUND } = {}) {
      const bodies: Buffer[] = [];
      const fetch: Fetch = async (_url, { body, signal }) => {
        signal.throwIfAborted();
        bodies.push(Buffer.from(body ?? ''));
        return success();
      };
      const sink = kind.open(settings, { ...sinkTools({ clock: fakeClock(now), secrets: SECRETS, replay }), fetch });
      const answer = await sink.deliver(batch, signal).catch(threw);
      await sink.close();
      return { answer, requests: bodies.length, events: bodies.flatMap(decode) };
    },
  };
}

const threw = (error: unknown): Sent['answer'] => ({ kind: 'threw', error });

/** Through OpenTelemetry's own exporter, which brings its own requests. */
const traces: Wire = {
  kind: otlpTraces,
  always: ['traceId', 'endTimeUnixNano'],
  async send(batch, { replay = false, signal = new AbortController().signal, now = ROUND } = {}) {
    const receiver = await openOtlpReceiver({ maxBytes: 100_000_000 });
    const settings = { endpoint: receiver.url, compression: 'none', max_body_bytes: 100_000_000 };
    const sink = otlpTraces.open(settings, sinkTools({ clock: fakeClock(now), replay }));
    const answer = await sink.deliver(batch, signal).catch(threw);
    await receiver.close();
    const events = receiver
      .accepted()
      .map(({ received, attributes, resource }) => ({ ...received, attributes, resource }));
    return { answer, requests: receiver.asked().length, events };
  },
};

function splunkEvents(body: Buffer): readonly unknown[] {
  const lines = gunzipSync(body).toString().trimEnd().split('\n');
  return lines.map((line): unknown => JSON.parse(line));
}

function lokiEntries(body: Buffer): readonly unknown[] {
  return readPush(Buffer.from(uncompressSync(body, { asBuffer: true }))).flatMap(({ labels, entries }) =>
    entries.map(({ nanos, line, metadata }) => ({
      labels,
      nanos: String(nanos),
      line: JSON.parse(line),
      metadata: Object.fromEntries(metadata),
    })),
  );
}

function logRecords(body: Buffer): readonly unknown[] {
  const { resourceLogs } = fromBinary(ExportLogsServiceRequestSchema, gunzipSync(body));
  const records = resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
  return records.map((record) => {
    const attributes = record.attributes.map(({ key, value }) => [key, value && toJson(AnyValueSchema, value)]);
    return Object.assign({}, toJson(LogRecordSchema, record), { attributes: Object.fromEntries(attributes) });
  });
}

/** One for each kind of receiver, by the way what it is sent can be read. */
export const wires: readonly Wire[] = [
  overFetch(
    splunk,
    { url: 'http://127.0.0.1:1', token: KEY, ack: 'off' },
    ['host (of HEC)'],
    () => Response.json({ text: 'Success', code: 0 }),
    splunkEvents,
  ),
  overFetch(
    datadog,
    { url: 'http://127.0.0.1:1', api_key: KEY },
    [],
    () => Response.json({}, { status: 202 }),
    (body) => JSON.parse(gunzipSync(body).toString()),
  ),
  overFetch(loki, { url: 'http://127.0.0.1:1' }, [], () => new Response(null, { status: 204 }), lokiEntries),
  overFetch(otlpLogs, { endpoint: 'http://127.0.0.1:1' }, [], () => new Response(null, { status: 200 }), logRecords),
  traces,
];

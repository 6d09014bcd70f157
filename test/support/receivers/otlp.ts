import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { create, toBinary } from '@bufbuild/protobuf';
import { z } from 'zod';
import {
  ExportLogsPartialSuccessSchema,
  ExportLogsServiceResponseSchema,
} from '../../../services/otlp/generated/logs_pb.ts';
import type { LogRecord, Logs, Malformed } from '../../../services/otlp/logs.ts';
import { readJson, readProto } from '../../../services/otlp/read.ts';
import { type Answer, answerWith, type Fault, listen, Script } from './fault.ts';

/** OTLP's own way to fail: takes all but the last `rejected` and tells how many; 0 is a warning. */
export type OtlpFault = {
  readonly kind: 'partial';
  readonly rejected: number;
  readonly message?: string;
  readonly repeat?: number;
};

export interface OtlpOptions {
  /** Headers that must come with these values. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a body, once it is decompressed. */
  readonly maxBytes?: number;
}

type Signal = 'logs' | 'traces';

export interface Kept {
  readonly event_id: string;
  readonly signal: Signal;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Attributes of the resource. */
  readonly resource: Readonly<Record<string, unknown>>;
  readonly received: LogRecord | Span;
}

export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export type OtlpReceiver = Awaited<ReturnType<typeof openOtlpReceiver>>;

const SIGNALS: Readonly<Record<string, Signal>> = { '/v1/logs': 'logs', '/v1/traces': 'traces' };
const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';

/**
 * OTLP over HTTP as the protocol's page 1.11 has it: logs as protobuf or JSON, traces as JSON (their exporter knows no other),
 * plain or in gzip. Holds every event it accepted, as often as it came.
 */
export async function openOtlpReceiver(options: OtlpOptions = {}) {
  const { maxBytes = 4_194_304 } = options;
  let expected = options.headers ?? {};
  const held: Kept[] = [];
  const asked: Asked[] = [];
  const script = new Script<OtlpFault>();

  function take(request: IncomingMessage, body: Buffer, fault: OtlpFault | undefined): Answer {
    const signal = SIGNALS[request.url ?? ''];
    if (signal === undefined) return { status: 404 };
    if (request.method !== 'POST') return { status: 405 };
    if (Object.entries(expected).some(([name, value]) => request.headers[name] !== value)) return { status: 401 };
    const type = request.headers['content-type'] ?? '';
    if (!(type === JSON_TYPE || (type === PROTOBUF && signal === 'logs'))) return { status: 415 };
    const bytes = plain(request.headers['content-encoding'], body, maxBytes);
    if ('status' in bytes) return bytes;

    const read = readers[signal](bytes, type);
    // As receivers do, in words that quote what came.
    if ('error' in read) return { status: 400, headers: { 'content-type': type }, body: read.error + bytes.toString() };
    const rejected = Math.min(fault?.rejected ?? 0, read.kept.length);
    held.push(...read.kept.slice(0, read.kept.length - rejected));
    return receipt(signal, type, rejected, fault?.message ?? '');
  }

  const server = await listen(async (request, response) => {
    asked.push({ path: request.url ?? '', headers: request.headers });
    const fault = script.take();
    const own = fault?.kind === 'partial' ? fault : undefined;
    const common = fault?.kind === 'partial' ? undefined : fault;
    await answerWith(common, request, response, (body) => take(request, body, own));
  });

  return {
    ...server,
    script: (fault: Fault | OtlpFault) => script.add(fault),
    clear: () => script.clear(),
    accepted: (): readonly Kept[] => held,
    /** Every request, in order. */
    asked: (): readonly Asked[] => asked,
    /** From now on these headers must come. */
    expect: (headers: Readonly<Record<string, string>>) => {
      expected = headers;
    },
  };
}

/** The body as it was before compression, or the status of the fault in it. */
function plain(encoding: string | undefined, body: Buffer, maxBytes: number): Buffer | Answer {
  if (encoding !== undefined && encoding !== 'gzip') return { status: 415 };
  try {
    const bytes = encoding === 'gzip' ? gunzipSync(body, { maxOutputLength: maxBytes + 1 }) : body;
    return bytes.length > maxBytes ? { status: 413 } : bytes;
  } catch (error) {
    return { status: error instanceof RangeError ? 413 : 400 };
  }
}

function receipt(signal: Signal, type: string, rejected: number, errorMessage: string): Answer {
  const isWhole = rejected === 0 && errorMessage === '';
  if (type === PROTOBUF) {
    const counted = { rejectedLogRecords: BigInt(rejected), errorMessage };
    const partialSuccess = create(ExportLogsPartialSuccessSchema, counted);
    const said = create(ExportLogsServiceResponseSchema, isWhole ? {} : { partialSuccess });
    return { status: 200, headers: { 'content-type': type }, body: toBinary(ExportLogsServiceResponseSchema, said) };
  }
  const count = { [signal === 'logs' ? 'rejectedLogRecords' : 'rejectedSpans']: String(rejected) };
  const said = isWhole ? {} : { partialSuccess: { ...count, errorMessage } };
  return { status: 200, headers: { 'content-type': type }, body: JSON.stringify(said) };
}

type Reading = { readonly kept: readonly Kept[] } | { readonly error: string };

const readers: Readonly<Record<Signal, (bytes: Buffer, type: string) => Reading>> = {
  logs: readLogs,
  traces: readTraces,
};

function readLogs(bytes: Buffer, type: string): Reading {
  const read: Logs | Malformed = type === PROTOBUF ? readProto(bytes) : readJson(parsed(bytes));
  if ('error' in read) return read;
  return {
    kept: read.records.map((received) => ({
      event_id: String(received.attributes['trailhouse.event_id'] ?? ''),
      signal: 'logs',
      attributes: received.attributes,
      resource: received.resource.attributes,
      received,
    })),
  };
}

const ID = { trace: /^(?!0+$)[0-9a-f]{32}$/i, span: /^(?!0+$)[0-9a-f]{16}$/i } as const;
const nanos = z.string().regex(/^\d{1,20}$/);
const value: z.ZodType = z.lazy(() =>
  z.union([
    z.strictObject({ stringValue: z.string() }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ intValue: z.union([z.int(), z.string().regex(/^-?\d+$/)]) }),
    z.strictObject({ doubleValue: z.number() }),
    z.strictObject({ arrayValue: z.strictObject({ values: z.array(value) }) }),
    z.strictObject({ kvlistValue: z.strictObject({ values: z.array(pair) }) }),
  ]),
);
const pair = z.strictObject({ key: z.string().min(1), value });
const attributes = z.array(pair).refine((list) => new Set(list.map(({ key }) => key)).size === list.length);
const dropped = z.int().min(0);

const span = z
  .strictObject({
    traceId: z.string().regex(ID.trace),
    spanId: z.string().regex(ID.span),
    parentSpanId: z.string().regex(ID.span).optional(),
    name: z.string().min(1),
    kind: z.int().min(1).max(5),
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes,
    droppedAttributesCount: dropped,
    events: z.array(z.unknown()).max(0),
    droppedEventsCount: dropped,
    links: z.array(z.unknown()).max(0),
    droppedLinksCount: dropped,
    status: z.strictObject({ code: z.int().min(0).max(2), message: z.string().optional() }),
    flags: z.int().min(0),
  })
  .refine(({ startTimeUnixNano, endTimeUnixNano }) => BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano));

export type Span = z.output<typeof span>;

const scope = z.strictObject({ name: z.string().min(1), version: z.string().optional() });
const traces = z.strictObject({
  resourceSpans: z
    .array(
      z.strictObject({
        resource: z.strictObject({ attributes, droppedAttributesCount: dropped }),
        scopeSpans: z.array(z.strictObject({ scope, spans: z.array(span).min(1) })).min(1),
      }),
    )
    .min(1),
});

function readTraces(bytes: Buffer): Reading {
  const read = traces.safeParse(parsed(bytes));
  if (!read.success) return { error: read.error.message };
  return {
    kept: read.data.resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) => spans.map((one) => keptOf(one, plainOf(resource.attributes)))),
    ),
  };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

function keptOf(received: Span, resource: Kept['resource']): Kept {
  const said = plainOf(received.attributes);
  return {
    event_id: String(said['trailhouse.event_id'] ?? ''),
    signal: 'traces',
    attributes: said,
    resource,
    received,
  };
}

const one = z.record(z.string(), z.unknown());
const list = z.object({ values: z.array(z.unknown()) });

const plainOf = (pairs: readonly z.output<typeof pair>[]): Record<string, unknown> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, plainValue(value)]));

function plainValue(any: unknown): unknown {
  const [kind, held] = Object.entries(one.parse(any))[0] ?? [];
  if (kind === 'arrayValue') return list.parse(held).values.map(plainValue);
  if (kind === 'kvlistValue') return plainOf(z.array(pair).parse(list.parse(held).values));
  return held;
}

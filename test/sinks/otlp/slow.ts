import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import type { AuditEvent } from '../../../services/core/event.ts';
import {
  type AnyValueSchema,
  ExportLogsServiceRequestSchema,
  type KeyValueSchema,
  type LogRecordSchema,
} from '../../../services/otlp/generated/logs_pb.ts';
import {
  COMMITMENT,
  FIRST_TOKEN,
  GUARDRAILS,
  INTEGERS,
  LATENCY,
  LISTS,
  MAPS,
  REPLAY,
  TEXTS,
} from '../../../services/sinks/otlp/columns.ts';
import { isId, OPERATION, operationOf, severityNumber } from '../../../services/sinks/otlp/conventions.ts';
import type { Origin } from '../../../services/sinks/otlp/encode.ts';

type Value = MessageInitShape<typeof AnyValueSchema>;
type Pair = MessageInitShape<typeof KeyValueSchema>;

/** The log encoder's slow twin: the same message through the generated code, in the same order. */
export function encodeSlowly(batch: readonly AuditEvent[], { resource, scope, replay }: Origin): Uint8Array {
  const attributes = Object.entries(resource).map(([key, text]) => pair(key, string(text)));
  const logRecords = batch.map((event) => recordOf(event, replay));
  const request = { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ scope, logRecords }] }] };
  return toBinary(ExportLogsServiceRequestSchema, create(ExportLogsServiceRequestSchema, request));
}

function recordOf(event: AuditEvent, replay: boolean): MessageInitShape<typeof LogRecordSchema> {
  const isTraced = isId(event.trace_id, 32);
  const isInSpan = isTraced && isId(event.span_id, 16);
  return {
    timeUnixNano: BigInt(event.occurred_at) * 1000n,
    observedTimeUnixNano: BigInt(event.received_at) * 1000n,
    severityNumber: severityNumber(event),
    severityText: event.severity,
    body: string(`${event.action} ${event.outcome}`),
    attributes: [
      ...attributesOf(event),
      ...(isTraced || event.trace_id === '' ? [] : [pair(TEXTS.trace_id, string(event.trace_id))]),
      ...(isInSpan || event.span_id === '' ? [] : [pair(TEXTS.span_id, string(event.span_id))]),
      ...(replay ? [pair(REPLAY, { value: { case: 'boolValue', value: true } })] : []),
    ],
    traceId: Buffer.from(isTraced ? event.trace_id : '', 'hex'),
    spanId: Buffer.from(isInSpan ? event.span_id : '', 'hex'),
    eventName: event.action,
  };
}

const FIELDS = new Set<string>([TEXTS.action, TEXTS.severity, TEXTS.trace_id, TEXTS.span_id, INTEGERS.received_at]);

function attributesOf(event: AuditEvent): Pair[] {
  const columns: Record<string, unknown> = { ...event };
  const of = (table: Readonly<Record<string, string>>, value: (held: unknown) => Value | undefined): Pair[] =>
    Object.entries(table).flatMap(([column, name]) => {
      const made = FIELDS.has(name) ? undefined : value(columns[column]);
      return made === undefined ? [] : [pair(name, made)];
    });
  const { latency_ms, time_to_first_token_ms, guardrails, content_commitment } = event;
  const operation = operationOf(event);
  return [
    ...of(TEXTS, (text) => (typeof text !== 'string' || text === '' ? undefined : string(text))),
    ...of(INTEGERS, (number) => (typeof number === 'number' ? integer(number) : undefined)),
    ...(latency_ms === null ? [] : [pair(LATENCY, double(latency_ms))]),
    ...(time_to_first_token_ms === null ? [] : [pair(FIRST_TOKEN, double(time_to_first_token_ms / 1000))]),
    ...of(LISTS, (list) => (Array.isArray(list) && list.length > 0 ? array(list.map(String).map(string)) : undefined)),
    ...(guardrails.length === 0 ? [] : [pair(GUARDRAILS, array(guardrails.map(guardrailOf)))]),
    ...(content_commitment === null ? [] : [pair(COMMITMENT, string(Buffer.from(content_commitment).toString('hex')))]),
    ...Object.entries(event.attributes).map(([name, text]) => pair(MAPS.attributes + name, string(text))),
    ...Object.entries(event.personal_attributes).map(([name, text]) =>
      pair(MAPS.personal_attributes + name, string(text)),
    ),
    ...(operation === undefined ? [] : [pair(OPERATION, string(operation))]),
  ];
}

function guardrailOf({ categories, masked_count, ...texts }: AuditEvent['guardrails'][number]): Value {
  const { name, provider, phase, mode, verdict } = texts;
  const values = [
    ...Object.entries({ name, provider, phase, mode, verdict })
      .filter(([, text]) => text !== '')
      .map(([key, text]) => pair(key, string(text))),
    ...(categories.length === 0 ? [] : [pair('categories', array(categories.map(string)))]),
    ...(masked_count === null ? [] : [pair('masked_count', integer(masked_count))]),
  ];
  return { value: { case: 'kvlistValue', value: { values } } };
}

const pair = (key: string, value: Value): Pair => ({ key, value });
const string = (value: string): Value => ({ value: { case: 'stringValue', value } });
const integer = (value: number): Value => ({ value: { case: 'intValue', value: BigInt(value) } });
const double = (value: number): Value => ({ value: { case: 'doubleValue', value } });
const array = (values: Value[]): Value => ({ value: { case: 'arrayValue', value: { values } } });

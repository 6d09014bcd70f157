import { create, type MessageInitShape, toBinary, toJson } from '@bufbuild/protobuf';
import {
  type AnyValueSchema,
  ExportLogsServiceRequestSchema,
  type KeyValueSchema,
  type LogRecordSchema,
} from './generated/logs_pb.ts';
import type { LogRecord, Resource, Scope } from './logs.ts';

type Loose<T extends { readonly attributes: unknown }> = Omit<T, 'attributes'> & {
  readonly attributes: Readonly<Record<string, unknown>>;
};

/** A record to write. Whole numbers become intValue, other numbers doubleValue; attributes set to undefined are left out. */
export type Writable = Omit<LogRecord, 'resource' | 'scope' | 'attributes' | 'body' | 'unknown'> & {
  readonly resource: Omit<Loose<Resource>, 'entity_refs'>;
  readonly scope: Loose<Scope>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
};

/** One export as an OpenTelemetry Collector's Kafka exporter writes it with `encoding: otlp_proto`. */
export function writeProto(records: readonly Writable[]): Uint8Array {
  return toBinary(ExportLogsServiceRequestSchema, exportOf(records));
}

/** The same with `encoding: otlp_json`, to be stringified. */
export function writeJson(records: readonly Writable[]): unknown {
  const json = toJson(ExportLogsServiceRequestSchema, exportOf(records));
  // Protobuf's JSON mapping writes bytes as base64; OTLP/JSON wants these two in hex.
  return JSON.parse(JSON.stringify(json), (key, value) =>
    key === 'traceId' || key === 'spanId' ? Buffer.from(String(value), 'base64').toString('hex') : value,
  );
}

/** Records in a row with the same resource and scope share one. */
function exportOf(records: readonly Writable[]) {
  const resourceLogs = runs(records, ({ resource }) => resource).map((ofResource) => ({
    resource: {
      attributes: pairs(ofResource.same.attributes),
      droppedAttributesCount: ofResource.same.dropped_attributes_count ?? 0,
    },
    schemaUrl: ofResource.same.schema_url ?? '',
    scopeLogs: runs(ofResource.records, ({ scope }) => scope).map((ofScope) => ({
      scope: {
        name: ofScope.same.name ?? '',
        version: ofScope.same.version ?? '',
        attributes: pairs(ofScope.same.attributes),
        droppedAttributesCount: ofScope.same.dropped_attributes_count ?? 0,
      },
      schemaUrl: ofScope.same.schema_url ?? '',
      logRecords: ofScope.records.map(recordOf),
    })),
  }));
  return create(ExportLogsServiceRequestSchema, { resourceLogs });
}

function runs<T>(records: readonly Writable[], part: (record: Writable) => T) {
  const made: { readonly name: string; readonly same: T; readonly records: Writable[] }[] = [];
  for (const record of records) {
    const same = part(record);
    const name = JSON.stringify(same);
    const last = made.at(-1);
    if (last?.name === name) last.records.push(record);
    else made.push({ name, same, records: [record] });
  }
  return made;
}

function recordOf(record: Writable): MessageInitShape<typeof LogRecordSchema> {
  return {
    timeUnixNano: BigInt(record.time_unix_nano ?? 0),
    observedTimeUnixNano: BigInt(record.observed_time_unix_nano ?? 0),
    severityNumber: record.severity_number ?? 0,
    severityText: record.severity_text ?? '',
    ...(record.body === undefined ? {} : { body: anyValue(record.body) }),
    attributes: pairs(record.attributes),
    droppedAttributesCount: record.dropped_attributes_count ?? 0,
    flags: record.flags ?? 0,
    traceId: Buffer.from(record.trace_id ?? '', 'hex'),
    spanId: Buffer.from(record.span_id ?? '', 'hex'),
    eventName: record.event_name ?? '',
  };
}

function pairs(attributes: object): MessageInitShape<typeof KeyValueSchema>[] {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: unknown): MessageInitShape<typeof AnyValueSchema> {
  switch (typeof value) {
    case 'string':
      return { value: { case: 'stringValue', value } };
    case 'boolean':
      return { value: { case: 'boolValue', value } };
    case 'bigint':
      return { value: { case: 'intValue', value } };
    case 'number':
      return Number.isSafeInteger(value)
        ? { value: { case: 'intValue', value: BigInt(value) } }
        : { value: { case: 'doubleValue', value } };
    case 'object':
      if (value === null) return {};
      if (value instanceof Uint8Array) return { value: { case: 'bytesValue', value } };
      if (Array.isArray(value)) return { value: { case: 'arrayValue', value: { values: value.map(anyValue) } } };
      return { value: { case: 'kvlistValue', value: { values: pairs(value) } } };
    default:
      throw new TypeError(`OTLP has no value of type ${typeof value}`);
  }
}

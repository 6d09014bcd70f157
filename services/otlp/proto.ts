import { fromBinary, type Message } from '@bufbuild/protobuf';
import {
  type AnyValue,
  type EntityRef as EntityRefMessage,
  type ExportLogsServiceRequest,
  ExportLogsServiceRequestSchema,
  type InstrumentationScope,
  type KeyValue,
  type LogRecord as LogRecordMessage,
  type Resource as ResourceMessage,
} from './generated/logs_pb.ts';
import type { Attributes, EntityRef, LogRecord, Resource, Scope, Unknown, Value } from './logs.ts';
import type { Trail } from './trail.ts';
import { finite, identifier, integer, mayDeepen, put, text } from './value.ts';
import { DEEPEST_MESSAGE, inspect } from './wire.ts';

/** Records of the binary encoding; what is wrong with it is left in the trail. */
export function recordsOfProto(bytes: Uint8Array, trail: Trail): readonly LogRecord[] {
  inspect(bytes, ExportLogsServiceRequestSchema, trail);
  if (trail.fault !== undefined) return [];
  const limit = { recursionLimit: DEEPEST_MESSAGE + 1 };
  return recordsOf(fromBinary(ExportLogsServiceRequestSchema, bytes, limit), trail);
}

function recordsOf(request: ExportLogsServiceRequest, trail: Trail): LogRecord[] {
  const records: LogRecord[] = [];
  const stray = unknownOf('logsData', request);
  each('resourceLogs', request.resourceLogs, trail, (resourceLogs) => {
    const resource = resourceOf(resourceLogs.resource, resourceLogs.schemaUrl, trail);
    const ofResource = {
      ...stray,
      ...unknownOf('resourceLogs', resourceLogs),
      ...unknownOf('resource', resourceLogs.resource),
    };
    each('scopeLogs', resourceLogs.scopeLogs, trail, (scopeLogs) => {
      const scope = scopeOf(scopeLogs.scope, scopeLogs.schemaUrl, trail);
      const ofScope = { ...ofResource, ...unknownOf('scopeLogs', scopeLogs), ...unknownOf('scope', scopeLogs.scope) };
      each('logRecords', scopeLogs.logRecords, trail, (record) => {
        records.push(recordOf(record, { resource, scope, unknown: ofScope }, trail));
      });
    });
  });
  return records;
}

function recordOf(
  record: LogRecordMessage,
  around: Pick<LogRecord, 'resource' | 'scope'> & { readonly unknown: Unknown },
  trail: Trail,
): LogRecord {
  const unknown = { ...around.unknown, ...unknownOf('logRecord', record) };
  return {
    resource: around.resource,
    scope: around.scope,
    time_unix_nano: decimal(record.timeUnixNano),
    observed_time_unix_nano: decimal(record.observedTimeUnixNano),
    severity_number: set(record.severityNumber),
    severity_text: words('severityText', record.severityText, trail),
    body: bodyOf(record, trail),
    attributes: attributesOf('attributes', record.attributes, trail, 0),
    dropped_attributes_count: set(record.droppedAttributesCount),
    flags: set(record.flags),
    trace_id: idOf('traceId', record.traceId, 16, trail),
    span_id: idOf('spanId', record.spanId, 8, trail),
    event_name: words('eventName', record.eventName, trail),
    unknown: Object.keys(unknown).length === 0 ? undefined : unknown,
  };
}

function resourceOf(resource: ResourceMessage | undefined, schemaUrl: string, trail: Trail): Resource {
  const schema_url = words('schemaUrl', schemaUrl, trail);
  if (resource === undefined) return { attributes: {}, schema_url };
  trail.enter('resource');
  const entities: EntityRef[] = [];
  each('entityRefs', resource.entityRefs, trail, (entity) => entities.push(entityOf(entity, trail)));
  const read: Resource = {
    attributes: attributesOf('attributes', resource.attributes, trail, 0),
    dropped_attributes_count: set(resource.droppedAttributesCount),
    entity_refs: entities.length === 0 ? undefined : entities,
    schema_url,
  };
  trail.leave();
  return read;
}

function entityOf(entity: EntityRefMessage, trail: Trail): EntityRef {
  const keys = (step: string, list: readonly string[]) => {
    each(step, list, trail, (key) => text(key, trail));
    return list.length === 0 ? undefined : list;
  };
  return {
    schema_url: words('schemaUrl', entity.schemaUrl, trail),
    type: words('type', entity.type, trail),
    id_keys: keys('idKeys', entity.idKeys),
    description_keys: keys('descriptionKeys', entity.descriptionKeys),
  };
}

function scopeOf(scope: InstrumentationScope | undefined, schemaUrl: string, trail: Trail): Scope {
  const schema_url = words('schemaUrl', schemaUrl, trail);
  if (scope === undefined) return { attributes: {}, schema_url };
  trail.enter('scope');
  const read: Scope = {
    name: words('name', scope.name, trail),
    version: words('version', scope.version, trail),
    attributes: attributesOf('attributes', scope.attributes, trail, 0),
    dropped_attributes_count: set(scope.droppedAttributesCount),
    schema_url,
  };
  trail.leave();
  return read;
}

function attributesOf(step: string, list: readonly KeyValue[], trail: Trail, depth: number): Attributes {
  const attributes: Record<string, Value> = {};
  trail.enter(step);
  for (const { key, value } of list) {
    trail.enter(key);
    const read = anyValue(value, trail, depth);
    trail.leave();
    put(attributes, key, read, trail);
  }
  trail.leave();
  return attributes;
}

function anyValue(any: AnyValue | undefined, trail: Trail, depth: number): Value {
  const { value } = any ?? { value: { case: undefined } };
  switch (value.case) {
    case undefined:
      return null;
    case 'stringValue':
      return text(value.value, trail);
    case 'boolValue':
      return value.value;
    case 'intValue':
      return integer(value.value);
    case 'doubleValue':
      return finite(value.value, trail);
    case 'bytesValue':
      return base64(value.value);
    case 'arrayValue': {
      if (!mayDeepen(depth, trail)) return null;
      const values: Value[] = [];
      each('', value.value.values, trail, (inner) => values.push(anyValue(inner, trail, depth + 1)));
      return values;
    }
    case 'kvlistValue':
      return mayDeepen(depth, trail) ? attributesOf('', value.value.values, trail, depth + 1) : null;
  }
}

function bodyOf(record: LogRecordMessage, trail: Trail): Value | undefined {
  if (record.body?.value.case === undefined) return undefined;
  trail.enter('body');
  const body = anyValue(record.body, trail, 0);
  trail.leave();
  return body;
}

function each<T>(step: string, list: readonly T[], trail: Trail, read: (item: T) => void): void {
  trail.enter(step);
  list.forEach((item, index) => {
    trail.enter(index);
    read(item);
    trail.leave();
  });
  trail.leave();
}

function words(step: string, value: string, trail: Trail): string | undefined {
  if (value === '') return undefined;
  trail.enter(step);
  text(value, trail);
  trail.leave();
  return value;
}

function idOf(step: string, id: Uint8Array, length: number, trail: Trail): string | undefined {
  trail.enter(step);
  if (id.length !== 0 && id.length !== length) trail.blame(`is ${id.length} bytes long, not ${length}`);
  trail.leave();
  return identifier(Buffer.from(id).toString('hex'));
}

/** Fields the schema has no name for, as `place.number/wiretype`: the wire bytes after their tags, base64, in order. */
function unknownOf(place: string, message: Message | undefined): Unknown {
  const unknown: Record<string, string[]> = {};
  for (const { no, wireType, data } of message?.$unknown ?? []) {
    const name = `${place}.${no}/${wireType}`;
    unknown[name] = [...(unknown[name] ?? []), base64(data)];
  }
  return unknown;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const decimal = (value: bigint): string | undefined => (value === 0n ? undefined : String(value));
const set = (value: number): number | undefined => (value === 0 ? undefined : value);

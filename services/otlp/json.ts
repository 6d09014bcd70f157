import {
  EntityRefSchema,
  ExportLogsServiceRequestSchema,
  InstrumentationScopeSchema,
  LogRecordSchema,
  ResourceLogsSchema,
  ResourceSchema,
  ScopeLogsSchema,
} from './generated/logs_pb.ts';
import { each, type Fields, fieldsOf, identifierOf, numberOf, textOf, timeOf } from './json-fields.ts';
import { attributesOf, bodyOf } from './json-value.ts';
import type { EntityRef, LogRecord, Resource, Scope, Unknown } from './logs.ts';
import type { Trail } from './trail.ts';
import { text } from './value.ts';

/**
 * Records of OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding); what is wrong with it is
 * left in the trail. Not protobuf's own JSON mapping: ids are hex here and enums are numbers.
 */
export function recordsOfJson(value: unknown, trail: Trail): readonly LogRecord[] {
  const records: LogRecord[] = [];
  const request = fieldsOf(ExportLogsServiceRequestSchema, value, trail);
  const stray = unknownOf('logsData', request);

  each('resourceLogs', request, trail, (item) => {
    const resourceLogs = fieldsOf(ResourceLogsSchema, item, trail);
    const { resource, unknown } = resourceOf(resourceLogs, trail);
    const ofResource = { ...stray, ...unknownOf('resourceLogs', resourceLogs), ...unknown };
    each('scopeLogs', resourceLogs, trail, (inner) => {
      const scopeLogs = fieldsOf(ScopeLogsSchema, inner, trail);
      const { scope, unknown } = scopeOf(scopeLogs, trail);
      const ofScope = { ...ofResource, ...unknownOf('scopeLogs', scopeLogs), ...unknown };
      each('logRecords', scopeLogs, trail, (record) => {
        records.push(recordOf(record, { resource, scope, unknown: ofScope }, trail));
      });
    });
  });
  return records;
}

function recordOf(
  value: unknown,
  around: Pick<LogRecord, 'resource' | 'scope'> & { readonly unknown: Unknown },
  trail: Trail,
): LogRecord {
  const record = fieldsOf(LogRecordSchema, value, trail);
  const unknown = { ...around.unknown, ...unknownOf('logRecord', record) };
  return {
    resource: around.resource,
    scope: around.scope,
    time_unix_nano: timeOf('timeUnixNano', record, trail),
    observed_time_unix_nano: timeOf('observedTimeUnixNano', record, trail),
    severity_number: numberOf('severityNumber', record, trail),
    severity_text: textOf('severityText', record, trail),
    body: bodyOf(record, trail),
    attributes: attributesOf('attributes', record, trail, 0),
    dropped_attributes_count: numberOf('droppedAttributesCount', record, trail),
    flags: numberOf('flags', record, trail),
    trace_id: identifierOf('traceId', record, 16, trail),
    span_id: identifierOf('spanId', record, 8, trail),
    event_name: textOf('eventName', record, trail),
    unknown: Object.keys(unknown).length === 0 ? undefined : unknown,
  };
}

function resourceOf(resourceLogs: Fields, trail: Trail): { readonly resource: Resource; readonly unknown: Unknown } {
  const schema_url = textOf('schemaUrl', resourceLogs, trail);
  trail.enter('resource');
  const fields = fieldsOf(ResourceSchema, resourceLogs.known.get('resource') ?? {}, trail);
  const entities: EntityRef[] = [];
  each('entityRefs', fields, trail, (item) => entities.push(entityOf(item, trail)));
  const resource: Resource = {
    attributes: attributesOf('attributes', fields, trail, 0),
    dropped_attributes_count: numberOf('droppedAttributesCount', fields, trail),
    entity_refs: entities.length === 0 ? undefined : entities,
    schema_url,
  };
  trail.leave();
  return { resource, unknown: unknownOf('resource', fields) };
}

function entityOf(value: unknown, trail: Trail): EntityRef {
  const fields = fieldsOf(EntityRefSchema, value, trail);
  if (Object.keys(fields.unknown).length > 0) trail.blame('has a field that is not known');
  return {
    schema_url: textOf('schemaUrl', fields, trail),
    type: textOf('type', fields, trail),
    id_keys: textsOf('idKeys', fields, trail),
    description_keys: textsOf('descriptionKeys', fields, trail),
  };
}

function textsOf(name: string, fields: Fields, trail: Trail): readonly string[] | undefined {
  const texts: string[] = [];
  each(name, fields, trail, (item) => {
    if (typeof item === 'string') texts.push(text(item, trail));
    else trail.blame('is no text');
  });
  return texts.length === 0 ? undefined : texts;
}

function scopeOf(scopeLogs: Fields, trail: Trail): { readonly scope: Scope; readonly unknown: Unknown } {
  const schema_url = textOf('schemaUrl', scopeLogs, trail);
  trail.enter('scope');
  const fields = fieldsOf(InstrumentationScopeSchema, scopeLogs.known.get('scope') ?? {}, trail);
  const scope: Scope = {
    name: textOf('name', fields, trail),
    version: textOf('version', fields, trail),
    attributes: attributesOf('attributes', fields, trail, 0),
    dropped_attributes_count: numberOf('droppedAttributesCount', fields, trail),
    schema_url,
  };
  trail.leave();
  return { scope, unknown: unknownOf('scope', fields) };
}

function unknownOf(place: string, fields: Fields): Unknown {
  return Object.fromEntries(Object.entries(fields.unknown).map(([name, value]) => [`${place}.${name}`, value]));
}

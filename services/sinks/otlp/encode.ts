import { EventRow } from '../../codec/event-row.ts';
import type { AuditEvent, Guardrail } from '../../core/records.generated.ts';
import type { Batch } from '../../core/sink.ts';
import { ProtoWriter } from '../proto-writer.ts';
import { placed, putIntegerCells, putMapCells, putTextCells } from './cells.ts';
import {
  COMMITMENT,
  entriesOf,
  FIRST_TOKEN,
  GUARDRAILS,
  INTEGERS,
  LATENCY,
  LISTS,
  MAPS,
  REPLAY,
  TEXTS,
} from './columns.ts';
import { isId, OPERATION, operationOf, severityNumber } from './conventions.ts';
import {
  type Key,
  keyOf,
  putDouble,
  putEntry,
  putInteger,
  putMaps,
  putText,
  putTexts,
  putTrue,
  putValue,
} from './values.ts';

/** Who the records come from. */
export interface Origin {
  /** Attributes of the resource. */
  readonly resource: Readonly<Record<string, string>>;
  readonly scope: { readonly name: string; readonly version: string };
  readonly replay: boolean;
}

/** Tags: the field's number and wire type in one byte. */
const RESOURCE_LOGS = 0x0a;
const RESOURCE = 0x0a;
const RESOURCE_ATTRIBUTE = 0x0a;
const SCOPE_LOGS = 0x12;
const SCOPE = 0x0a;
const SCOPE_NAME = 0x0a;
const SCOPE_VERSION = 0x12;
const LOG_RECORD = 0x12;
const TIME = 0x09;
const SEVERITY_NUMBER = 0x10;
const SEVERITY_TEXT = 0x1a;
const BODY = 0x2a;
const ATTRIBUTE = 0x32;
const TRACE_ID = 0x4a;
const SPAN_ID = 0x52;
const OBSERVED_TIME = 0x59;
const EVENT_NAME = 0x62;

interface Named<K> {
  readonly column: K;
  readonly key: Key;
}

const named = <K extends string>(table: { readonly [N in K]: string }): readonly Named<K>[] =>
  entriesOf(table).map(([column, name]) => ({ column, key: keyOf(name) }));

/** Without the columns that a log record has fields for. */
const { action: _action, severity: _severity, trace_id, span_id, ...texts } = TEXTS;
const { received_at: _received, ...integers } = INTEGERS;
const TEXT_KEYS = placed(texts);
const INTEGER_KEYS = placed(integers);
const LIST_KEYS = placed(LISTS);
const MAP_KEYS = placed(MAPS).map((one) => ({ ...one, prefix: Buffer.from(MAPS[one.column]) }));
const TRACE_KEY = keyOf(trace_id);
const SPAN_KEY = keyOf(span_id);
const LATENCY_KEY = keyOf(LATENCY);
const FIRST_TOKEN_KEY = keyOf(FIRST_TOKEN);
const GUARDRAILS_KEY = keyOf(GUARDRAILS);
const COMMITMENT_KEY = keyOf(COMMITMENT);
const REPLAY_KEY = keyOf(REPLAY);
const OPERATION_KEY = keyOf(OPERATION);
const GUARDRAIL_TEXTS = named({
  name: 'name',
  provider: 'provider',
  phase: 'phase',
  mode: 'mode',
  verdict: 'verdict',
});
const CATEGORIES_KEY = keyOf('categories');
const MASKED_KEY = keyOf('masked_count');

/** Writes batches as ExportLogsServiceRequest: one resource, one scope, a log record per event in the order of the batch. In the writer's own memory. */
export function openEncoder({
  resource,
  scope,
  replay,
}: Origin): (batch: Batch, writer: ProtoWriter) => Buffer<ArrayBuffer> {
  const head = resourceOf(resource);
  const ofScope = scopeOf(scope);
  return (batch, writer) => {
    writer.cut(0);
    writer.byte(RESOURCE_LOGS);
    const resourceLogs = writer.open(2);
    writer.raw(head);
    writer.byte(SCOPE_LOGS);
    const scopeLogs = writer.open(2);
    writer.raw(ofScope);
    for (const event of batch) {
      writer.byte(LOG_RECORD);
      const record = writer.open(2);
      putRecord(writer, event, replay);
      writer.close(record, 2);
    }
    writer.close(scopeLogs, 2);
    writer.close(resourceLogs, 2);
    return writer.finish();
  };
}

function resourceOf(attributes: Readonly<Record<string, string>>): Uint8Array {
  const writer = new ProtoWriter(256);
  writer.byte(RESOURCE);
  const resource = writer.open(1);
  for (const [name, text] of Object.entries(attributes)) putEntry(writer, RESOURCE_ATTRIBUTE, name, text);
  writer.close(resource, 1);
  return writer.finish();
}

function scopeOf({ name, version }: Origin['scope']): Uint8Array {
  const writer = new ProtoWriter(64);
  writer.byte(SCOPE);
  const scope = writer.open(1);
  writer.byte(SCOPE_NAME);
  writer.text(name);
  writer.byte(SCOPE_VERSION);
  writer.text(version);
  writer.close(scope, 1);
  return writer.finish();
}

/** Fields in the order of their numbers, so that the bytes are those of the generated code. */
function putRecord(writer: ProtoWriter, event: AuditEvent, replay: boolean): void {
  const severity = severityNumber(event);
  const isTraced = isId(event.trace_id, 32);
  const isInSpan = isTraced && isId(event.span_id, 16);

  writer.byte(TIME);
  writer.nanoseconds(event.occurred_at);
  if (severity !== 0) {
    writer.byte(SEVERITY_NUMBER);
    writer.byte(severity);
  }
  writer.byte(SEVERITY_TEXT);
  writer.text(event.severity);
  putValue(writer, BODY, `${event.action} ${event.outcome}`);
  putAttributes(writer, event);
  if (!isTraced && event.trace_id !== '') putText(writer, ATTRIBUTE, TRACE_KEY, event.trace_id);
  if (!isInSpan && event.span_id !== '') putText(writer, ATTRIBUTE, SPAN_KEY, event.span_id);
  if (replay) putTrue(writer, ATTRIBUTE, REPLAY_KEY);
  if (isTraced) {
    writer.byte(TRACE_ID);
    writer.hex(event.trace_id);
  }
  if (isInSpan) {
    writer.byte(SPAN_ID);
    writer.hex(event.span_id);
  }
  writer.byte(OBSERVED_TIME);
  writer.nanoseconds(event.received_at);
  writer.byte(EVENT_NAME);
  writer.text(event.action);
}

function putAttributes(writer: ProtoWriter, event: AuditEvent): void {
  if (event instanceof EventRow) {
    putTextCells(writer, ATTRIBUTE, event.cells, TEXT_KEYS);
    putIntegerCells(writer, ATTRIBUTE, event.cells, INTEGER_KEYS);
  } else putColumns(writer, event);
  const { latency_ms, time_to_first_token_ms, guardrails, content_commitment } = event;
  if (latency_ms !== null) putDouble(writer, ATTRIBUTE, LATENCY_KEY, latency_ms);
  if (time_to_first_token_ms !== null) putDouble(writer, ATTRIBUTE, FIRST_TOKEN_KEY, time_to_first_token_ms / 1000);
  for (const { column, key, at } of LIST_KEYS) {
    if (event instanceof EventRow && event.cells.size(at) === 0) continue;
    const list = event[column];
    if (list.length > 0) putTexts(writer, ATTRIBUTE, key, list);
  }
  if (guardrails.length > 0) putGuardrails(writer, guardrails);
  if (content_commitment !== null)
    putText(writer, ATTRIBUTE, COMMITMENT_KEY, Buffer.from(content_commitment).toString('hex'));
  for (const { column, at, prefix } of MAP_KEYS) {
    const isCopied = column === 'attributes' || (event instanceof EventRow && event.cells.isClear);
    const isWritten =
      event instanceof EventRow && putMapCells(writer, ATTRIBUTE, event.cells, { at, prefix, isCopied });
    if (!isWritten) putMap(writer, MAPS[column], event[column]);
  }
  const operation = operationOf(event);
  if (operation !== undefined) putText(writer, ATTRIBUTE, OPERATION_KEY, operation);
}

function putColumns(writer: ProtoWriter, event: AuditEvent): void {
  for (const { column, key } of TEXT_KEYS) {
    const text = event[column];
    if (text !== '') putText(writer, ATTRIBUTE, key, text);
  }
  for (const { column, key } of INTEGER_KEYS) {
    const integer = event[column];
    if (integer !== null) putInteger(writer, ATTRIBUTE, key, integer);
  }
}

function putMap(writer: ProtoWriter, prefix: string, map: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(map)) putEntry(writer, ATTRIBUTE, prefix + name, text);
}

function putGuardrails(writer: ProtoWriter, guardrails: readonly Guardrail[]): void {
  putMaps(writer, ATTRIBUTE, GUARDRAILS_KEY, guardrails, (guardrail, tag) => {
    for (const { column, key } of GUARDRAIL_TEXTS) {
      const text = guardrail[column];
      if (text !== '') putText(writer, tag, key, text);
    }
    if (guardrail.categories.length > 0) putTexts(writer, tag, CATEGORIES_KEY, guardrail.categories);
    if (guardrail.masked_count !== null) putInteger(writer, tag, MASKED_KEY, guardrail.masked_count);
  });
}

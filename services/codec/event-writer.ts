import { hash } from 'node:crypto';
import { WIRE_HEADER } from '../core/carriage.ts';
import type { AuditEvent } from '../core/event.ts';
import type { Guardrail } from '../core/records.generated.ts';
import { encodeEvent } from './event.ts';
import { inOrder, orderOf } from './order.ts';
import { frame } from './wire.ts';
import { Writer } from './writer.ts';

/** An event as a record of audit.events, and the leaf the ledger holds for it. */
export interface Written {
  /** The wire header and the datum. */
  readonly value: Buffer;
  readonly leaf: Buffer;
}

/**
 * Performance: every event is written here. avsc, the twin (`encodeEvent`), took 30 µs an event with the buffers around it; by
 * hand, in the schema's order and into memory that events share, it takes two, and half of that are the hashes. Maps are
 * written in the order of their names, whatever order they stand in. What does not fit the schema is left to the twin, which names the field.
 */
export function openEventWriter(): (event: AuditEvent, schemaId: number) => Written {
  const writer = new Writer();
  return (event, schemaId) => {
    writer.begin();
    try {
      writer.byte(0);
      writer.uint32(schemaId);
      return written(writer, event);
    } catch {
      const { attributes, personal_attributes } = event;
      const ordered = { attributes: inOrder(attributes), personal_attributes: inOrder(personal_attributes) };
      const { datum, leaf } = encodeEvent({ ...event, ...ordered });
      return { value: frame(schemaId, [datum]), leaf };
    }
  };
}

/** The parts are put end to end to be hashed, behind the record itself, and forgotten. */
function written(writer: Writer, event: AuditEvent): Written {
  writePublic(writer, event);
  const middle = writer.length;
  writePersonal(writer, event);
  const last = writer.length;
  if (event.personal_salt.length !== SALT) throw new RangeError(`a personal salt has ${SALT} bytes`);
  writer.raw(event.personal_salt);
  const end = writer.length;

  writer.again(last, end);
  writer.again(middle, last);
  const inner = hash('sha256', writer.view(end), 'binary');
  writer.back(end);
  writer.byte(0);
  writer.again(WIRE_HEADER, middle);
  writer.latin1(inner);
  const leaf = hash('sha256', writer.view(end), 'binary');
  writer.back(end);
  writer.latin1(leaf);
  return { value: writer.view(0, end), leaf: writer.view(end) };
}

const SALT = 16;

function writePublic(writer: Writer, event: AuditEvent): void {
  writer.text(event.event_id);
  writer.long(event.schema_version);
  writer.long(event.origin_epoch);
  writer.text(event.origin_topic);
  writer.long(event.origin_partition);
  writer.long(event.origin_offset);
  writer.long(event.origin_ordinal);
  writer.long(event.origin_count);
  writer.text(event.source_event_id);
  writer.text(event.retry_of);
  writer.long(event.occurred_at);
  writer.text(event.occurred_basis);
  writer.long(event.received_at);
  writer.long(event.ingested_at);
  writer.text(event.surface);
  writer.text(event.product);
  writer.text(event.product_version);
  writer.text(event.format);
  writer.text(event.action);
  writer.text(event.outcome);
  writer.text(event.severity);
  writer.text(event.actor_kind);
  writer.text(event.actor_basis);
  writer.text(event.actor_confidence);
  writer.text(event.actor_team);
  writer.text(event.actor_project);
  writer.text(event.actor_organisation);
  writer.text(event.agent_name);
  writer.text(event.agent_id);
  writer.text(event.session_id);
  writer.text(event.prompt_id);
  writer.text(event.request_id);
  writer.text(event.tool_use_id);
  writer.text(event.trace_id);
  writer.text(event.span_id);
  writer.text(event.parent_span_id);
  writer.text(event.model_requested);
  writer.text(event.model_served);
  writer.text(event.provider);
  writer.text(event.region);
  writeCount(writer, event.tokens_prompt);
  writeCount(writer, event.tokens_completion);
  writeCount(writer, event.tokens_cache_read);
  writeCount(writer, event.tokens_cache_write);
  writeCount(writer, event.cost_micro_usd);
  writeMeasure(writer, event.latency_ms);
  writeMeasure(writer, event.time_to_first_token_ms);
  writeEnd(writer, event);
}

/** What stands behind the measures. */
function writeEnd(writer: Writer, event: AuditEvent): void {
  writer.text(event.tool_name);
  writer.text(event.mcp_server);
  writer.text(event.mcp_virtual_server);
  writer.text(event.mcp_method);
  writer.text(event.policy);
  writeGuardrails(writer, event.guardrails);
  writer.text(event.decision);
  writer.text(event.decision_source);
  writeCount(writer, event.status_code);
  writer.text(event.error_type);
  writeCommitment(writer, event.content_commitment);
  writeCount(writer, event.content_bytes);
  writeTexts(writer, event.data_classes);
  writer.long(event.secrets_masked);
  writer.text(event.retention_class);
  writer.long(event.retention_bucket);
  writer.long(event.retain_until);
  writer.text(event.retention_reason);
  writeMap(writer, event.attributes);
}

function writePersonal(writer: Writer, event: AuditEvent): void {
  writer.text(event.actor_id);
  writer.text(event.actor_email);
  writer.text(event.actor_name);
  writeTexts(writer, event.actor_groups);
  writer.text(event.client_address);
  writer.text(event.user_agent);
  writer.text(event.host);
  writer.text(event.device);
  writer.text(event.target);
  writeTexts(writer, event.file_paths);
  writer.text(event.command);
  writer.text(event.error_message);
  writeMap(writer, event.personal_attributes);
}

/** Of a union of null and one other type: which of both follows. */
const [NULL, GIVEN] = [0, 2];

function writeCount(writer: Writer, value: number | null): void {
  writer.byte(value === null ? NULL : GIVEN);
  if (value !== null) writer.long(value);
}

function writeMeasure(writer: Writer, value: number | null): void {
  writer.byte(value === null ? NULL : GIVEN);
  if (value !== null) writer.double(value);
}

function writeCommitment(writer: Writer, value: Uint8Array | null): void {
  writer.byte(value === null ? NULL : GIVEN);
  if (value !== null) writer.raw(value);
}

/** Arrays and maps are one block, and the 0 of the next. */
function writeTexts(writer: Writer, texts: readonly string[]): void {
  if (texts.length > 0) writer.long(texts.length);
  for (const text of texts) writer.text(text);
  writer.byte(0);
}

const NO_BYTES = new Uint8Array(0);

/** In the order of its names, which are written already. */
function writeMap(writer: Writer, map: Readonly<Record<string, string>>): void {
  const { names, written } = orderOf(map);
  if (names.length > 0) writer.long(names.length);
  for (let index = 0; index < names.length; index++) {
    writer.raw(written[index] ?? NO_BYTES);
    writer.text(map[names[index] ?? ''] ?? '');
  }
  writer.byte(0);
}

function writeGuardrails(writer: Writer, guardrails: readonly Guardrail[]): void {
  if (guardrails.length > 0) writer.long(guardrails.length);
  for (const guardrail of guardrails) {
    writer.text(guardrail.name);
    writer.text(guardrail.provider);
    writer.text(guardrail.phase);
    writer.text(guardrail.mode);
    writer.text(guardrail.verdict);
    writeTexts(writer, guardrail.categories);
    writeCount(writer, guardrail.masked_count);
  }
  writer.byte(0);
}

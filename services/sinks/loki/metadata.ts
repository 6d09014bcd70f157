import type { AuditEvent } from '../../core/event.ts';

type Filterable = {
  [K in keyof AuditEvent]: AuditEvent[K] extends string | number | null ? K : never;
}[keyof AuditEvent];

/** Columns people filter, join and sum by, as structured metadata; the line holds the others too. */
export const LIVE: readonly Filterable[] = [
  'event_id',
  'action',
  'severity',
  'product',
  'actor_kind',
  'actor_id',
  'actor_email',
  'actor_team',
  'actor_project',
  'actor_organisation',
  'actor_confidence',
  'agent_name',
  'session_id',
  'prompt_id',
  'request_id',
  'tool_use_id',
  'trace_id',
  'span_id',
  'model_requested',
  'model_served',
  'provider',
  'tokens_prompt',
  'tokens_completion',
  'cost_micro_usd',
  'latency_ms',
  'tool_name',
  'mcp_server',
  'mcp_virtual_server',
  'policy',
  'decision',
  'status_code',
  'error_type',
  'client_address',
  'host',
  'device',
  'target',
  'retention_class',
];

/** Streams of replayed events do not carry these as labels. */
export const REPLAYED: readonly Filterable[] = [...LIVE, 'surface', 'outcome'];

/**
 * A longer value is in the line alone: cut, it would answer a filter wrongly. Keeps the sum far below Loki's
 * `max_structured_metadata_size` of 64 kB.
 */
export const MAX_VALUE_CHARACTERS = 256;

/** The value as Loki filters by it; empty when the event has none to carry. */
export function metadataValue(event: AuditEvent, column: Filterable): string {
  const value = event[column];
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return value.length <= MAX_VALUE_CHARACTERS ? value : '';
}

import type { AuditEvent } from '../core/event.ts';

/** What a column of the audit event holds, and whether it is of the personal part. */
export type ColumnKind =
  | 'text'
  | 'integer'
  | 'maybe_integer'
  | 'maybe_double'
  | 'maybe_fixed'
  | 'list'
  | 'map'
  | 'guardrails'
  | 'personal_text'
  | 'personal_list'
  | 'personal_map'
  | 'salt';

/** Every column, in the order of the schema. A test compares both. */
export const COLUMN_KINDS: { readonly [K in keyof AuditEvent]: ColumnKind } = {
  event_id: 'text',
  schema_version: 'integer',
  origin_epoch: 'integer',
  origin_topic: 'text',
  origin_partition: 'integer',
  origin_offset: 'integer',
  origin_ordinal: 'integer',
  origin_count: 'integer',
  source_event_id: 'text',
  retry_of: 'text',
  occurred_at: 'integer',
  occurred_basis: 'text',
  received_at: 'integer',
  ingested_at: 'integer',
  surface: 'text',
  product: 'text',
  product_version: 'text',
  format: 'text',
  action: 'text',
  outcome: 'text',
  severity: 'text',
  actor_kind: 'text',
  actor_basis: 'text',
  actor_confidence: 'text',
  actor_team: 'text',
  actor_project: 'text',
  actor_organisation: 'text',
  agent_name: 'text',
  agent_id: 'text',
  session_id: 'text',
  prompt_id: 'text',
  request_id: 'text',
  tool_use_id: 'text',
  trace_id: 'text',
  span_id: 'text',
  parent_span_id: 'text',
  model_requested: 'text',
  model_served: 'text',
  provider: 'text',
  region: 'text',
  tokens_prompt: 'maybe_integer',
  tokens_completion: 'maybe_integer',
  tokens_cache_read: 'maybe_integer',
  tokens_cache_write: 'maybe_integer',
  cost_micro_usd: 'maybe_integer',
  latency_ms: 'maybe_double',
  time_to_first_token_ms: 'maybe_double',
  tool_name: 'text',
  mcp_server: 'text',
  mcp_virtual_server: 'text',
  mcp_method: 'text',
  policy: 'text',
  guardrails: 'guardrails',
  decision: 'text',
  decision_source: 'text',
  status_code: 'maybe_integer',
  error_type: 'text',
  content_commitment: 'maybe_fixed',
  content_bytes: 'maybe_integer',
  data_classes: 'list',
  secrets_masked: 'integer',
  retention_class: 'text',
  retention_bucket: 'integer',
  retain_until: 'integer',
  retention_reason: 'text',
  attributes: 'map',
  actor_id: 'personal_text',
  actor_email: 'personal_text',
  actor_name: 'personal_text',
  actor_groups: 'personal_list',
  client_address: 'personal_text',
  user_agent: 'personal_text',
  host: 'personal_text',
  device: 'personal_text',
  target: 'personal_text',
  file_paths: 'personal_list',
  command: 'personal_text',
  error_message: 'personal_text',
  personal_attributes: 'personal_map',
  personal_salt: 'salt',
};

const NAMES = Object.keys(COLUMN_KINDS);

/** The place of a column in the schema. */
export const columnAt = (name: keyof AuditEvent): number => NAMES.indexOf(name);

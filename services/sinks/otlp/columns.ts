import type { AuditEvent } from '../../core/event.ts';

/** Columns whose values are a `T`. */
type Holding<T> = { [K in keyof AuditEvent]: AuditEvent[K] extends T ? K : never }[keyof AuditEvent];
type Names<K extends keyof AuditEvent> = { readonly [N in K]?: string };

/** What stands for an event in every signal, so that what a receiver holds can be counted. */
export const EVENT_ID = 'trailhouse.event_id';
/** Set on events that are sent again on purpose, or late. */
export const REPLAY = 'trailhouse.replay';
/** Of a column that holds keys of its own, each becomes an attribute below this. */
export const MAPS = {
  attributes: 'trailhouse.attributes.',
  personal_attributes: 'trailhouse.personal_attributes.',
} as const satisfies Names<Holding<Readonly<Record<string, string>>>>;

/**
 * Attributes by the semantic conventions (core 1.41, GenAI and MCP as of their own repository), and by our own name where
 * there is none. Times stay microseconds since 1970.
 */
export const TEXTS = {
  event_id: EVENT_ID,
  origin_topic: 'trailhouse.origin_topic',
  source_event_id: 'trailhouse.source_event_id',
  retry_of: 'trailhouse.retry_of',
  occurred_basis: 'trailhouse.occurred_basis',
  surface: 'trailhouse.surface',
  product: 'trailhouse.product',
  product_version: 'trailhouse.product_version',
  format: 'trailhouse.format',
  action: 'trailhouse.action',
  outcome: 'trailhouse.outcome',
  severity: 'trailhouse.severity',
  actor_kind: 'trailhouse.actor_kind',
  actor_basis: 'trailhouse.actor_basis',
  actor_confidence: 'trailhouse.actor_confidence',
  actor_team: 'trailhouse.actor_team',
  actor_project: 'trailhouse.actor_project',
  actor_organisation: 'trailhouse.actor_organisation',
  agent_name: 'gen_ai.agent.name',
  agent_id: 'gen_ai.agent.id',
  session_id: 'session.id',
  prompt_id: 'trailhouse.prompt_id',
  request_id: 'trailhouse.request_id',
  tool_use_id: 'gen_ai.tool.call.id',
  trace_id: 'trailhouse.trace_id',
  span_id: 'trailhouse.span_id',
  parent_span_id: 'trailhouse.parent_span_id',
  model_requested: 'gen_ai.request.model',
  model_served: 'gen_ai.response.model',
  provider: 'gen_ai.provider.name',
  region: 'cloud.region',
  tool_name: 'gen_ai.tool.name',
  mcp_server: 'trailhouse.mcp_server',
  mcp_virtual_server: 'trailhouse.mcp_virtual_server',
  mcp_method: 'mcp.method.name',
  policy: 'trailhouse.policy',
  decision: 'trailhouse.decision',
  decision_source: 'trailhouse.decision_source',
  error_type: 'error.type',
  retention_class: 'trailhouse.retention_class',
  retention_reason: 'trailhouse.retention_reason',
  actor_id: 'user.id',
  actor_email: 'user.email',
  actor_name: 'user.full_name',
  client_address: 'client.address',
  user_agent: 'user_agent.original',
  host: 'host.name',
  device: 'device.id',
  target: 'trailhouse.target',
  command: 'process.command_line',
  error_message: 'trailhouse.error_message',
} as const satisfies Names<Holding<string>>;

export const INTEGERS = {
  schema_version: 'trailhouse.schema_version',
  origin_epoch: 'trailhouse.origin_epoch',
  origin_partition: 'trailhouse.origin_partition',
  origin_offset: 'trailhouse.origin_offset',
  origin_ordinal: 'trailhouse.origin_ordinal',
  origin_count: 'trailhouse.origin_count',
  received_at: 'trailhouse.received_at',
  ingested_at: 'trailhouse.ingested_at',
  tokens_prompt: 'gen_ai.usage.input_tokens',
  tokens_completion: 'gen_ai.usage.output_tokens',
  tokens_cache_read: 'gen_ai.usage.cache_read.input_tokens',
  tokens_cache_write: 'gen_ai.usage.cache_creation.input_tokens',
  cost_micro_usd: 'trailhouse.cost_micro_usd',
  status_code: 'trailhouse.status_code',
  content_bytes: 'trailhouse.content_bytes',
  secrets_masked: 'trailhouse.secrets_masked',
  retention_bucket: 'trailhouse.retention_bucket',
  retain_until: 'trailhouse.retain_until',
} as const satisfies Names<Holding<number | null>>;

export const LATENCY = 'trailhouse.latency_ms';
/** In seconds, as the convention has it. */
export const FIRST_TOKEN = 'gen_ai.response.time_to_first_chunk';

export const LISTS = {
  data_classes: 'trailhouse.data_classes',
  actor_groups: 'trailhouse.actor_groups',
  file_paths: 'trailhouse.file_paths',
} as const satisfies Names<Holding<readonly string[]>>;

/** A list of maps, with the names the guardrail's own fields have. */
export const GUARDRAILS = 'trailhouse.guardrails';
/** Lower-case hex. */
export const COMMITMENT = 'trailhouse.content_commitment';

/** The columns of a table in its order, typed. */
export function entriesOf<K extends string>(table: { readonly [N in K]: string }): readonly (readonly [K, string])[] {
  const isColumn = (name: string): name is K => Object.hasOwn(table, name);
  return Object.keys(table)
    .filter(isColumn)
    .map((column) => [column, table[column]]);
}

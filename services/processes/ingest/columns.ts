import type { AuditEvent, Draft } from '../../core/event.ts';
import type { Actor } from '../../identity/attribute.ts';
import type { Kept } from '../../retention/classify.ts';

/** The columns of an event that neither its format nor its attribution nor its class fills. */
export type Own = Omit<AuditEvent, keyof Actor | keyof Kept | FormatColumn>;

type FormatColumn = Exclude<keyof Draft, 'claims' | 'content' | 'action' | 'outcome' | 'severity' | 'occurred_at'>;

/**
 * Performance: one object with all columns in one order, which the engine keeps as it keeps a record. Spread from four
 * objects the columns became a hash table, and every look-up after it a search. A column a format left undefined keeps
 * its empty value.
 */
export function eventOf(draft: Draft, actor: Actor, kept: Kept, own: Own): AuditEvent {
  return {
    event_id: own.event_id,
    schema_version: own.schema_version,
    origin_epoch: own.origin_epoch,
    origin_topic: own.origin_topic,
    origin_partition: own.origin_partition,
    origin_offset: own.origin_offset,
    origin_ordinal: own.origin_ordinal,
    origin_count: own.origin_count,
    source_event_id: draft.source_event_id ?? '',
    retry_of: own.retry_of,
    occurred_at: own.occurred_at,
    occurred_basis: own.occurred_basis,
    received_at: own.received_at,
    ingested_at: own.ingested_at,
    surface: draft.surface ?? '',
    product: draft.product ?? '',
    product_version: draft.product_version ?? '',
    format: own.format,
    action: own.action,
    outcome: own.outcome,
    severity: own.severity,
    actor_kind: actor.actor_kind,
    actor_basis: actor.actor_basis,
    actor_confidence: actor.actor_confidence,
    actor_team: actor.actor_team,
    actor_project: actor.actor_project,
    actor_organisation: actor.actor_organisation,
    agent_name: draft.agent_name ?? '',
    agent_id: draft.agent_id ?? '',
    session_id: draft.session_id ?? '',
    prompt_id: draft.prompt_id ?? '',
    request_id: draft.request_id ?? '',
    tool_use_id: draft.tool_use_id ?? '',
    trace_id: draft.trace_id ?? '',
    span_id: draft.span_id ?? '',
    parent_span_id: draft.parent_span_id ?? '',
    model_requested: draft.model_requested ?? '',
    model_served: draft.model_served ?? '',
    provider: draft.provider ?? '',
    region: draft.region ?? '',
    tokens_prompt: draft.tokens_prompt ?? null,
    tokens_completion: draft.tokens_completion ?? null,
    tokens_cache_read: draft.tokens_cache_read ?? null,
    tokens_cache_write: draft.tokens_cache_write ?? null,
    cost_micro_usd: draft.cost_micro_usd ?? null,
    latency_ms: draft.latency_ms ?? null,
    time_to_first_token_ms: draft.time_to_first_token_ms ?? null,
    tool_name: draft.tool_name ?? '',
    mcp_server: draft.mcp_server ?? '',
    mcp_virtual_server: draft.mcp_virtual_server ?? '',
    mcp_method: draft.mcp_method ?? '',
    policy: draft.policy ?? '',
    guardrails: draft.guardrails ?? NOTHING,
    decision: draft.decision ?? '',
    decision_source: draft.decision_source ?? '',
    status_code: draft.status_code ?? null,
    error_type: draft.error_type ?? '',
    content_commitment: own.content_commitment,
    content_bytes: own.content_bytes,
    data_classes: own.data_classes,
    secrets_masked: own.secrets_masked,
    retention_class: kept.retention_class,
    retention_bucket: kept.retention_bucket,
    retain_until: kept.retain_until,
    retention_reason: kept.retention_reason,
    attributes: draft.attributes,
    actor_id: actor.actor_id,
    actor_email: actor.actor_email,
    actor_name: actor.actor_name,
    actor_groups: actor.actor_groups,
    client_address: draft.client_address ?? '',
    user_agent: draft.user_agent ?? '',
    host: draft.host ?? '',
    device: draft.device ?? '',
    target: draft.target ?? '',
    file_paths: draft.file_paths ?? NOTHING,
    command: draft.command ?? '',
    error_message: draft.error_message ?? '',
    personal_attributes: draft.personal_attributes,
    personal_salt: own.personal_salt,
  };
}

const NOTHING: readonly never[] = [];

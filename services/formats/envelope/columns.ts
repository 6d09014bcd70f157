import type { Claims } from '../../core/event.ts';
import type { Mapped } from '../../core/format.ts';
import type { AuditEvent } from '../../core/records.generated.ts';
import type { EnvelopeEvent } from './schema.ts';

/** The columns of one event, and the leaves that are in a column exactly although others of their kind might not be. */
export interface Filled {
  readonly columns: Mapped;
  readonly settled: readonly string[];
}

export function columnsOf(event: EnvelopeEvent): Filled {
  const { product, agent, model, tokens, tool, decision, error, client, time } = event;
  const trace = traceOf(event);
  const cost = costOf(event);
  const columns: Mapped = {
    source_event_id: said(event.id),
    occurred_at: time.micros,
    surface: said(event.surface),
    product: said(product?.name),
    product_version: said(product?.version),
    action: event.action,
    outcome: event.outcome,
    severity: said(event.severity),
    claims: claimsOf(event.actor),
    agent_name: said(agent?.name),
    agent_id: said(agent?.id),
    session_id: said(event.session),
    prompt_id: said(event.prompt_id),
    request_id: said(event.request_id),
    tool_use_id: said(event.tool_use_id),
    trace_id: trace.trace_id,
    span_id: trace.span_id,
    parent_span_id: said(event.parent_span_id),
    model_requested: said(model?.requested),
    model_served: said(model?.served),
    provider: said(model?.provider),
    region: said(model?.region),
    tokens_prompt: said(tokens?.prompt),
    tokens_completion: said(tokens?.completion),
    tokens_cache_read: said(tokens?.cache_read),
    tokens_cache_write: said(tokens?.cache_write),
    cost_micro_usd: cost.micros,
    latency_ms: said(event.latency_ms),
    time_to_first_token_ms: said(event.time_to_first_token_ms),
    tool_name: said(tool?.name),
    mcp_server: said(tool?.server),
    mcp_virtual_server: said(tool?.virtual_server),
    mcp_method: said(tool?.method),
    policy: said(event.policy),
    target: said(event.target),
    file_paths: said(event.files),
    command: said(event.command),
    guardrails: guardrailsOf(event),
    decision: said(decision?.result),
    decision_source: said(decision?.source),
    status_code: said(event.status_code),
    error_type: said(error?.type),
    error_message: said(error?.message),
    client_address: said(client?.address),
    user_agent: said(client?.user_agent),
    host: said(client?.host),
    device: said(client?.device),
    personal_attributes: {},
  };
  return { columns, settled: [...(time.exact ? ['time'] : []), ...(cost.exact ? ['cost_usd'] : [])] };
}

function claimsOf(actor: EnvelopeEvent['actor']): Claims {
  if (actor == null) return { basis: 'none' };
  return {
    kind: said(actor.kind),
    basis: actor.basis,
    id: said(actor.id),
    email: said(actor.email),
    name: said(actor.name),
    groups: said(actor.groups),
    team: said(actor.team),
    project: said(actor.project),
    organisation: said(actor.organisation),
  };
}

/** A traceparent names the span that its sender is in; its flags fit no column. */
function traceOf({ traceparent, trace_id, span_id }: EnvelopeEvent): Pick<Mapped, 'trace_id' | 'span_id'> {
  const [, trace, span] = traceparent?.split('-') ?? [];
  return { trace_id: trace ?? said(trace_id), span_id: span ?? said(span_id) };
}

/** Dollars may be finer than a millionth: then they stay beside the column. */
function costOf({ cost_usd, cost_micro_usd }: EnvelopeEvent): { micros: number | undefined; exact: boolean } {
  if (cost_usd == null) return { micros: said(cost_micro_usd), exact: false };
  const micros = Math.round(cost_usd * 1e6);
  return { micros, exact: micros / 1e6 === cost_usd };
}

function guardrailsOf({ guardrails }: EnvelopeEvent): AuditEvent['guardrails'] | undefined {
  return guardrails?.map((guardrail) => ({
    name: guardrail.name,
    provider: guardrail.provider ?? '',
    phase: guardrail.phase ?? '',
    mode: guardrail.mode ?? '',
    verdict: guardrail.verdict ?? '',
    categories: guardrail.categories ?? [],
    masked_count: guardrail.masked_count ?? null,
  }));
}

const said = <T>(value: T | null | undefined): T | undefined => value ?? undefined;

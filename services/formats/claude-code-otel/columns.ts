import type { Mapped } from '../../core/format.ts';
import { actOf, ended } from './events.ts';
import type { Taking } from './taking.ts';
import { callOf } from './tools.ts';

type Columns = Omit<Mapped, 'claims' | 'personal_attributes'>;

/** The columns of one event: what all share, and what its kind adds. The kind's never hold what the shared ones do. */
export function columnsOf(name: string, take: Taking): Columns {
  return {
    session_id: take.text('session.id'),
    prompt_id: take.text('prompt.id'),
    request_id: take.text('request_id'),
    agent_name: take.text(name === 'subagent_completed' ? 'agent_type' : 'agent.name'),
    error_message: take.text('error'),
    status_code: take.count('status_code'),
    latency_ms: take.milliseconds(DURATIONS.get(name) ?? 'duration_ms'),
    ...actOf(name, take),
    ...ofKind(name, take),
  };
}

const DURATIONS: ReadonlyMap<string, string> = new Map([
  ['api_retries_exhausted', 'total_retry_duration_ms'],
  ['hook_execution_complete', 'total_duration_ms'],
]);

function ofKind(name: string, take: Taking): Partial<Columns> {
  switch (name) {
    case 'api_request':
      return { ...modelOf(take), ...tokensOf(take), cost_micro_usd: costOf(take) };
    case 'assistant_response':
    case 'api_response_body':
      return modelOf(take);
    case 'api_error':
    case 'api_refusal':
    case 'api_request_body':
    case 'api_retries_exhausted':
      return { model_requested: take.text('model') };
    case 'tool_result': {
      const { action, columns } = callOf(take);
      const decision = { decision: take.text('decision_type'), decision_source: take.text('decision_source') };
      const mcp_method = action === 'mcp.tool.call' ? 'tools/call' : undefined;
      const end = { outcome: ended(take), error_type: take.text('error_type') };
      return { ...columns, ...decision, ...end, action, mcp_method };
    }
    case 'tool_decision':
      return { ...callOf(take).columns, decision: take.text('decision'), decision_source: take.text('source') };
    case 'auth':
      return { error_type: take.text('error_category') };
    case 'mcp_server_connection': {
      const server = take.text('server_name');
      return { mcp_server: server, target: server, error_type: take.text('error_code') };
    }
    case 'internal_error':
      return { error_type: take.text('error_name') };
    case 'subagent_completed':
      return { model_requested: take.text('model'), model_served: take.text('final_model') };
    case 'managed_settings_resolved':
      return { error_type: take.text('error.type') };
    default:
      return {};
  }
}

/** Claude Code's spans call the same attribute gen_ai.request.model; these events have an answer of that model, too. */
function modelOf(take: Taking): Pick<Columns, 'model_requested' | 'model_served'> {
  const model = take.text('model');
  return { model_requested: model, model_served: model };
}

/** `input_tokens` leaves cached tokens out, gen_ai.usage.input_tokens has them in: then the raw count stays an attribute. */
function tokensOf(take: Taking): Partial<Columns> {
  const read = take.count('cache_read_tokens');
  const written = take.count('cache_creation_tokens');
  const cached = (read ?? 0) + (written ?? 0);
  const input = cached === 0 ? take.count('input_tokens') : take.number('input_tokens');
  return {
    tokens_prompt: input === undefined ? undefined : input + cached,
    tokens_completion: take.count('output_tokens'),
    tokens_cache_read: read,
    tokens_cache_write: written,
  };
}

/** Older versions send `cost_usd` alone, a fraction that may be finer than a millionth: it stays an attribute. */
function costOf(take: Taking): number | undefined {
  const dollars = take.number('cost_usd');
  return take.count('cost_usd_micros') ?? (dollars === undefined ? undefined : Math.round(dollars * 1_000_000));
}

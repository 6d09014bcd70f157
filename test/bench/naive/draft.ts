import type { Claims, Draft } from '../../../services/core/event.ts';
import { leavesOf } from './leaves.ts';
import type { Payload } from './payload.ts';

/** What the columns of an event say; `raw` is the message as it was parsed. */
export function draftOf(read: Payload, raw: object): Draft {
  const tool = read.metadata.mcp_tool_call_metadata;
  const { prompt_tokens_details: cached } = read.metadata.usage_object ?? {};
  const [start, end] = [read.startTime, read.endTime].map((seconds) => Math.round(seconds * 1e6));
  const first = read.completionStartTime === undefined ? undefined : Math.round(read.completionStartTime * 1e6);
  const { error_information: error } = read;
  const between = (from = 0, to = 0): number => (to - from) / 1000;
  return {
    product: 'litellm',
    request_id: read.litellm_call_id,
    source_event_id: read.id,
    client_address: read.requester_ip_address,
    user_agent: read.user_agent,
    surface: read.user_agent.startsWith('claude-cli/') ? 'cli' : 'api',
    session_id: read.metadata.requester_custom_headers?.['x-claude-code-session-id'] ?? read.session_id,
    trace_id: read.trace_id,
    ...calledOf(read),
    occurred_at: start,
    latency_ms: between(start, end),
    time_to_first_token_ms: read.stream === true ? between(start, first) : undefined,
    tokens_prompt: read.prompt_tokens,
    tokens_completion: read.completion_tokens,
    tokens_cache_read: cached?.cached_tokens,
    cost_micro_usd: Math.round(read.response_cost * 1e6),
    ...(error === undefined ? {} : { status_code: Number(error.error_code), error_type: error.error_class }),
    error_message: error?.error_message,
    action: isLimited(read) ? 'ratelimit.exceeded' : tool === undefined ? 'llm.request' : 'mcp.tool.call',
    outcome: read.status === 'success' ? 'success' : isLimited(read) ? 'denied' : 'failure',
    guardrails: (read.guardrail_information ?? []).map((run) => ({
      name: run.guardrail_name,
      provider: run.guardrail_provider,
      phase: run.guardrail_mode,
      mode: '',
      verdict: 'pass',
      categories: [],
      masked_count: null,
    })),
    claims: claimsOf(read),
    ...leavesOf(raw),
  };
}

const isLimited = ({ error_information: error }: Payload): boolean => error?.error_code === '429';

function calledOf(read: Payload): Partial<Draft> {
  const { mcp_tool_call_metadata: tool } = read.metadata;
  if (tool !== undefined) {
    const { name, mcp_server_name: server } = tool;
    const named = { tool_name: name, mcp_server: server, mcp_method: 'tools/call', target: `${server}/${name}` };
    return { ...named, provider: read.custom_llm_provider };
  }
  return {
    target: read.api_base,
    provider: read.custom_llm_provider,
    model_requested: read.model_group,
    model_served: read.response?.model,
    region: /\.([a-z]{2}(?:-[a-z]+)+-\d+)\.amazonaws\.com/.exec(read.api_base ?? '')?.[1],
  };
}

function claimsOf({ metadata }: Payload): Claims {
  const { user_api_key_user_id: user, user_api_key_user_email: email, user_api_key_team_alias: team } = metadata;
  if (user === undefined && email === undefined)
    return { kind: 'service', basis: 'gateway_key', id: metadata.user_api_key_alias, team };
  return { kind: 'user', basis: 'gateway_key', id: user, email, team };
}

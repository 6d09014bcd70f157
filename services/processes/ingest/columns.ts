import type { Draft } from '../../core/event.ts';

/** A column a format left undefined keeps its empty value. */
export function fill<T extends object>(empty: T, given: { readonly [K in keyof T]?: T[K] | undefined }): T {
  const filled = { ...empty };
  for (const name in empty) {
    const value = given[name];
    if (value !== undefined) filled[name] = value;
  }
  return filled;
}

type SourceColumns = Required<Omit<Draft, 'claims' | 'content' | 'action' | 'outcome' | 'severity' | 'occurred_at'>>;

export const EMPTY: { readonly [K in keyof SourceColumns]: Exclude<SourceColumns[K], undefined> } = {
  source_event_id: '',
  surface: '',
  product: '',
  product_version: '',
  agent_name: '',
  agent_id: '',
  session_id: '',
  prompt_id: '',
  request_id: '',
  tool_use_id: '',
  trace_id: '',
  span_id: '',
  parent_span_id: '',
  model_requested: '',
  model_served: '',
  provider: '',
  region: '',
  tokens_prompt: null,
  tokens_completion: null,
  tokens_cache_read: null,
  tokens_cache_write: null,
  cost_micro_usd: null,
  latency_ms: null,
  time_to_first_token_ms: null,
  tool_name: '',
  mcp_server: '',
  mcp_virtual_server: '',
  mcp_method: '',
  policy: '',
  guardrails: [],
  decision: '',
  decision_source: '',
  status_code: null,
  error_type: '',
  client_address: '',
  user_agent: '',
  host: '',
  device: '',
  target: '',
  file_paths: [],
  command: '',
  error_message: '',
  attributes: {},
  personal_attributes: {},
};

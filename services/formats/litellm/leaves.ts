import type { Leaves } from '../../core/leaves.ts';

const below = (place: string, names: readonly string[]): string[] => names.map((name) => `${place}.${name}`);

/** Words, numbers and ids of the proxy itself. */
const PAYLOAD = [
  ...['id', 'litellm_call_id', 'trace_id', 'session_id', 'call_type', 'stream', 'status', 'status_fields', 'cache_hit'],
  ...['cache_key', 'cost_finalized', 'response_cost', 'saved_cache_cost', 'cost_breakdown', 'autorouter_savings'],
  ...['custom_llm_provider', 'model', 'model_group', 'model_id', 'total_tokens', 'prompt_tokens', 'completion_tokens'],
  ...['startTime', 'endTime', 'completionStartTime', 'response_time', 'request_model_access_groups'],
  'model_map_information.model_map_key',
];

const METADATA = [
  ...['user_api_key_spend', 'user_api_key_max_budget', 'user_api_key_budget_reset_at', 'user_api_key_user_spend'],
  ...['user_api_key_user_max_budget', 'user_api_key_team_spend', 'user_api_key_team_max_budget', 'user_api_key_org_id'],
  ...['user_api_key_org_alias', 'user_api_key_team_id', 'user_api_key_team_alias', 'user_api_key_project_id'],
  ...['user_api_key_project_alias', 'user_api_key_request_route', 'team_id', 'team_alias', 'applied_guardrails'],
  ...['usage_object', 'used_client_oauth_token', 'is_silent_experiment', 'prompt_management_metadata.prompt_id'],
  ...['prompt_management_metadata.prompt_integration', 'requester_custom_headers.x-claude-code-session-id'],
  ...below('mcp_tool_call_metadata', ['name', 'mcp_server_name', 'namespaced_tool_name', 'mcp_session_id']),
  ...below('mcp_tool_call_metadata', ['mcp_auth_mode', 'mcp_server_cost_info', 'mcp_server_logo_url']),
];

const PARAMETERS = [
  ...[
    'temperature',
    'top_p',
    'top_k',
    'n',
    'seed',
    'max_tokens',
    'max_completion_tokens',
    'max_output_tokens',
    'stream',
  ],
  ...['presence_penalty', 'frequency_penalty', 'logprobs', 'top_logprobs', 'parallel_tool_calls', 'reasoning_effort'],
  ...['service_tier', 'dimensions', 'encoding_format', 'stream_options', 'max_retries'],
];

const HIDDEN = [
  ...['model_id', 'cache_key', 'response_cost', 'litellm_overhead_time_ms', 'batch_models', 'litellm_model_name'],
  ...['batch_successful_requests', 'batch_failed_requests', 'upstream_provider', 'usage_object'],
  ...below('additional_headers', ['x_ratelimit_limit_requests', 'x_ratelimit_limit_tokens']),
  ...below('additional_headers', ['x_ratelimit_remaining_requests', 'x_ratelimit_remaining_tokens']),
];

const ERROR = [
  ...['error_code', 'error_class', 'llm_provider', 'error_provider_request_id', 'error_rate_limit_category'],
  ...['error_rate_limit_type', 'error_budget_entity_type', 'error_budget_limit', 'error_budget_spend'],
];

/** What a guardrail saw and answered (guardrail_request, guardrail_response, match_details) quotes prompts: content. */
const GUARDRAIL = [
  ...['guardrail_name', 'guardrail_provider', 'guardrail_mode', 'guardrail_status', 'guardrail_id', 'guardrail_action'],
  ...['start_time', 'end_time', 'duration', 'masked_entity_count', 'policy_template', 'detection_method', 'risk_score'],
  ...['confidence_score', 'patterns_checked', 'violation_categories', 'guardrail_usage', 'guardrail_cost'],
  ...['guardrail_cost_by_unit', 'guardrail_cost_in_spend'],
];

/** The list, the single one of older versions, and the copy inside `metadata`. */
const GUARDRAIL_PLACES = ['guardrail_information', 'metadata.guardrail_information'].flatMap((place) => [
  place,
  `${place}.*`,
]);

/** Keys and who they were issued to, where calls come from and go to, and what callers write about themselves. */
const PERSONAL = [
  ...['end_user', 'request_tags', 'requester_ip_address', 'user_agent', 'api_base', 'hidden_params.api_base'],
  ...['error_str', 'error_information.error_message', 'error_information.error_budget_entity_id'],
  ...below('metadata', ['requester_ip_address', 'user_agent', 'user_api_key_hash', 'user_api_key_alias']),
  ...below('metadata', ['user_api_key_user_id', 'user_api_key_user_email', 'user_api_key_end_user_id']),
  ...below('metadata', ['cold_storage_object_key', 'mcp_tool_call_metadata.mcp_server_resource']),
  ...below('metadata', ['requester_metadata.user_id']),
  'model_parameters.user',
];

/**
 * What a column holds exactly never gets here (see reading.ts); whether it does depends on the payload, so `columns`
 * names nothing. What no list names is content: messages, response, tool arguments and results, tools, traces of errors,
 * what callers put into metadata and headers, and whatever comes next. So are the price tables of `model_map_value`:
 * nothing in them is private, but they are the same two kilobytes with every call, and events are delivered and kept
 * many times over.
 */
export const leaves: Leaves = {
  columns: [],
  safe: [
    ...PAYLOAD,
    ...below('metadata', METADATA),
    ...below('model_parameters', PARAMETERS),
    ...below('hidden_params', HIDDEN),
    ...below('error_information', ERROR),
    ...GUARDRAIL_PLACES.flatMap((place) => below(place, GUARDRAIL)),
  ],
  personal: [...PERSONAL, ...GUARDRAIL_PLACES.map((place) => `${place}.alert_recipients`)],
};

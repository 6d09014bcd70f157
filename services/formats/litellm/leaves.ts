import type { Leaves } from '../../core/leaves.ts';

/** Leaves by name, those below a place with its path before them. */
const names = (rows: readonly string[], place = ''): string[] =>
  rows.flatMap((row) => row.split(' ')).map((name) => (place === '' ? name : `${place}.${name}`));

/** Words, numbers and ids of the proxy itself. */
const PAYLOAD = names([
  'id litellm_call_id trace_id session_id call_type stream status cache_hit cache_key cost_finalized response_cost',
  'saved_cache_cost cost_breakdown autorouter_savings custom_llm_provider model model_group model_id total_tokens',
  'prompt_tokens completion_tokens startTime endTime completionStartTime response_time request_model_access_groups',
  'status_fields.llm_api_status status_fields.guardrail_status model_map_information.model_map_key',
]);

const METADATA = [
  'user_api_key_spend user_api_key_max_budget user_api_key_budget_reset_at user_api_key_user_spend',
  'user_api_key_user_max_budget user_api_key_team_spend user_api_key_team_max_budget user_api_key_org_id',
  'user_api_key_org_alias user_api_key_team_id user_api_key_team_alias user_api_key_project_id',
  'user_api_key_project_alias user_api_key_request_route team_id team_alias applied_guardrails usage_object',
  'used_client_oauth_token is_silent_experiment prompt_management_metadata.prompt_id',
  'prompt_management_metadata.prompt_integration requester_custom_headers.x-claude-code-session-id',
];

const MCP = [
  'name mcp_server_name namespaced_tool_name mcp_session_id mcp_auth_mode mcp_server_cost_info mcp_server_logo_url',
];

const PARAMETERS = [
  'temperature top_p top_k n seed max_tokens max_completion_tokens max_output_tokens stream stream_options',
  'presence_penalty frequency_penalty logprobs top_logprobs parallel_tool_calls reasoning_effort service_tier',
  'dimensions encoding_format max_retries',
];

const HIDDEN = [
  'model_id cache_key response_cost litellm_overhead_time_ms batch_models batch_successful_requests',
  'batch_failed_requests litellm_model_name upstream_provider usage_object',
  'additional_headers.x_ratelimit_limit_requests additional_headers.x_ratelimit_limit_tokens',
  'additional_headers.x_ratelimit_remaining_requests additional_headers.x_ratelimit_remaining_tokens',
];

const ERROR = [
  'error_code error_class llm_provider error_provider_request_id error_rate_limit_category error_rate_limit_type',
  'error_budget_entity_type error_budget_limit error_budget_spend',
];

/** What a guardrail saw and answered (guardrail_request, guardrail_response, match_details) quotes prompts: content. */
const GUARDRAIL = [
  'guardrail_name guardrail_provider guardrail_mode guardrail_status guardrail_id guardrail_action start_time end_time',
  'duration masked_entity_count policy_template detection_method risk_score confidence_score patterns_checked',
  'violation_categories guardrail_usage guardrail_cost guardrail_cost_by_unit guardrail_cost_in_spend',
];

/** In a list, or alone as in older versions; at the top, or inside `metadata`. */
const GUARDRAIL_PLACES = names([
  'guardrail_information guardrail_information.* metadata.guardrail_information metadata.guardrail_information.*',
]);

/** Keys and who they were issued to, where calls come from and go to, and what callers write about themselves. */
const PERSONAL = names([
  'end_user request_tags requester_ip_address user_agent api_base hidden_params.api_base model_parameters.user',
  'error_str error_information.error_message error_information.error_budget_entity_id',
]);

const PERSONAL_METADATA = [
  'requester_ip_address user_agent user_api_key_hash user_api_key_alias user_api_key_user_id user_api_key_user_email',
  'user_api_key_end_user_id cold_storage_object_key requester_metadata.user_id',
  'mcp_tool_call_metadata.mcp_server_resource',
];

/**
 * What a column holds exactly never gets here (see reading.ts); whether it does depends on the payload, so `columns`
 * names nothing. What no list names is content: messages, response, tools, arguments, results, traces of errors, what
 * callers put into metadata and headers, and whatever comes next. So are the price tables of `model_map_value`: nothing
 * in them is private, but they are the same two kilobytes with every call, and events go to every receiver.
 */
export const leaves: Leaves = {
  columns: [],
  safe: [
    ...PAYLOAD,
    ...names(METADATA, 'metadata'),
    ...names(MCP, 'metadata.mcp_tool_call_metadata'),
    ...names(PARAMETERS, 'model_parameters'),
    ...names(HIDDEN, 'hidden_params'),
    ...names(ERROR, 'error_information'),
    ...GUARDRAIL_PLACES.flatMap((place) => names(GUARDRAIL, place)),
  ],
  personal: [
    ...PERSONAL,
    ...names(PERSONAL_METADATA, 'metadata'),
    ...names(['alert_recipients'], 'guardrail_information.*'),
  ],
};

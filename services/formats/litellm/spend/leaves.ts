import type { Leaves } from '../../../core/leaves.ts';
import { leaves as payload } from '../leaves.ts';

const ROW = [
  'request_id',
  'spend',
  'request_duration_ms',
  'team_id',
  'organization_id',
  'agent_id',
  'billing_agent_id',
  'mcp_namespaced_tool_name',
  'created_at',
  'updated_at',
];

/** SpendLogsMetadata of litellm/proxy/_types.py, beyond what the payload's metadata have. */
const METADATA = [
  'status',
  'litellm_call_id',
  'additional_usage_values',
  'batch_models',
  'batch_successful_requests',
  'batch_failed_requests',
  'litellm_overhead_time_ms',
  'attempted_retries',
  'max_retries',
  'attempted_fallbacks',
  'original_model_group',
  'internal_call_origin',
  'billed_retry_attempt',
  'upstream_provider',
  'cost_breakdown',
  'compression_savings',
  'autorouter_savings',
  'actor_agent_id',
  'target_agent_id',
  'billing_agent_id',
  'agent_execution_mode',
  'model_map_information.model_map_key',
];

/**
 * A row repeats much of the standard logging payload, and what its lists name is the same here. What no list names is
 * content: messages, response, the request as it came, tools, arguments and results, the error's trace, price tables.
 */
export const leaves: Leaves = {
  columns: [],
  safe: [...payload.safe, ...ROW, ...METADATA.map((name) => `metadata.${name}`)],
  personal: [
    ...(payload.personal ?? []),
    'api_key',
    'api_key_hash',
    'user',
    'metadata.user_api_key',
    'metadata.user_api_key_hash',
    'metadata.verified_human_user_id',
  ],
};

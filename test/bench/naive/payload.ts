import { z } from 'zod';

const message = z.object({ role: z.string(), content: z.string() });

const guardrail = z.object({
  guardrail_name: z.string(),
  guardrail_provider: z.string(),
  guardrail_mode: z.string(),
  guardrail_status: z.string(),
  duration: z.number(),
});

/** What the gateway sends, leaf by leaf. */
export const payload = z.object({
  id: z.string().min(1),
  trace_id: z.string().optional(),
  session_id: z.string().optional(),
  litellm_call_id: z.string(),
  call_type: z.string(),
  stream: z.boolean().optional(),
  response_cost: z.number(),
  status: z.enum(['success', 'failure']),
  custom_llm_provider: z.string(),
  total_tokens: z.number().int(),
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  startTime: z.number(),
  endTime: z.number(),
  completionStartTime: z.number().optional(),
  model: z.string(),
  model_group: z.string().optional(),
  api_base: z.string().optional(),
  metadata: z.object({
    user_api_key_hash: z.string(),
    user_api_key_alias: z.string(),
    user_api_key_team_id: z.string(),
    user_api_key_team_alias: z.string(),
    user_api_key_user_id: z.string().optional(),
    user_api_key_user_email: z.string().optional(),
    user_api_key_request_route: z.string(),
    requester_custom_headers: z.object({ 'x-claude-code-session-id': z.string() }).optional(),
    usage_object: z
      .object({ prompt_tokens_details: z.object({ cached_tokens: z.number().int() }).optional() })
      .optional(),
    mcp_tool_call_metadata: z.object({ name: z.string(), mcp_server_name: z.string() }).optional(),
  }),
  cache_hit: z.boolean().optional(),
  request_tags: z.array(z.string()).optional(),
  requester_ip_address: z.string(),
  user_agent: z.string(),
  messages: z.array(message),
  response: z
    .object({
      id: z.string(),
      model: z.string(),
      choices: z.array(z.object({ index: z.number().int(), finish_reason: z.string(), message })),
    })
    .optional(),
  error_information: z
    .object({
      error_code: z.string(),
      error_class: z.string(),
      llm_provider: z.string(),
      error_message: z.string(),
    })
    .optional(),
  model_parameters: z.object({ temperature: z.number(), max_tokens: z.number().int() }).optional(),
  hidden_params: z.object({ litellm_overhead_time_ms: z.number(), litellm_model_name: z.string() }).optional(),
  guardrail_information: z.array(guardrail).optional(),
});

export type Payload = z.output<typeof payload>;

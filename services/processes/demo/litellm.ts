import { ORGANISATION } from './company.ts';
import type { Call } from './gateway-calls.ts';
import { json, type Message } from './message.ts';
import type { Fate } from './script.ts';

/** LiteLLM's own account of each call, its StandardLoggingPayload. */
export function litellm(calls: readonly Call[]): readonly Message[] {
  return calls.map((call) => json('gateway.events', call.at + call.usage.tookMs + 150, payload(call)));
}

function payload(call: Call): unknown {
  const { id, at, fate, usage, provider, digits, person } = call;
  const done = fate === 'served' || fate === 'masked';
  const end = at + usage.tookMs;
  return {
    id: `chatcmpl-${id}`,
    trace_id: `${id.replaceAll('-', '')}`,
    session_id: call.session,
    litellm_call_id: id,
    call_type: call.coding ? 'anthropic_messages' : 'acompletion',
    stream: call.coding,
    cache_hit: false,
    status: done ? 'success' : 'failure',
    status_fields: {
      llm_api_status: done ? 'success' : 'failure',
      guardrail_status: fate === 'blocked' || fate === 'masked' ? 'guardrail_intervened' : 'success',
    },
    startTime: at / 1000,
    endTime: end / 1000,
    completionStartTime: (at + 320) / 1000,
    response_time: usage.tookMs / 1000,
    custom_llm_provider: provider,
    model: usage.model.name,
    model_group: usage.model.name,
    api_base: ADDRESSES[provider] ?? `https://api.${provider}.example/v1/chat/completions`,
    ...spent(call, done),
    request_tags: [`team:${person.team}`],
    requester_ip_address: person.address,
    user_agent: call.coding ? 'claude-cli/2.1.220 (external, cli)' : 'alderbrook-assistant/3.2',
    metadata: { ...keyOf(call), ...sessionHeader(call), usage_object: done ? cached(call) : {} },
    messages: [{ role: 'user', content: call.prompt }],
    response: done ? answered(call) : {},
    model_parameters: { max_tokens: 4096, temperature: 0.2 },
    guardrail_information: fate === 'blocked' || fate === 'masked' ? [guardrail(fate, at)] : null,
    ...failureOf(fate),
    hidden_params: { model_id: `deployment-${digits.slice(0, 6)}`, litellm_overhead_time_ms: 3.5 },
  };
}

const ADDRESSES: Readonly<Record<string, string>> = {
  anthropic: 'https://api.anthropic.com/v1/messages',
  bedrock: 'https://bedrock-runtime.eu-central-1.amazonaws.com',
  vertex_ai: 'https://europe-west1-aiplatform.googleapis.com/v1/projects/alderbrook',
};

/** LiteLLM counts cached tokens inside the prompt's. */
function spent({ usage }: Call, done: boolean): object {
  if (!done) return { response_cost: 0, total_tokens: 0, prompt_tokens: 0, completion_tokens: 0 };
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    response_cost: usage.costMicros / 1e6,
    total_tokens: prompt + usage.output,
    prompt_tokens: prompt,
    completion_tokens: usage.output,
  };
}

const cached = ({ usage }: Call): object => ({
  cache_read_input_tokens: usage.cacheRead,
  cache_creation_input_tokens: usage.cacheWrite,
});

function keyOf({ person }: Call): object {
  return {
    user_api_key_hash: person.key.hash,
    user_api_key_alias: person.key.alias,
    user_api_key_user_id: person.subject,
    user_api_key_user_email: person.email,
    user_api_key_team_id: `team-${person.team}`,
    user_api_key_team_alias: person.team,
    user_api_key_project_id: person.project,
    user_api_key_project_alias: person.project,
    user_api_key_org_id: ORGANISATION,
  };
}

function sessionHeader({ coding, session }: Call): object {
  return coding ? { requester_custom_headers: { 'x-claude-code-session-id': session } } : {};
}

function answered({ digits, usage, answer }: Call): object {
  const message = { role: 'assistant', content: answer };
  return {
    id: `msg_${digits}`,
    model: usage.model.name,
    choices: [{ index: 0, finish_reason: 'stop', message }],
  };
}

/** Masking goes on with the call, blocking ends it. */
function guardrail(fate: 'blocked' | 'masked', at: number): object {
  return {
    guardrail_name: fate === 'masked' ? 'pii-masking' : 'bulk-export-block',
    guardrail_provider: fate === 'masked' ? 'presidio' : 'lakera',
    guardrail_mode: 'pre_call',
    guardrail_status: 'guardrail_intervened',
    duration: 0.02,
    start_time: at / 1000,
    end_time: at / 1000 + 0.02,
    ...(fate === 'masked'
      ? { masked_entity_count: { PERSON: 1, EMAIL_ADDRESS: 1 } }
      : { violation_categories: ['data_exfiltration'] }),
  };
}

const ERRORS = {
  budget: {
    error_code: '429',
    error_class: 'BudgetExceededError',
    error_message: 'Budget has been exceeded',
    error_rate_limit_category: 'litellm_rate_limit',
    error_rate_limit_type: 'budget',
    error_budget_entity_type: 'team',
    error_budget_limit: 500,
    error_budget_spend: 500.02,
  },
  limited: {
    error_code: '429',
    error_class: 'RateLimitError',
    error_message: 'Too many requests for this key',
    error_rate_limit_category: 'litellm_rate_limit',
    error_rate_limit_type: 'requests',
  },
  blocked: { error_code: '400', error_class: 'GuardrailRaisedException', error_message: 'Violated guardrail policy' },
  failed: { error_code: '529', error_class: 'InternalServerError', error_message: 'Overloaded' },
} as const;

function failureOf(fate: Fate): object {
  if (fate === 'served' || fate === 'masked') return { error_str: null, error_information: null };
  return { error_str: ERRORS[fate].error_message, error_information: ERRORS[fate] };
}

import type { Random } from '../../../services/processes/demo/random.ts';
import type { Caller } from './company.ts';
import type { Shape } from './shapes.ts';

/** What differs from call to call. */
export interface Call {
  readonly caller: Caller;
  /** Milliseconds since 1970 at which it ended. */
  readonly endedAt: number;
  readonly question: string;
  readonly answer: string;
}

interface Model {
  readonly provider: string;
  readonly group: string;
  readonly name: string;
  readonly base: string;
}

const MODELS: readonly Model[] = [
  { provider: 'openai', group: 'fast', name: 'gpt-5-mini-2026-05-01', base: 'https://api.openai.com' },
  { provider: 'openai', group: 'large', name: 'gpt-5-2026-05-01', base: 'https://api.openai.com' },
  { provider: 'anthropic', group: 'sonnet', name: 'claude-sonnet-5', base: 'https://api.anthropic.com' },
  { provider: 'anthropic', group: 'opus', name: 'claude-opus-5', base: 'https://api.anthropic.com' },
  {
    provider: 'bedrock',
    group: 'eu-sonnet',
    name: 'eu.claude-sonnet-5',
    base: 'https://bedrock-runtime.eu-central-1.amazonaws.com',
  },
  { provider: 'gemini', group: 'flash', name: 'gemini-3-flash', base: 'https://generativelanguage.googleapis.com' },
];
interface Tool {
  readonly name: string;
  readonly mcp_server_name: string;
}

const TOOLS: readonly Tool[] = [
  { name: 'find_ticket', mcp_server_name: 'tickets' },
  { name: 'search_pages', mcp_server_name: 'wiki' },
  { name: 'late_orders', mcp_server_name: 'orders' },
  { name: 'stock_level', mcp_server_name: 'warehouse' },
];
const FAILURES = [
  { error_code: '429', error_class: 'RateLimitError' },
  { error_code: '500', error_class: 'InternalServerError' },
  { error_code: '503', error_class: 'ServiceUnavailableError' },
] as const;
const CLIENTS = ['claude-cli/2.1.280 (external, cli)', 'OpenAI/Python 2.7.1', 'node-fetch/3.3', 'curl/8.9'] as const;

type Leaves = Readonly<Record<string, unknown>>;

/** A StandardLoggingPayload (https://docs.litellm.ai/docs/proxy/logging_spec) without the leaves that would be null. */
export function payload(shape: Shape, call: Call, dice: Random): Leaves {
  const model = dice.pick(MODELS);
  const tool = dice.pick(TOOLS);
  const [prompt, completion] = [dice.integer(40, 9_000), dice.integer(5, 1_500)];
  const isFailed = shape.has('failure');
  const id = `chatcmpl-${dice.hex(24)}`;
  return {
    id,
    ...when(shape.has('trace'), { trace_id: dice.hex(32) }),
    ...when(shape.has('session'), { session_id: dice.uuid() }),
    litellm_call_id: dice.uuid(),
    call_type: shape.has('tool') ? 'call_mcp_tool' : 'acompletion',
    ...when(shape.has('stream'), { stream: true }),
    response_cost: isFailed ? 0 : (prompt * 25 + completion * 200) / 1e8,
    status: isFailed ? 'failure' : 'success',
    custom_llm_provider: model.provider,
    total_tokens: prompt + completion,
    prompt_tokens: prompt,
    completion_tokens: completion,
    ...times(shape, call, dice),
    ...target(shape, model, tool),
    metadata: metadata(shape, call.caller, prompt, tool, dice),
    ...when(shape.has('cache'), { cache_hit: dice.next() < 0.1 }),
    ...when(shape.has('tags'), { request_tags: [call.caller.team, `release-${dice.integer(1, 40)}`] }),
    requester_ip_address: `10.${dice.integer(0, 31)}.${dice.integer(0, 255)}.${dice.integer(1, 254)}`,
    user_agent: shape.has('claude') ? CLIENTS[0] : dice.pick(CLIENTS),
    messages: [{ role: 'user', content: call.question }],
    ...when(!isFailed, { response: response(id, model, call.answer) }),
    ...when(isFailed, { error_information: failure(model, call.answer, dice) }),
    ...when(shape.has('parameters'), { model_parameters: parameters(dice) }),
    ...when(shape.has('hidden'), {
      hidden_params: { litellm_overhead_time_ms: dice.integer(10, 900) / 100, litellm_model_name: model.name },
    }),
    ...when(shape.has('guardrail'), { guardrail_information: [guardrail(dice)] }),
  };
}

const when = (isSo: boolean, leaves: Leaves): Leaves => (isSo ? leaves : {});

function times(shape: Shape, { endedAt }: Call, dice: Random): Leaves {
  const end = endedAt / 1000;
  const took = dice.integer(200, 20_000) / 1000;
  const micro = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;
  const startTime = micro(end - took + dice.next() / 1000);
  return {
    startTime,
    endTime: micro(end),
    ...when(shape.has('stream'), { completionStartTime: micro(startTime + took / 5) }),
  };
}

function target(shape: Shape, model: Model, tool: Tool): Leaves {
  if (shape.has('tool')) return { model: `MCP: ${tool.name}` };
  return { model: model.name, model_group: model.group, api_base: model.base };
}

function metadata(shape: Shape, caller: Caller, prompt: number, tool: Tool, dice: Random): Leaves {
  return {
    user_api_key_hash: caller.keyHash,
    user_api_key_alias: caller.keyAlias,
    user_api_key_team_id: caller.teamId,
    user_api_key_team_alias: caller.team,
    ...when(shape.has('person'), { user_api_key_user_id: caller.userId }),
    ...when(shape.has('address'), { user_api_key_user_email: caller.email }),
    user_api_key_request_route: shape.has('tool') ? '/mcp/' : '/chat/completions',
    ...when(shape.has('claude'), { requester_custom_headers: { 'x-claude-code-session-id': dice.uuid() } }),
    ...when(shape.has('cache'), {
      usage_object: { prompt_tokens_details: { cached_tokens: Math.floor(prompt * dice.next()) } },
    }),
    ...when(shape.has('tool'), { mcp_tool_call_metadata: tool }),
  };
}

const response = (id: string, model: Model, content: string): Leaves => ({
  id,
  model: model.name,
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
});

const failure = (model: Model, message: string, dice: Random): Leaves => ({
  ...dice.pick(FAILURES),
  llm_provider: model.provider,
  error_message: message,
});

const parameters = (dice: Random): Leaves => ({
  temperature: dice.integer(0, 10) / 10,
  max_tokens: dice.integer(1, 16) * 256,
});

const guardrail = (dice: Random): Leaves => ({
  guardrail_name: 'pii-local',
  guardrail_provider: 'presidio',
  guardrail_mode: 'pre_call',
  guardrail_status: 'success',
  duration: dice.integer(1_000, 90_000) / 1e6,
});

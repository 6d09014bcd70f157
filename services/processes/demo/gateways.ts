import { MODELS, ORGANISATION, PEOPLE, type Person } from './company.ts';
import { json, type Message, MINUTE } from './message.ts';
import type { Random } from './random.ts';

/** The AI gateway (LiteLLM) and the two MCP gateways (Obot, ContextForge) of the demo day. */

const ASKS = [
  'Summarise the attached minutes.',
  'Draft a reply to the customer.',
  'Explain this stack trace.',
] as const;
const TOOLS = [
  ['jira', 'get_issue'],
  ['jira', 'create_issue'],
  ['github', 'search_code'],
  ['github', 'create_pull_request'],
  ['postgres', 'query'],
  ['confluence', 'get_page'],
] as const;

export function litellm(day: number, random: Random): Message[] {
  return Array.from({ length: 420 }, (_, index) => {
    const person = random.pick(PEOPLE);
    const at = day + random.integer(7 * 60, 18 * 60) * MINUTE + random.integer(0, 59_999);
    return json('gateway.events', at + 900, payload(person, at, index, random));
  });
}

function payload(person: Person, at: number, index: number, random: Random): unknown {
  const [prompt, completion] = [random.integer(40, 3000), random.integer(20, 900)];
  const took = random.integer(300, 6000);
  const fate = index % 70 === 11 ? 'budget' : index % 45 === 7 ? 'blocked' : index % 60 === 13 ? 'failed' : 'served';
  const model = random.pick(MODELS);
  const served = fate === 'served';
  return {
    id: `chatcmpl-${random.uuid()}`,
    trace_id: random.uuid(),
    session_id: random.uuid(),
    litellm_call_id: random.uuid(),
    call_type: 'acompletion',
    stream: random.next() < 0.5,
    status: served ? 'success' : 'failure',
    status_fields: {
      llm_api_status: served ? 'success' : 'failure',
      guardrail_status: fate === 'blocked' ? 'guardrail_intervened' : 'success',
    },
    custom_llm_provider: 'anthropic',
    startTime: at / 1000,
    endTime: (at + took) / 1000,
    completionStartTime: (at + took / 3) / 1000,
    response_time: took / 1000,
    model,
    model_group: model,
    api_base: 'https://api.anthropic.com/v1/messages',
    response_cost: served ? (prompt * 3 + completion * 15) / 1e6 : 0,
    total_tokens: served ? prompt + completion : 0,
    prompt_tokens: served ? prompt : 0,
    completion_tokens: served ? completion : 0,
    cache_hit: false,
    request_tags: [`team:${person.team}`],
    requester_ip_address: person.address,
    user_agent: 'alderbrook-assistant/3.2',
    metadata: {
      user_api_key_hash: random.hex(64),
      user_api_key_alias: `${person.team}-assistant`,
      user_api_key_user_id: person.account,
      user_api_key_user_email: person.email,
      user_api_key_team_id: `team-${person.team}`,
      user_api_key_team_alias: person.team,
      user_api_key_org_id: ORGANISATION,
    },
    messages: [{ role: 'user', content: random.pick(ASKS) }],
    response: served
      ? {
          id: `msg_${random.hex(20)}`,
          model,
          choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Here it is.' } }],
        }
      : {},
    model_parameters: { max_tokens: 1024, temperature: 0.2 },
    guardrail_information: fate === 'blocked' ? [guardrail(at)] : null,
    error_str: served ? null : ERRORS[fate].error_message,
    error_information: served ? null : ERRORS[fate],
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
  },
  blocked: { error_code: '400', error_class: 'GuardrailRaisedException', error_message: 'Violated guardrail policy' },
  failed: {
    error_code: '529',
    error_class: 'InternalServerError',
    error_message: 'Overloaded',
    llm_provider: 'anthropic',
  },
} as const;

function guardrail(at: number): unknown {
  return {
    guardrail_name: 'phi-filter',
    guardrail_provider: 'presidio',
    guardrail_mode: 'pre_call',
    guardrail_status: 'guardrail_intervened',
    start_time: at / 1000,
    end_time: at / 1000 + 0.02,
    duration: 0.02,
    masked_entity_count: { MEDICAL_RECORD: 1, PERSON: 2 },
  };
}

export function mcpGateways(day: number, random: Random): Message[] {
  return Array.from({ length: 260 }, (_, index) => {
    const person = random.pick(PEOPLE);
    const [server, tool] = random.pick(TOOLS);
    const at = day + random.integer(8 * 60, 18 * 60) * MINUTE + random.integer(0, 59_999);
    const denied = index % 31 === 5;
    const call = { person, server, tool, at, denied, index };
    return json('mcp.events', at + 400, index % 3 === 0 ? contextforge(call, random) : obot(call, random));
  });
}

interface Call {
  readonly person: Person;
  readonly server: string;
  readonly tool: string;
  readonly at: number;
  readonly denied: boolean;
  readonly index: number;
}

function obot({ person, server, tool, at, denied, index }: Call, random: Random): unknown {
  const time = new Date(at).toISOString();
  return {
    id: `al1${random.hex(12)}`,
    timestamp: { occurredAt: time, recordedAt: new Date(at + 200).toISOString(), source: 'server' },
    eventType: 'mcp_call',
    actor: { actorType: 'user', id: person.email, credentialID: '' },
    action: { operation: 'tools/call', name: tool, kind: 'call' },
    target: { targetType: 'mcp_tool', id: `ms1${server}`, name: tool, parent: server },
    outcome: denied
      ? {
          status: 'denied',
          httpStatus: 403,
          reason: 'access control rule',
          error: 'tool is not allowed for this user',
          durationMs: 3,
        }
      : { status: 'success', httpStatus: 200, durationMs: random.integer(20, 1800) },
    client: 'claude-desktop',
    details: {
      trace: { sessionID: random.uuid(), requestID: String(index) },
      network: { clientIP: person.address },
      client: { name: 'claude-desktop', version: '1.4.2', userAgent: 'Claude/1.4.2' },
      request: { body: { name: tool, arguments: { query: 'open items of this sprint' } } },
      response: denied ? {} : { body: { content: [{ type: 'text', text: '3 items' }] } },
    },
  };
}

function contextforge({ person, server, tool, at, denied }: Call, random: Random): unknown {
  return {
    id: random.uuid(),
    timestamp: new Date(at).toISOString(),
    correlation_id: random.hex(32),
    request_id: random.uuid(),
    action: 'EXECUTE',
    resource_type: 'tool',
    resource_id: random.uuid(),
    resource_name: `${server}-${tool}`,
    user_id: person.email,
    user_email: person.email,
    team_id: person.team,
    client_ip: person.address,
    user_agent: 'claude-desktop/1.4.2',
    request_path: '/rpc',
    request_method: 'POST',
    data_classification: null,
    requires_review: false,
    success: !denied,
    error_message: denied ? 'Access denied' : null,
    context: { arguments: { query: 'open items of this sprint' } },
    auth_method: 'sso',
  };
}

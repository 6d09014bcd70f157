import { inTeams, type Person } from './company.ts';
import { json, type Message } from './message.ts';
import { chat } from './models.ts';
import type { Random } from './random.ts';
import { workingTime } from './rhythm.ts';

/** Kong stands before the helpdesk's assistant and its order tools: the audit log of its AI plugins. */
const ENTRIES = 900;
const TOOLS = ['list_orders', 'get_order', 'list_refunds'] as const;

export function kong(day: number, random: Random): readonly Message[] {
  const agents = inTeams('support');
  return Array.from({ length: ENTRIES }, (_, index) => {
    const person = random.pick(agents);
    const at = workingTime(day, random);
    return json('gateway.logs', at + 1_500, index % 4 === 0 ? tool(person, at, random) : model(person, at, random));
  });
}

function model(person: Person, at: number, random: Random): unknown {
  const { model, input, output, costMicros, tookMs } = chat(random);
  return entry(person, at, tookMs, 'assistant', random, {
    proxy: {
      meta: {
        request_model: model.name,
        response_model: model.name,
        provider_name: 'anthropic',
        plugin_id: '546c0000-0000-4000-8000-000000000001',
        llm_latency: tookMs,
        request_mode: 'oneshot',
      },
      usage: {
        prompt_tokens: input,
        completion_tokens: output,
        total_tokens: input + output,
        cost: costMicros / 1e6,
        time_to_first_token: 310,
        time_per_token: 12.5,
      },
    },
  });
}

function tool(person: Person, at: number, random: Random): unknown {
  const name = random.pick(TOOLS);
  const tookMs = random.integer(4, 220);
  return entry(person, at, tookMs, 'orders', random, {
    mcp: {
      mcp_session_id: random.hex(32),
      rpc: [{ method: 'tools/call', latency: tookMs, id: String(random.integer(1, 90)), tool_name: name }],
      audit: [
        {
          primitive_name: name,
          primitive: 'tool',
          scope: 'primitive',
          action: 'allow',
          consumer: { id: person.subject, name: person.email, identifier: 'consumer' },
        },
      ],
    },
  });
}

function entry(person: Person, at: number, tookMs: number, service: string, random: Random, ai: object): unknown {
  return {
    workspace_name: 'default',
    client_ip: person.address,
    started_at: at,
    consumer: consumer(person),
    authenticated_entity: { id: person.key.hash.slice(0, 32) },
    request: {
      id: random.hex(32),
      method: 'POST',
      uri: `/${service}`,
      size: 900,
      headers: { host: 'ai.alderbrook.example', 'user-agent': 'alderbrook-helpdesk/1.9' },
    },
    response: { status: 200, size: 1800 },
    latencies: { request: tookMs, kong: 2, proxy: tookMs - 2 },
    route: { name: service },
    service: { name: service },
    ai,
  };
}

const consumer = ({ subject, email }: Person) => ({ id: subject, username: email, custom_id: email });

import { inTeams, type Person } from './company.ts';
import { iso, json, type Message } from './message.ts';
import { chat } from './models.ts';
import type { Random } from './random.ts';
import { workingTime } from './rhythm.ts';

/** Envoy AI Gateway serves the storefront's search experiments: its access log. */
const LINES = 640;

export function envoy(day: number, random: Random): readonly Message[] {
  const people = inTeams('web', 'payments');
  return Array.from({ length: LINES }, (_, index) => {
    const person = random.pick(people);
    const at = workingTime(day, random);
    return json('gateway.logs', at + 2_500, index % 6 === 0 ? tool(person, at, random) : model(person, at, random));
  });
}

function model(person: Person, at: number, random: Random): unknown {
  const { model, input, output, tookMs } = chat(random);
  return {
    ...request(person, at, tookMs, random),
    'gen_ai.request.model': model.name,
    'gen_ai.response.model': model.name,
    'gen_ai.provider.name': 'storefront/anthropic/route/search/rule/0/ref/0',
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
    'x-envoy-origin-path': '/v1/messages',
    'session.id': random.uuid(),
  };
}

function tool(person: Person, at: number, random: Random): unknown {
  return {
    ...request(person, at, random.integer(20, 900), random),
    'mcp.provider.name': 'catalogue',
    'mcp.method.name': 'tools/call',
    'mcp.tool.name': 'find_product',
    'mcp.session.id': random.hex(32),
    'jsonrpc.request.id': String(random.integer(1, 90)),
    'x-envoy-origin-path': '/mcp',
  };
}

function request(person: Person, at: number, duration: number, random: Random): object {
  return {
    start_time: iso(at),
    method: 'POST',
    response_code: 200,
    response_flags: '-',
    duration,
    'x-request-id': random.uuid(),
    'x-forwarded-for': person.address,
    'x-user-email': person.email,
    'user-agent': 'alderbrook-storefront/7.0',
    bytes_received: 410,
    bytes_sent: 2200,
    upstream_host: '198.51.100.40:443',
  };
}

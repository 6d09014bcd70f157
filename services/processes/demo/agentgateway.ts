import { inTeams, type Person } from './company.ts';
import { iso, json, type Message } from './message.ts';
import { chat } from './models.ts';
import type { Random } from './random.ts';
import { workingTime } from './rhythm.ts';

/** agentgateway, in front of the warehouse's MCP servers (a log in text) and of the review bots' models (one in JSON). */
const TOOL_CALLS = 620;
const MODEL_CALLS = 260;
const TOOLS: readonly (readonly [server: string, tool: string])[] = [
  ['postgres', 'query'],
  ['postgres', 'describe_table'],
  ['github', 'search_code'],
  ['github', 'get_pull_request'],
];

export function agentgateway(day: number, random: Random): readonly Message[] {
  const people = inTeams('platform', 'data');
  const tools = Array.from({ length: TOOL_CALLS }, () =>
    toolLine(random.pick(people), workingTime(day, random), random),
  );
  const models = Array.from({ length: MODEL_CALLS }, () =>
    modelLine(random.pick(people), workingTime(day, random), random),
  );
  return [...tools, ...models];
}

/** `key=value` in the gateway's own order. */
function toolLine(person: Person, at: number, random: Random): Message {
  const [server, tool] = random.pick(TOOLS);
  const fields = {
    gateway: 'mcp/default',
    listener: 'http',
    route: 'mcp/warehouse',
    endpoint: `${server}.mcp.internal:8080`,
    'src.addr': `${person.address}:${random.integer(40_000, 60_000)}`,
    'http.method': 'POST',
    'http.path': '/mcp',
    'http.version': 'HTTP/1.1',
    'http.status': 200,
    'trace.id': random.hex(32),
    'span.id': random.hex(16),
    'jwt.sub': person.subject,
    protocol: 'mcp',
    'mcp.method.name': 'tools/call',
    'mcp.target': server,
    'mcp.resource.type': 'tool',
    'gen_ai.tool.name': tool,
    'mcp.session.id': random.uuid(),
    duration: `${random.integer(3, 900)}ms`,
  };
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  const value = Buffer.from([iso(at), 'info', `request ${pairs.join(' ')}`].join('\t'));
  return { topic: 'gateway.access', at: at + 300, value };
}

function modelLine(person: Person, at: number, random: Random): Message {
  const { model, input, output, costMicros, tookMs } = chat(random);
  return json('gateway.logs', at + 300, {
    level: 'info',
    time: iso(at),
    scope: 'request',
    gateway: 'llm/default',
    listener: 'http',
    route: 'llm/review',
    endpoint: 'api.anthropic.com:443',
    'src.addr': `${person.address}:51020`,
    'http.method': 'POST',
    'http.path': '/v1/messages',
    'http.status': 200,
    'jwt.sub': person.subject,
    protocol: 'llm',
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': model.name,
    'gen_ai.response.model': model.name,
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
    'agw.ai.usage.cost.total': costMicros / 1e6,
    duration: `${tookMs}ms`,
    'request.id': random.uuid(),
  });
}

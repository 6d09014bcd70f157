import { inTeams, type Person } from './company.ts';
import { iso, json, type Message } from './message.ts';
import type { Random } from './random.ts';
import { workingTime } from './rhythm.ts';
import type { Session } from './session.ts';

/** What a proxy before the clinical and the issue tracker's MCP servers captures: requests with their responses. */
const SESSIONS = 130;

/** Each client speaks the version of the protocol it was built for. The newest has no handshake. */
const CLIENTS: readonly { readonly version: string; readonly opening: string }[] = [
  { version: '2025-06-18', opening: 'initialize' },
  { version: '2025-11-25', opening: 'initialize' },
  { version: '2026-07-28', opening: 'server/discover' },
];

interface Exchange {
  readonly person: Person;
  readonly server: string;
  readonly session: string;
  readonly version: string;
  readonly at: number;
  readonly method: string;
  readonly params: object;
  readonly result: object;
}

export function captures(day: number, sessions: readonly Session[], random: Random): readonly Message[] {
  const people = inTeams('clinical', 'support');
  const visits = Array.from({ length: SESSIONS }, () => visit(random.pick(people), workingTime(day, random), random));
  const all = [...visits.flat(), ...sessions.flatMap((session) => ofCoding(session, random))];
  return all.map((exchange, index) => captured(exchange, index + 1, random));
}

function visit(person: Person, from: number, random: Random): readonly Exchange[] {
  const { version, opening } = random.pick(CLIENTS);
  const shared = { person, server: 'guidelines', session: random.uuid(), version };
  const capabilities = { protocolVersion: version, capabilities: { tools: {} } };
  const calls = Array.from({ length: random.integer(1, 4) }, (_, turn): Exchange => {
    const at = from + (turn + 1) * random.integer(5_000, 60_000);
    return { ...shared, at, ...called('find_guideline', { topic: 'wound care' }, 'Change the dressing daily.') };
  });
  return [
    { ...shared, at: from, method: opening, params: capabilities, result: capabilities },
    { ...shared, at: from + 900, method: 'tools/list', params: {}, result: { tools: [{ name: 'find_guideline' }] } },
    ...calls,
  ];
}

/** Calls of the issue tracker by Claude Code, which names its own tool call to the server. */
function ofCoding({ id, person, steps }: Session, random: Random): readonly Exchange[] {
  if (person?.team !== 'platform') return [];
  return steps.flatMap((step) => {
    if (step.kind !== 'tool' || step.tool.source !== 'mcp' || step.end !== 'done') return [];
    const { method, params, result } = called('get_issue', step.tool.input, step.tool.response);
    const meta = { _meta: { 'claudecode/toolUseId': step.id, 'claudecode/sessionId': id } };
    const at = step.at + random.integer(10, 90);
    const shared = { person, server: 'jira', session: id, version: '2025-11-25', at, method, result };
    return [{ ...shared, params: { ...params, ...meta } }];
  });
}

function called(name: string, input: object, text: string) {
  return { method: 'tools/call', params: { name, arguments: input }, result: { content: [{ type: 'text', text }] } };
}

function captured(exchange: Exchange, id: number, random: Random): Message {
  const { person, server, session, version, at, method, params, result } = exchange;
  const took = random.integer(5, 400);
  return json('mcp.captures', at + took + 100, {
    request: { jsonrpc: '2.0', id, method, params },
    response: { jsonrpc: '2.0', id, result },
    id: random.uuid(),
    time: iso(at),
    server,
    session,
    protocol_version: version,
    latency_ms: took,
    direction: 'client_to_server',
    user: { email: person.email, id: person.subject, basis: 'idp' },
  });
}

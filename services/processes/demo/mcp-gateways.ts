import { byEmail, type Person, STAFF } from './company.ts';
import { iso, json, type Message, MINUTE } from './message.ts';
import type { Random } from './random.ts';
import { workingTime } from './rhythm.ts';
import { UNAPPROVED_DENIED, UNAPPROVED_SERVER } from './script.ts';

/** The MCP gateways that Claude Desktop and claude.ai go through: Obot and ContextForge. */

interface Call {
  readonly person: Person;
  readonly at: number;
  readonly session: string;
  readonly server: string;
  /** Undefined where a session with the server is opened. */
  readonly tool: string | undefined;
  readonly outcome: 'success' | 'failure' | 'denied';
}

const SESSIONS = { obot: 260, contextforge: 200 } as const;

const TOOLS: readonly (readonly [server: string, tool: string, query: string])[] = [
  ['jira', 'get_issue', 'ALD-311'],
  ['jira', 'create_issue', 'broken link on the order page'],
  ['github', 'search_code', 'retryAfter'],
  ['github', 'create_pull_request', 'round totals half up'],
  ['postgres', 'query', 'select count(*) from orders'],
  ['confluence', 'get_page', 'onboarding'],
];

export function mcpGateways(day: number, random: Random): readonly Message[] {
  const denied: Call = {
    person: byEmail(UNAPPROVED_DENIED.email),
    at: day + UNAPPROVED_DENIED.minute * MINUTE,
    session: random.uuid(),
    server: UNAPPROVED_SERVER,
    tool: undefined,
    outcome: 'denied',
  };
  const ofObot = Array.from({ length: SESSIONS.obot }, () => visit(day, true, random)).flat();
  const ofForge = Array.from({ length: SESSIONS.contextforge }, () => visit(day, false, random)).flat();
  return [
    ...[...ofObot, denied].map((call) => json('mcp.events', call.at + 400, obot(call, random))),
    ...ofForge.map((call) => json('mcp.events', call.at + 400, contextforge(call, random))),
  ];
}

/** A session with one server: it is opened, and some of its tools are called. */
function visit(day: number, opens: boolean, random: Random): readonly Call[] {
  const [server] = random.pick(TOOLS);
  const tools = TOOLS.filter(([of]) => of === server).map(([, tool]) => tool);
  const shared = { person: random.pick(STAFF), session: random.uuid(), server };
  const start = workingTime(day, random);
  const calls = Array.from({ length: random.integer(2, 6) }, (_, turn): Call => {
    const dice = random.next();
    const outcome = dice < 0.03 ? 'denied' : dice < 0.06 ? 'failure' : 'success';
    return { ...shared, at: start + (turn + 1) * random.integer(4_000, 50_000), tool: random.pick(tools), outcome };
  });
  return opens ? [{ ...shared, at: start, tool: undefined, outcome: 'success' }, ...calls] : calls;
}

const queryOf = (call: Call): string =>
  TOOLS.find(([server, tool]) => server === call.server && tool === call.tool)?.[2] ?? '';

const ENDS = {
  success: { status: 'success', httpStatus: 200 },
  failure: { status: 'failure', httpStatus: 502, reason: 'upstream', error: 'the server did not answer' },
  denied: { status: 'denied', httpStatus: 403, reason: 'access control rule', error: 'not allowed for this user' },
} as const;

function obot(call: Call, random: Random): unknown {
  const { person, at, session, server, tool, outcome } = call;
  const ofServer = { targetType: 'mcp_server', id: `ms1${server}`, name: server };
  const body = tool === undefined ? {} : { body: { name: tool, arguments: { query: queryOf(call) } } };
  return {
    id: `al1${random.hex(12)}`,
    timestamp: { occurredAt: iso(at), recordedAt: iso(at + 200), source: 'server' },
    eventType: 'mcp_call',
    actor: { actorType: 'user', id: person.email, credentialID: '' },
    action: tool === undefined ? { operation: 'initialize' } : { operation: 'tools/call', name: tool, kind: 'call' },
    target:
      tool === undefined
        ? ofServer
        : { targetType: 'mcp_tool', id: `mt1${server}${tool}`, name: tool, parent: ofServer },
    outcome: { ...ENDS[outcome], durationMs: random.integer(3, 1800) },
    client: 'claude-desktop',
    details: {
      trace: { sessionID: session, requestID: random.hex(16) },
      network: { clientIP: person.address },
      client: { name: 'claude-desktop', version: '1.4.2', userAgent: 'Claude/1.4.2' },
      device: { id: person.installation.slice(0, 16), hostname: person.host },
      request: body,
      response: outcome === 'success' ? { body: { content: [{ type: 'text', text: '3 items' }] } } : {},
    },
  };
}

/** Its audit trail keeps no session: calls of one hang together by their correlation id. */
function contextforge(call: Call, random: Random): unknown {
  const { person, at, session, server, tool, outcome } = call;
  return {
    id: random.uuid(),
    timestamp: iso(at),
    correlation_id: session.replaceAll('-', ''),
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
    success: outcome === 'success',
    error_message: outcome === 'success' ? null : ENDS[outcome].error,
    context: { arguments: { query: queryOf(call) } },
    auth_method: 'sso',
  };
}

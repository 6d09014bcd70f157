import { z } from 'zod';
import { BUDGET_EXCEEDED, HOOK_BLOCKED, PROMPT_BLOCKED, RATE_LIMITED } from '../../services/processes/demo/script.ts';
import { bySubject, codingSteps, messages, payer, said } from './demo-said.ts';
import { grouped } from './rows.ts';

interface ToolCall {
  readonly person: string;
  readonly tool: string;
  readonly outcome: 'success' | 'failure' | 'denied';
}

/** Shell commands: Claude Code's, and those of the tool that the endpoint agent watches. */
export function commandsRun(day: number): readonly ToolCall[] {
  const others = said(day, 'endpoint.events', watched).flatMap(({ actor, command, outcome }) =>
    command === undefined ? [] : [{ person: actor.email, tool: command, outcome }],
  );
  return [...codingTools(day, 'Bash', ({ command }) => String(command)), ...others];
}

/** Files that Claude Code read or wrote, or was kept from, and by how many people. */
export function filesTouched(day: number) {
  const touches = [
    ...codingTools(day, 'Read', ({ file_path }) => `read ${file_path}`),
    ...codingTools(day, 'Grep', ({ path }) => `read ${path}`),
    ...codingTools(day, 'Edit', ({ file_path }) => `written ${file_path}`),
  ];
  const allowed = (some: readonly ToolCall[], verb: string): number =>
    some.filter(({ tool, outcome }) => tool.startsWith(verb) && outcome !== 'denied').length;
  return grouped(
    touches,
    ({ tool }) => tool.split(' ')[1] ?? '',
    (some) => ({
      read: allowed(some, 'read'),
      written: allowed(some, 'written'),
      denied: some.filter(({ outcome }) => outcome === 'denied').length,
      people: new Set(some.map(({ person }) => person)).size,
    }),
  );
}

/** Every refusal that chance plays or the script tells of, as `person time`. */
export function refused(day: number): readonly string[] {
  const coding = codingSteps(day).flatMap(({ person, step }) =>
    step.kind === 'tool' && ENDS[step.end] === 'denied' ? [{ person: payer(person).person, at: step.at }] : [],
  );
  const gateway = said(day, 'mcp.events', obotAct).flatMap(({ actor, timestamp, outcome }) =>
    outcome.status === 'denied' ? [{ person: actor.id, at: Date.parse(timestamp.occurredAt) }] : [],
  );
  const endpoint = said(day, 'endpoint.events', watched).flatMap(({ actor, time, outcome }) =>
    outcome === 'denied' ? [{ person: actor.email, at: Date.parse(time) }] : [],
  );
  const scripted = [BUDGET_EXCEEDED, RATE_LIMITED, PROMPT_BLOCKED, HOOK_BLOCKED].map(({ email, minute }) => ({
    person: email,
    at: day + minute * 60_000,
  }));
  return [...coding, ...gateway, ...endpoint, ...scripted].map(
    ({ person, at }) => `${person} ${new Date(at).toISOString()}`,
  );
}

/** Calls of MCP tools and how they ended, by `server/tool person`. */
export function mcpCalls(day: number) {
  const ended = (some: readonly ToolCall[], end: ToolCall['outcome']): number =>
    some.filter(({ outcome }) => outcome === end).length;
  return grouped(
    callsOfMcpTools(day),
    ({ tool, person }) => `${tool} ${person}`,
    (some) => ({ calls: some.length, denied: ended(some, 'denied'), failed: ended(some, 'failure') }),
  );
}

function callsOfMcpTools(day: number): readonly ToolCall[] {
  const success = 'success' as const;
  return [
    ...codingTools(day, 'mcp__jira__get_issue', () => 'jira/get_issue'),
    ...said(day, 'mcp.events', obotCall).map(({ actor, action, target, outcome }) => ({
      person: actor.id,
      tool: `${target.parent.name}/${action.name}`,
      outcome: outcome.status,
    })),
    ...said(day, 'mcp.events', forgeCall).map(({ user_email, resource_name, success: done }) => ({
      person: user_email,
      tool: `/${resource_name}`,
      outcome: done ? success : ('failure' as const),
    })),
    ...said(day, 'mcp.captures', captured).flatMap(({ user, request, server }) =>
      request.params._meta === undefined
        ? [{ person: user.email, tool: `${server}/${request.params.name}`, outcome: success }]
        : [],
    ),
    ...said(day, 'gateway.logs', kongTool).map(({ consumer, service, ai: { mcp } }) => ({
      person: consumer.username,
      tool: `${service.name}/${mcp.rpc[0].tool_name}`,
      outcome: success,
    })),
    ...said(day, 'gateway.logs', envoyTool).map((line) => ({
      person: line['x-user-email'],
      tool: `${line['mcp.provider.name']}/${line['mcp.tool.name']}`,
      outcome: success,
    })),
    ...warehouseCalls(day),
    ...said(day, 'endpoint.events', watched).flatMap(({ action, actor, target, outcome }) =>
      action === 'mcp.tool.call' ? [{ person: actor.email, tool: String(target), outcome }] : [],
    ),
  ];
}

/** agentgateway's log in text. */
function warehouseCalls(day: number): readonly ToolCall[] {
  return messages(day).flatMap(({ topic, value }) => {
    const line = topic === 'gateway.access' ? Buffer.from(value).toString() : '';
    const [, subject, server, tool] = /jwt\.sub=(\S+) .* mcp\.target=(\S+) .*gen_ai\.tool\.name=(\S+)/.exec(line) ?? [];
    if (subject === undefined) return [];
    return [{ person: bySubject(subject)?.email ?? subject, tool: `${server}/${tool}`, outcome: 'success' }];
  });
}

const outcome = z.enum(['success', 'failure', 'denied']);
const obotAct = z.object({
  actor: z.object({ id: z.string() }),
  timestamp: z.object({ occurredAt: z.string() }),
  outcome: z.object({ status: outcome }),
});
const obotCall = z.object({
  actor: z.object({ id: z.string() }),
  action: z.object({ operation: z.literal('tools/call'), name: z.string() }),
  target: z.object({ parent: z.object({ name: z.string() }) }),
  outcome: z.object({ status: outcome }),
});
const forgeCall = z.object({
  resource_type: z.literal('tool'),
  resource_name: z.string(),
  user_email: z.string(),
  success: z.boolean(),
});
const captured = z.object({
  user: z.object({ email: z.string() }),
  server: z.string(),
  request: z.object({
    method: z.literal('tools/call'),
    params: z.object({ name: z.string(), _meta: z.unknown().optional() }),
  }),
});
const kongTool = z.object({
  consumer: z.object({ username: z.string() }),
  service: z.object({ name: z.string() }),
  ai: z.object({ mcp: z.object({ rpc: z.tuple([z.object({ tool_name: z.string() })]) }) }),
});
const envoyTool = z.object({
  'x-user-email': z.string(),
  'mcp.provider.name': z.string(),
  'mcp.tool.name': z.string(),
});
const watched = z.object({
  time: z.string(),
  action: z.string(),
  actor: z.object({ email: z.string() }),
  target: z.string().optional(),
  command: z.string().optional(),
  outcome,
});

const ENDS = { done: 'success', failed: 'failure', rejected: 'denied', forbidden: 'denied' } as const;

function codingTools(
  day: number,
  name: string,
  toolOf: (input: Readonly<Record<string, unknown>>) => string,
): readonly ToolCall[] {
  return codingSteps(day).flatMap(({ person, step }) =>
    step.kind === 'tool' && step.tool.name === name
      ? [{ person: payer(person).person, tool: toolOf(step.tool.input), outcome: ENDS[step.end] }]
      : [],
  );
}

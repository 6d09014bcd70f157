import { z } from 'zod';
import { demoDay } from '../../services/processes/demo/day.ts';
import { bySubject, codingSteps, payer, said } from './demo-said.ts';

export interface ToolCall {
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

/** Files that Claude Code read or wrote, or was kept from. */
export function filesTouched(day: number): readonly ToolCall[] {
  return ['Read', 'Edit'].flatMap((name) => codingTools(day, name, ({ file_path }) => `${name} ${file_path}`));
}

/** Calls of MCP tools, as `server/tool`. */
export function mcpCalls(day: number): readonly ToolCall[] {
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
  return demoDay(day).flatMap(({ topic, value }) => {
    const line = topic === 'gateway.access' ? Buffer.from(value).toString() : '';
    const [, subject, server, tool] = /jwt\.sub=(\S+) .* mcp\.target=(\S+) .*gen_ai\.tool\.name=(\S+)/.exec(line) ?? [];
    if (subject === undefined) return [];
    return [{ person: bySubject(subject)?.email ?? subject, tool: `${server}/${tool}`, outcome: 'success' }];
  });
}

const outcome = z.enum(['success', 'failure', 'denied']);
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
  request: z.object({ method: z.literal('tools/call'), params: z.object({ name: z.string(), _meta: z.unknown() }) }),
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

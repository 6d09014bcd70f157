import type { Action, Outcome } from '../../core/event.ts';
import type { Mapped } from '../../core/format.ts';
import type { AuditLogEvent } from './schema.ts';

/** What was called, and the leaves that a column now holds exactly. */
export interface Call {
  readonly action: Action;
  readonly columns: Pick<Mapped, 'tool_name' | 'mcp_server' | 'mcp_method' | 'target'>;
  readonly settled: readonly string[];
}

export function callOf(event: AuditLogEvent): Call {
  const { action, target } = event;
  const act = actionOf(event);
  const isMcp = act.startsWith('mcp.');
  const server = serverOf(target);
  const name = target?.name ?? undefined;
  const tool = isTool(event)
    ? { text: name ?? action.name ?? undefined, path: name === undefined ? 'action.name' : 'target.name' }
    : undefined;
  const aim = tool === undefined ? aimOf(event, name) : join(server?.text, tool.text);

  return {
    action: act,
    columns: {
      tool_name: tool?.text,
      mcp_server: server?.text,
      mcp_method: isMcp ? (action.operation ?? undefined) : undefined,
      target: aim,
    },
    settled: [
      ...(isMcp ? ['action.operation'] : []),
      ...(server === undefined ? [] : [server.path]),
      ...(tool?.text === undefined ? [] : [tool.path]),
      ...(tool === undefined && aim !== undefined ? ['target.name'] : []),
    ],
  };
}

function actionOf({ eventType, action, target }: AuditLogEvent): Action {
  if (eventType === 'local_agent_tool_call') return target?.targetType === 'mcp_tool' ? 'mcp.tool.call' : 'tool.call';
  if (eventType !== 'mcp_call') return 'activity.other';
  if (action.operation === 'tools/call') return 'mcp.tool.call';
  return action.operation === 'initialize' ? 'mcp.server.connect' : 'mcp.request';
}

/** A call that names no tool is aimed at its server. */
function isTool({ action, target }: AuditLogEvent): boolean {
  if (target?.targetType === 'mcp_tool' || target?.targetType === 'local_tool') return true;
  return action.operation === 'tools/call' && target?.targetType !== 'mcp_server';
}

/** The server by its name, by its id where it has none. */
function serverOf(target: AuditLogEvent['target']): { readonly text: string; readonly path: string } | undefined {
  if (typeof target?.parent === 'string') return { text: target.parent, path: 'target.parent' };
  const [server, path] = target?.targetType === 'mcp_server' ? [target, 'target'] : [target?.parent, 'target.parent'];
  if (server?.name) return { text: server.name, path: `${path}.name` };
  return server?.id ? { text: server.id, path: `${path}.id` } : undefined;
}

/** A resource's address, a prompt's or a server's name. */
function aimOf({ target }: AuditLogEvent, name: string | undefined): string | undefined {
  return name ?? (target?.targetType === 'mcp_server' ? (target.id ?? undefined) : undefined);
}

const join = (server: string | undefined, tool: string | undefined): string | undefined =>
  server === undefined || tool === undefined ? (tool ?? server) : `${server}/${tool}`;

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  success: 'success',
  failure: 'failure',
  denied: 'denied',
  unknown: 'unknown',
};

/** A timeout is a failure whose kind no column holds. */
export function outcomeOf(status: string): { readonly outcome: Outcome; readonly settled: readonly string[] } {
  const outcome = Object.hasOwn(OUTCOMES, status) ? OUTCOMES[status] : undefined;
  if (outcome !== undefined) return { outcome, settled: ['outcome.status'] };
  return { outcome: status === 'timeout' ? 'failure' : 'unknown', settled: [] };
}

import type { Action } from '../../core/event.ts';
import type { Mapped } from '../../core/format.ts';
import type { Flat } from '../flat.ts';

type Call = Pick<Mapped, 'tool_name' | 'mcp_server' | 'mcp_method' | 'session_id' | 'target'>;

/** What was asked for, before any limit or guardrail stopped it. */
export function askedOf(read: Flat): Action {
  const method = read.word('mcp.method.name') ?? read.word('mcp.method');
  if (method === 'tools/call') return 'mcp.tool.call';
  if (method === 'initialize') return 'mcp.server.connect';
  if (method !== undefined || read.word('protocol') === 'mcp') return 'mcp.request';
  const provider = read.word('gen_ai.provider.name') ?? read.word('llm.provider');
  return provider !== undefined || read.word('protocol') === 'llm' ? 'llm.request' : 'activity.other';
}

/** Versions before the names of OpenTelemetry put what was called under `mcp.resource.name`, whatever its type. */
export function callOf(read: Flat): Call {
  const server = read.text('mcp.target');
  const isTool = read.word('mcp.resource.type') === 'tool';
  const tool = read.text('gen_ai.tool.name') ?? (isTool ? read.text('mcp.resource.name') : undefined);
  const aim = tool === undefined ? aimOf(read) : undefined;
  return {
    tool_name: tool,
    mcp_server: server,
    mcp_method: read.text('mcp.method.name') ?? read.text('mcp.method'),
    session_id: read.text('mcp.session.id') ?? read.text('a2a.context.id'),
    target: tool === undefined || server === undefined ? (aim ?? tool ?? server) : `${server}/${tool}`,
  };
}

/** A resource, a prompt, or where the gateway sent the request. */
function aimOf(read: Flat): string | undefined {
  const named = read.text('mcp.resource.uri') ?? read.text('gen_ai.prompt.name') ?? read.text('mcp.resource.name');
  return named ?? (read.word('mcp.target') === undefined ? read.text('endpoint') : undefined);
}

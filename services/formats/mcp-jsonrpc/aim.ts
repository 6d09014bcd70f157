import type { Mapped } from '../../core/format.ts';
import type { Reading } from '../reading.ts';
import { META } from './leaves.ts';

type Aim = Pick<Mapped, 'mcp_server' | 'tool_name' | 'tool_use_id' | 'target'>;

/** What the exchange was about, and at which server. */
export function aimOf(read: Reading): Aim {
  const method = read.word('request', 'method') ?? '';
  const captured = read.text('capture', 'server');
  if (method === 'tools/call') return toolOf(read, captured);
  const server = captured ?? serverOf(read);
  if (method === 'prompts/get') return { mcp_server: server, target: read.text('request', 'params', 'name') };
  if (/^(notifications\/)?resources\//.test(method))
    return { mcp_server: server, target: read.text('request', 'params', 'uri') };
  return { mcp_server: server, target: method === 'initialize' || method === 'server/discover' ? server : undefined };
}

/** What the server calls itself. */
function serverOf(read: Reading): string | undefined {
  return (
    read.word('response', 'result', 'serverInfo', 'name') ??
    read.word('response', 'result', '_meta', META.server, 'name')
  );
}

/** Gateways put the server's name before the tool's, as in `crm/find`; what they call themselves is another name. */
function toolOf(read: Reading, captured: string | undefined): Aim {
  const name = read.text('request', 'params', 'name');
  // Claude Code's own id of the call, which its hooks and its telemetry repeat.
  const tool_use_id = read.text('request', 'params', '_meta', 'claudecode/toolUseId');
  const [, prefix, rest] = /^([^/]+)\/(.+)$/s.exec(name ?? '') ?? [];
  const named = prefix !== undefined && (captured === undefined || captured === prefix);
  const [server, tool] = named ? [prefix, rest] : [captured ?? serverOf(read), name];
  const target = server === undefined || tool === undefined ? tool : `${server}/${tool}`;
  return { tool_use_id, mcp_server: server, tool_name: tool, target };
}

import type { Action } from '../../core/event.ts';
import type { Mapped } from '../../core/format.ts';
import type { Reading } from '../reading.ts';

/** The same acts as in Claude Code's OpenTelemetry events, which name a call by the same id. */
const ACTIONS: Readonly<Record<string, Action>> = {
  Bash: 'shell.exec',
  PowerShell: 'shell.exec',
  Read: 'file.read',
  NotebookRead: 'file.read',
  Glob: 'file.read',
  Grep: 'file.read',
  LS: 'file.read',
  Write: 'file.write',
  Edit: 'file.write',
  MultiEdit: 'file.write',
  NotebookEdit: 'file.write',
  WebFetch: 'network.request',
  WebSearch: 'network.request',
};

export function actionOf(tool: string | undefined): Action {
  if (tool?.startsWith('mcp__') === true) return 'mcp.tool.call';
  return (tool !== undefined && Object.hasOwn(ACTIONS, tool) ? ACTIONS[tool] : undefined) ?? 'tool.call';
}

type Call = Pick<Mapped, 'tool_use_id' | 'tool_name' | 'mcp_server' | 'command' | 'file_paths' | 'target'>;

/** The tool call that an event is about, whether it has run or not. */
export function callOf(read: Reading): Call {
  const name = read.word('hook', 'tool_name');
  const mcp = name?.startsWith('mcp__') === true ? mcpOf(name, read.text('hook', 'mcp_server', 'name')) : undefined;
  // What an MCP tool calls a path need not be a file's.
  const paths = mcp === undefined ? pathsOf(read) : [];
  const url = paths.length === 0 && mcp === undefined ? read.text('hook', 'tool_input', 'url') : undefined;
  return {
    tool_use_id: read.text('hook', 'tool_use_id'),
    tool_name: mcp?.tool ?? read.text('hook', 'tool_name'),
    mcp_server: mcp?.server,
    command: actionOf(name) === 'shell.exec' ? read.text('hook', 'tool_input', 'command') : undefined,
    file_paths: paths.length === 0 ? undefined : paths,
    target: targetOf(mcp) ?? paths[0] ?? url,
  };
}

interface McpTool {
  readonly server?: string | undefined;
  readonly tool?: string | undefined;
}

/** `mcp__server__tool`, in which the server's name has lost what is no letter, digit, `_` or `-`. */
function mcpOf(name: string, given: string | undefined): McpTool {
  const prefix = `mcp__${given?.replace(/[^a-zA-Z0-9_-]/g, '_')}__`;
  if (given !== undefined && name.startsWith(prefix) && name.length > prefix.length)
    return { server: given, tool: name.slice(prefix.length) };
  const [, server, tool] = /^mcp__(.+?)__(.+)$/s.exec(name) ?? [];
  return { server: given ?? server, tool };
}

function targetOf(mcp: McpTool | undefined): string | undefined {
  return mcp?.server === undefined || mcp.tool === undefined ? undefined : `${mcp.server}/${mcp.tool}`;
}

/** A path that stands there twice is in the column once, and stays where it stood the second time. */
function pathsOf(read: Reading): readonly string[] {
  const paths: string[] = [];
  for (const name of ['file_path', 'notebook_path', 'path']) {
    const path = read.word('hook', 'tool_input', name);
    if (path === undefined || paths.includes(path)) continue;
    read.take('hook', 'tool_input', name);
    paths.push(path);
  }
  return paths;
}

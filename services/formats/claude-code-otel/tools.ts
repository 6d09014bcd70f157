import type { Action } from '../../core/event.ts';
import type { Mapped } from '../../core/format.ts';
import type { Taking } from './taking.ts';

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

/** What a tool's result and the decision before it say about the call. */
export interface Call {
  readonly action: Action;
  readonly columns: Pick<Mapped, 'tool_name' | 'mcp_server' | 'command' | 'file_paths' | 'target' | 'tool_use_id'>;
}

/**
 * Arguments are JSON in a text: `tool_parameters` (whole commands, names of MCP servers and tools) and `tool_input` (the
 * arguments, values cut at 512 characters). Both stay content; what they say is copied.
 */
export function callOf(take: Taking): Call {
  const parameters = argumentsOf(take.peek('tool_parameters'));
  const input = argumentsOf(take.peek('tool_input'));
  const name = take.peek('tool_name');
  const mcp = mcpOf(name, parameters);
  const action = mcp === undefined ? actionOf(name) : 'mcp.tool.call';
  const paths = pathsOf(parameters, input);

  return {
    action,
    columns: {
      tool_use_id: take.text('tool_use_id'),
      tool_name: mcp?.tool === undefined ? take.text('tool_name') : mcp.tool,
      mcp_server: mcp?.server,
      command: textIn(parameters, 'full_command') ?? (action === 'shell.exec' ? textIn(input, 'command') : undefined),
      file_paths: paths.length === 0 ? undefined : paths,
      target: targetOf(mcp) ?? paths[0] ?? textIn(input, 'url'),
    },
  };
}

function actionOf(tool: string | undefined): Action {
  return (tool !== undefined && Object.hasOwn(ACTIONS, tool) ? ACTIONS[tool] : undefined) ?? 'tool.call';
}

interface McpTool {
  readonly server?: string | undefined;
  readonly tool?: string | undefined;
}

/** `mcp__server__tool`, or the bare `mcp_tool` of a server whose name is withheld. */
function mcpOf(name: string | undefined, parameters: object): McpTool | undefined {
  const [, server, tool] = /^mcp__(.+?)__(.+)$/s.exec(name ?? '') ?? [];
  const named = {
    server: textIn(parameters, 'mcp_server_name') ?? server,
    tool: textIn(parameters, 'mcp_tool_name') ?? tool,
  };
  if (named.server !== undefined || named.tool !== undefined) return named;
  return name === 'mcp_tool' || name?.startsWith('mcp__') === true ? {} : undefined;
}

function targetOf(mcp: McpTool | undefined): string | undefined {
  return mcp?.server === undefined || mcp.tool === undefined ? undefined : `${mcp.server}/${mcp.tool}`;
}

function pathsOf(...sources: readonly object[]): readonly string[] {
  const found = sources.flatMap((source) => ['file_path', 'notebook_path', 'path'].map((name) => textIn(source, name)));
  return [...new Set(found)].filter((path) => path !== undefined);
}

/** Arguments that were cut are no JSON any more: nothing is read out of them. */
function argumentsOf(json: string | undefined): object {
  if (json === undefined) return {};
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function textIn(source: object, name: string): string | undefined {
  const value: unknown = Object.getOwnPropertyDescriptor(source, name)?.value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

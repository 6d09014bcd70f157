import type { Mapped } from '../../core/format.ts';
import type { Reading } from '../reading.ts';

type Call = Pick<Mapped, 'tool_name' | 'mcp_server' | 'mcp_method' | 'target' | 'session_id' | 'trace_id'>;

/** What was called: a tool behind the proxy's MCP gateway, or the address of a model. */
export function callOf(read: Reading): Call {
  const [session_id, trace_id] = [sessionOf(read), traceOf(read)];
  const call = ['metadata', 'mcp_tool_call_metadata'] as const;
  if (read.word(...call, 'name') === undefined) {
    const target = read.text('api_base') ?? read.text('hidden_params', 'api_base');
    const mcp_method = read.word('call_type') === 'list_mcp_tools' ? 'tools/list' : undefined;
    return { session_id, trace_id, mcp_method, target };
  }

  const [tool, server] = [read.text(...call, 'name'), read.text(...call, 'mcp_server_name')];
  return {
    trace_id,
    session_id: session_id ?? read.text(...call, 'mcp_session_id'),
    tool_name: tool,
    mcp_server: server,
    mcp_method: 'tools/call',
    target: server === undefined ? tool : `${server}/${tool}`,
  };
}

/**
 * Claude Code names its session to every gateway: in a header, and inside `metadata.user_id` of its requests
 * (https://code.claude.com/docs/en/llm-gateway-protocol). It goes before LiteLLM's own, which is a new id for each call
 * where the client gave none.
 */
function sessionOf(read: Reading): string | undefined {
  const header = read.text('metadata', 'requester_custom_headers', 'x-claude-code-session-id');
  const [, named] =
    /_session_([0-9a-f-]{36})$/.exec(read.word('metadata', 'requester_metadata', 'user_id') ?? '') ?? [];
  return header ?? named ?? read.text('session_id');
}

/** Clients set it: only some follow W3C, the others' stays an attribute. */
function traceOf(read: Reading): string | undefined {
  return /^[0-9a-f]{32}$/.test(read.word('trace_id') ?? '') ? read.text('trace_id') : undefined;
}

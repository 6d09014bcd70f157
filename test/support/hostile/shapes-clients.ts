import { CAPTURES, HOOKS, type Hostile, hostile } from './message.ts';
import { OBJECTS, PLACE, type Wrong, wrongs } from './wrong.ts';

/** What clients hand over, hooks and captures, with one field that is of the wrong kind, out of range or missing. */
export function clientShapes(): readonly Hostile[] {
  return [...hooks(), ...captures()];
}

/** As small as a hook's payload can be and still be told from those of other agents. */
export const HOOK = { session_id: 's-1', hook_event_name: 'SessionStart' };

export const FORWARDED = {
  claude_code_hook: { ...HOOK, hook_event_name: 'PostToolUse', tool_name: 'Bash', tool_use_id: 'toolu_1' },
  time: '2026-01-05T10:00:00Z',
  user: { email: 'mara.lind@alderbrook.example', basis: 'idp' },
};

const IN_FORWARDER: readonly Wrong[] = [
  ['time', '', 'yesterday', '2026-01-05', '2026-01-05T10:00:00', 0, true, ...OBJECTS],
  ['user', 'mara', 1, true, [], { basis: 'idp' }, { basis: 'idp', email: ' ' }, { basis: 'trust me', id: '7' }],
  ['user.email', 1, true, ...OBJECTS],
  ['user.id', 7, ...OBJECTS],
];

function hooks(): Hostile[] {
  const payload: readonly Wrong[] = [
    ['hook_event_name', undefined, null, '', 1, 'session start', 'sessionStart', 'Session-Start', ...OBJECTS],
    ['session_id', undefined, null, 1, ...OBJECTS],
    ['prompt_id', 1, ...OBJECTS],
    ['tool_name', 1, true, ...OBJECTS],
    ['tool_use_id', 1, ...OBJECTS],
    ['permission_mode', false, ...OBJECTS],
    ['duration_ms', -1, '12', true, ...OBJECTS],
    ['mcp_server', 'crm', 1, []],
    ['mcp_server.name', 1, ...OBJECTS],
    ['turn_id', 't-1'],
    ['conversation_id', 'c-1'],
    ['agent_name', 'other agent'],
  ];
  const wrapped: readonly Wrong[] = [
    ['claude_code_hook', undefined, null, 'PostToolUse', 1, ...OBJECTS],
    ['claude_code_hook.hook_event_name', undefined, null, '', 1, 'x'.repeat(65), ...OBJECTS],
    ['claude_code_hook.session_id', 1, ...OBJECTS],
    ['claude_code_hook.duration_ms', -0.5, 'fast'],
    ['host', 1, ...OBJECTS],
    ['device', true, ...OBJECTS],
    ['version', 2, ...OBJECTS],
    ...IN_FORWARDER,
  ];
  return [
    ...wrongs(HOOKS, 'hook', HOOK, payload),
    ...wrongs(HOOKS, 'forwarded hook', FORWARDED, wrapped),
    hostile(HOOKS, 'hook: many in a list', () => JSON.stringify([HOOK, HOOK]), PLACE),
  ];
}

export const CAPTURE = {
  id: 'cap-1',
  time: '2026-01-05T10:00:00Z',
  server: 'crm',
  direction: 'client_to_server',
  request: { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'find' } },
  response: { jsonrpc: '2.0', id: 7, result: { content: [] } },
};

export const FRAME = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'find' } };

function captures(): Hostile[] {
  const frame: readonly Wrong[] = [
    ['jsonrpc', undefined, null, '1.0', 2, ...OBJECTS],
    ['method', undefined, null, '', 1, true, ...OBJECTS],
    ['params', 'name', 1, true, [], ['find']],
    ['id', true, ...OBJECTS],
  ];
  const answer: readonly Wrong[] = [
    ['result', undefined, null],
    ['error', { code: -32_600, message: 'no' }],
    ['id', false, []],
  ];
  const failed: readonly Wrong[] = [
    ['error', undefined, null, 'failed', 1, [], {}, { code: '1' }, { code: 1.5 }, { code: 1, message: 2 }],
  ];
  const capture: readonly Wrong[] = [
    ['id', 1, ...OBJECTS],
    ['server', 1, ...OBJECTS],
    ['session', 1, ...OBJECTS],
    ['protocol_version', 20_251_125, ...OBJECTS],
    ['direction', '', 'upwards', 1, ...OBJECTS],
    ['latency_ms', -1, '41', ...OBJECTS],
    ['headers', 'none', 1, []],
    ['request.jsonrpc', undefined, '1.0', 2],
    ['request.method', undefined, '', 1],
    ['request.id', 8, '7', null, undefined],
    ['response.jsonrpc', undefined, '3.0'],
    ['response.result', undefined],
    ['response', 'none', []],
    ['mcp', FRAME],
    ...IN_FORWARDER,
  ];
  const error = { jsonrpc: '2.0', id: 7, error: { code: -32_602, message: 'no' } };
  return [
    ...wrongs(CAPTURES, 'JSON-RPC request', FRAME, frame),
    ...wrongs(CAPTURES, 'JSON-RPC response', { jsonrpc: '2.0', id: 7, result: {} }, answer),
    ...wrongs(CAPTURES, 'JSON-RPC error', error, failed),
    ...wrongs(CAPTURES, 'capture', CAPTURE, capture),
    hostile(CAPTURES, 'JSON-RPC: a batch, which MCP has no more', () => JSON.stringify([FRAME, FRAME]), PLACE),
  ];
}

import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../services/core/event.ts';
import { claudeCodeHooks } from '../../../services/formats/claude-code-hooks/index.ts';
import { claudeCodeOtel } from '../../../services/formats/claude-code-otel/index.ts';
import { readJson } from '../../../services/otlp/read.ts';
import { judgeSamples } from '../../support/samples.ts';

const hook = (event: string, fields: object = {}) => ({
  session_id: 's-1',
  transcript_path: '/home/ada/.claude/s-1.jsonl',
  cwd: '/home/ada/tariffs',
  hook_event_name: event,
  ...fields,
});

const draftOf = (message: object): Draft => {
  const verdict = claudeCodeHooks.read(message);
  const draft = verdict.kind === 'accepted' ? verdict.drafts[0] : undefined;
  if (draft === undefined) throw new Error(JSON.stringify(verdict));
  return draft;
};

describe('a call that comes several times', () => {
  const call = { tool_name: 'Bash', tool_input: { command: 'make' }, tool_use_id: 'toolu_1' };

  test('is counted where it has run', () => {
    const events = ['PreToolUse', 'PermissionRequest', 'PostToolUse', 'PostToolBatch'];
    const actions = events.map((event) => draftOf(hook(event, { ...call, tool_calls: [call] })).action);
    expect(actions).toEqual(['session.event', 'session.event', 'shell.exec', 'session.event']);
  });

  test('shows its intent before it has run, and no outcome', () => {
    const intent = { command: 'make', tool_name: 'Bash', tool_use_id: 'toolu_1', outcome: 'unknown' };
    expect(draftOf(hook('PreToolUse', call))).toMatchObject(intent);
    expect(draftOf(hook('PreToolUse', call)).decision).toBeUndefined();
  });

  test.each([
    ['PostToolUse', 's-1/PostToolUse/toolu_1'],
    ['PostToolUseFailure', 's-1/PostToolUseFailure/toolu_1'],
    ['PermissionDenied', 's-1/PermissionDenied/toolu_1'],
    // A deferred call is announced again when its session is resumed.
    ['PreToolUse', undefined],
  ])('%s has the id %s', (event, id) => expect(draftOf(hook(event, call)).source_event_id).toBe(id));
});

describe('the same call in Claude Code’s telemetry', () => {
  const attributes = (fields: object) =>
    Object.entries(fields).map(([key, value]) => ({ key, value: { stringValue: value } }));
  const telemetry = (tool: string, input: object): Draft => {
    const own = { 'event.name': 'tool_result', 'session.id': 's-1', 'prompt.id': 'p-1', success: 'true' };
    const fields = { ...own, tool_name: tool, tool_use_id: 'toolu_1', tool_input: JSON.stringify(input) };
    const logRecords = [{ body: { stringValue: 'claude_code.tool_result' }, attributes: attributes(fields) }];
    const verdict = claudeCodeOtel.read(readJson({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }));
    const draft = verdict.kind === 'accepted' ? verdict.drafts[0] : undefined;
    if (draft === undefined) throw new Error(JSON.stringify(verdict));
    return draft;
  };

  const TOLD = [
    ...(['action', 'outcome', 'session_id', 'prompt_id', 'tool_use_id', 'tool_name', 'mcp_server'] as const),
    ...(['mcp_method', 'target', 'command', 'file_paths'] as const),
  ];

  test.each([
    ['Bash', { command: 'make' }],
    ['PowerShell', { command: 'Get-Item' }],
    ['Read', { file_path: '/a' }],
    ['NotebookRead', { notebook_path: '/a.ipynb' }],
    ['Glob', { path: '/a', pattern: '*' }],
    ['Grep', { path: '/a', pattern: 'x' }],
    ['LS', { path: '/a' }],
    ['Write', { file_path: '/a', content: 'x' }],
    ['Edit', { file_path: '/a' }],
    ['MultiEdit', { file_path: '/a' }],
    ['NotebookEdit', { notebook_path: '/a.ipynb' }],
    ['WebFetch', { url: 'https://a.example' }],
    ['WebSearch', { query: 'x' }],
    ['Task', { prompt: 'x' }],
    ['mcp__crm__find', { query: 'x' }],
    ['mcp__crm', {}],
    ['constructor', {}],
  ])('%s is told alike', (tool, input) => {
    const fields = { prompt_id: 'p-1', tool_name: tool, tool_input: input, tool_use_id: 'toolu_1' };
    const [ours, theirs] = [draftOf(hook('PostToolUse', fields)), telemetry(tool, input)];
    for (const name of TOLD) expect(ours[name], name).toEqual(theirs[name]);
  });
});

test.each([
  ['mcp__crm__find', { name: 'crm' }, 'crm', 'find'],
  ['mcp__my__server__find', { name: 'my__server' }, 'my__server', 'find'],
  ['mcp__claude_ai_Mail__send', { name: 'claude.ai Mail' }, 'claude.ai Mail', 'send'],
  ['mcp__crm__find', { name: 'another' }, 'another', 'find'],
  ['mcp__crm__find', null, 'crm', 'find'],
])('%s of %j is of server %s', (tool_name, mcp_server, server, tool) => {
  expect(draftOf(hook('PostToolUse', { tool_name, mcp_server }))).toMatchObject({
    mcp_server: server,
    tool_name: tool,
    target: `${server}/${tool}`,
  });
});

test('arguments of an MCP tool are content, whatever they are called', () => {
  const tool_input = { path: '/accounts/7', command: 'find', url: 'https://a.example' };
  const draft = draftOf(hook('PostToolUse', { tool_name: 'mcp__crm__find', tool_input }));
  expect([draft.file_paths, draft.command, draft.target]).toEqual([undefined, undefined, 'crm/find']);
  expect(draft.content).toEqual({ hook: { tool_input } });
});

test('a reason is a word at the end of a session and a sentence elsewhere', () => {
  const ended = draftOf(hook('SessionEnd', { reason: 'logout' }));
  expect(ended.attributes).toMatchObject({ 'SessionEnd.reason': 'logout' });
  const other = draftOf(hook('CanvasOpened', { reason: 'Ada asked for it' }));
  expect(other.attributes).toEqual({ 'hook.hook_event_name': 'CanvasOpened' });
  expect(other.content).toEqual({ hook: { reason: 'Ada asked for it' } });
});

test.each([
  [undefined, 'llm.prompt'],
  ['user', 'llm.prompt'],
  ['sdk', 'llm.prompt'],
  ['system', 'session.event'],
  ['loop_wakeup', 'session.event'],
  ['poll_event', 'session.event'],
])('a prompt from %s is %s', (source, action) => {
  expect(draftOf(hook('UserPromptSubmit', { prompt: 'x', source })).action).toBe(action);
});

test.each([
  ['accept', 'success'],
  ['decline', 'denied'],
  ['cancel', 'unknown'],
  ['constructor', 'unknown'],
])('an elicitation answered by %s is %s', (action, outcome) => {
  const draft = draftOf(hook('ElicitationResult', { mcp_server_name: 'crm', action }));
  expect(draft).toMatchObject({ action: 'approval.decision', outcome, decision: action });
});

describe('who and when', () => {
  const wrapped = (fields: object) => draftOf({ claude_code_hook: hook('Stop'), ...fields });

  test.each([
    [{}, { basis: 'none' }],
    [{ device: 'd-1' }, { kind: 'device', basis: 'device', id: 'd-1' }],
    [
      { device: 'd-1', user: { name: 'Ada' } },
      { kind: 'device', basis: 'device', id: 'd-1' },
    ],
    [
      { device: 'd-1', user: { id: 'u-1' } },
      { kind: 'user', basis: 'account_id', id: 'u-1' },
    ],
    [{ user: { email: 'ada@m.example' } }, { kind: 'user', basis: 'email_claim', email: 'ada@m.example' }],
    [{ user: { id: 'u-1', basis: 'mtls' } }, { kind: 'user', basis: 'mtls', id: 'u-1' }],
  ])('%j', (fields, claims) => expect(wrapped(fields).claims).toEqual(claims));

  test('a payload alone tells neither', () => {
    const draft = draftOf(hook('Stop'));
    expect([draft.occurred_at, draft.claims]).toEqual([undefined, { basis: 'none' }]);
  });

  test('a payload is told alike, wrapped or not', () => {
    const payload = hook('PostToolUse', { tool_name: 'Read', tool_input: { file_path: '/a' }, tool_use_id: 't' });
    expect(draftOf({ claude_code_hook: payload })).toEqual(draftOf(payload));
  });
});

test.each([
  [{ ...hook('Stop'), prompt_id: 7 }, 'prompt_id'],
  [{ claude_code_hook: hook('Stop', { prompt_id: 7 }) }, 'claude_code_hook.prompt_id'],
  [{ claude_code_hook: hook('a reason to stop') }, 'claude_code_hook.hook_event_name'],
  [{ claude_code_hook: null }, 'claude_code_hook'],
  [{ claude_code_hook: hook('Stop'), time: '2026-03-04T09:15:00' }, 'time'],
  [{ claude_code_hook: hook('Stop'), time: '2026-02-30T09:15:00Z' }, 'time'],
  [{ claude_code_hook: hook('Stop'), user: 'ada' }, 'user'],
  [{ claude_code_hook: hook('Stop'), user: { basis: 'idp', name: 'Ada' } }, 'user.basis'],
  [{ ...hook('PostToolUse'), duration_ms: -1 }, 'duration_ms'],
])('%j is turned down at %s', (message, place) => {
  expect(claudeCodeHooks.detect(message)).toBe(true);
  const verdict = claudeCodeHooks.read(message);
  expect(verdict).toMatchObject({ kind: 'rejected', reason: expect.stringContaining(`${place}: `) });
});

test.each([
  ['an envelope around a payload', { trailhouse: 1, claude_code_hook: hook('Stop') }],
  ['a hook of Codex', hook('PreToolUse', { turn_id: 't-1' })],
  ['a hook of Gemini CLI', hook('BeforeTool', { timestamp: '2026-03-04T09:15:00Z' })],
  ['a hook of Cursor', { hook_event_name: 'beforeShellExecution', conversation_id: 'c-1', session_id: 's-1' }],
  ['an answer of a hook', { hookSpecificOutput: { hookEventName: 'PreToolUse' } }],
  ['settings', { hooks: { PreToolUse: [] } }],
])('%s is none of ours', (_, message) => expect(claudeCodeHooks.detect(message)).toBe(false));

const folder = process.env.SAMPLES;
if (folder === undefined) console.warn('SAMPLES names no folder: real payloads are NOT tried');

describe.skipIf(folder === undefined)('real payloads', () => {
  const judged = folder === undefined ? [] : judgeSamples(folder);
  const documented = judged.filter(({ file }) => file.startsWith('claude-code-hooks/'));

  test('hook inputs of the documentation are accepted, settings and answers are none of ours', () => {
    const read = documented.filter(({ kind }) => kind !== 'undetected');
    expect(read.length).toBeGreaterThan(25);
    expect(read.filter(({ kind, format }) => kind !== 'accepted' || format !== 'claude-code-hooks')).toEqual([]);
  });

  test('hooks of other agents are not taken for Claude Code’s', () => {
    const taken = judged.filter(({ format }) => format === 'claude-code-hooks').map(({ file }) => file.split('/')[0]);
    expect([...new Set(taken)].sort()).toEqual(['claude-code-hooks', 'claude-code-otel']);
  });
});

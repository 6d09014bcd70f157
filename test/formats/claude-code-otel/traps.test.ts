import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../services/core/event.ts';
import { claudeCodeOtel } from '../../../services/formats/claude-code-otel/index.ts';
import { readJson, readProto } from '../../../services/otlp/read.ts';
import { type Writable, writeJson, writeProto } from '../../../services/otlp/write.ts';

function message(attributes: Readonly<Record<string, unknown>>, changes: Partial<Writable> = {}): Writable {
  return {
    resource: { attributes: { 'service.name': 'claude-code' } },
    scope: { name: 'com.anthropic.claude_code.events', attributes: {} },
    time_unix_nano: '1790000000123000000',
    attributes,
    ...changes,
  };
}

function draftOf(attributes: Readonly<Record<string, unknown>>, changes: Partial<Writable> = {}): Draft {
  const verdict = claudeCodeOtel.read(readProto(writeProto([message(attributes, changes)])));
  const [draft] = verdict.kind === 'accepted' ? verdict.drafts : [];
  if (draft === undefined) throw new Error(JSON.stringify(verdict));
  return draft;
}

const reasonOf = (attributes: Readonly<Record<string, unknown>>): string => {
  const verdict = claudeCodeOtel.read(readProto(writeProto([message(attributes)])));
  return verdict.kind === 'rejected' ? verdict.reason : verdict.kind;
};

describe('numbers', () => {
  const usage = { 'event.name': 'api_request', output_tokens: '57', cost_usd_micros: '3016', duration_ms: '2310.5' };

  test('come as text and become numbers', () => {
    expect(draftOf(usage)).toMatchObject({ tokens_completion: 57, cost_micro_usd: 3016, latency_ms: 2310.5 });
    expect(Object.keys(draftOf(usage).attributes)).toEqual(['scope.name', 'attributes.event.name']);
  });

  test('a text that the number cannot give back stays an attribute', () => {
    const draft = draftOf({ ...usage, duration_ms: '2310.50', output_tokens: '057' });
    expect(draft).toMatchObject({ latency_ms: 2310.5, tokens_completion: 57 });
    expect(draft.attributes).toMatchObject({ 'attributes.duration_ms': '2310.50', 'attributes.output_tokens': '057' });
  });

  test('cached tokens are added to the prompt, and the raw count stays', () => {
    const cached = { input_tokens: '9', cache_read_tokens: 18230, cache_creation_tokens: '2210' };
    const draft = draftOf({ ...usage, ...cached });
    expect(draft).toMatchObject({ tokens_prompt: 20449, tokens_cache_read: 18230, tokens_cache_write: 2210 });
    expect(draft.attributes).toMatchObject({ 'attributes.input_tokens': '9' });
  });

  test('without cached tokens the column is the raw count', () => {
    const draft = draftOf({ ...usage, input_tokens: '812', cache_read_tokens: '0' });
    expect(draft.tokens_prompt).toBe(812);
    expect(draft.attributes).not.toHaveProperty(['attributes.input_tokens']);
  });

  test('cached tokens alone are no count of the prompt', () => {
    expect(draftOf({ ...usage, cache_read_tokens: 5 }).tokens_prompt).toBeUndefined();
  });

  test('dollars become micro-dollars where those are missing', () => {
    const draft = draftOf({ 'event.name': 'api_request', cost_usd: '0.0030155' });
    expect(draft.cost_micro_usd).toBe(3016);
    expect(draft.attributes).toMatchObject({ 'attributes.cost_usd': '0.0030155' });
  });
});

describe('the name of an event', () => {
  test.each([
    [{ 'event.name': 'user_prompt' }, {}],
    [{ 'event.name': 'claude_code.user_prompt' }, {}],
    [{}, { event_name: 'claude_code.user_prompt' }],
    [{}, { body: 'claude_code.user_prompt' }],
  ])('%j %j', (attributes, changes) => {
    expect(draftOf(attributes, changes).action).toBe('llm.prompt');
  });

  test('one that is not known keeps everything', () => {
    const draft = draftOf({ 'event.name': 'session_teleported', target_kind: 'cloud', model: 'claude-opus-6' });
    expect(draft).toMatchObject({ action: 'activity.other', outcome: 'unknown' });
    expect(draft.attributes).toMatchObject({
      'attributes.event.name': 'session_teleported',
      'attributes.model': 'claude-opus-6',
    });
    expect(draft.content).toEqual({ attributes: { target_kind: 'cloud' } });
  });

  test.each(['constructor', '__proto__', ''])('%j is none', (name) => {
    expect(draftOf({ 'event.name': name }).action).toBe('activity.other');
  });

  test('a body that is no name is content', () => {
    expect(draftOf({ 'event.name': 'user_prompt' }, { body: 'see ticket 12' }).content).toEqual({
      body: 'see ticket 12',
    });
  });
});

describe('tools', () => {
  const result = (tool_name: string, more: object = {}) => draftOf({ 'event.name': 'tool_result', tool_name, ...more });

  test.each([
    ['Bash', 'shell.exec'],
    ['Read', 'file.read'],
    ['Glob', 'file.read'],
    ['MultiEdit', 'file.write'],
    ['WebSearch', 'network.request'],
    ['mcp__jira__create_issue', 'mcp.tool.call'],
    ['mcp_tool', 'mcp.tool.call'],
    ['TodoWrite', 'tool.call'],
    ['toString', 'tool.call'],
  ])('%s is %s', (name, action) => expect(result(name).action).toBe(action));

  test('an MCP tool is named by its parameters, else by its compound name', () => {
    expect(result('mcp__jira__get__all')).toMatchObject({
      mcp_server: 'jira',
      tool_name: 'get__all',
      target: 'jira/get__all',
    });
    const tool_parameters = '{"mcp_server_name":"Jira Cloud","mcp_tool_name":"get"}';
    expect(result('mcp_tool', { tool_parameters })).toMatchObject({ mcp_server: 'Jira Cloud', tool_name: 'get' });
    expect(result('mcp_tool', { tool_parameters }).attributes).toMatchObject({ 'attributes.tool_name': 'mcp_tool' });
  });

  test('the whole command goes before the cut one', () => {
    const tool_input = '{"command":"cut…"}';
    expect(result('Bash', { tool_input }).command).toBe('cut…');
    expect(result('Bash', { tool_input, tool_parameters: '{"full_command":"whole"}' }).command).toBe('whole');
  });

  test('arguments that were cut or are no object say nothing, and are kept', () => {
    for (const tool_input of ['{"file_path":"/a', '[1]', 'null', '{"file_path":7}']) {
      const draft = result('Read', { tool_input });
      expect(draft.file_paths).toBeUndefined();
      expect(draft.content).toEqual({ attributes: { tool_input } });
    }
  });

  test('success comes as text, and may be missing', () => {
    expect(result('Read', { success: 'false' }).outcome).toBe('failure');
    expect(result('Read', { success: true }).outcome).toBe('success');
    expect(result('Read').outcome).toBe('unknown');
  });
});

describe('time and identity of a record', () => {
  const named = { 'event.name': 'user_prompt', 'session.id': 's', 'event.sequence': 7 };

  test('nanoseconds that a column loses stay an attribute', () => {
    const draft = draftOf(named, { time_unix_nano: '1790000000123456789' });
    expect(draft.occurred_at).toBe(1790000000123456);
    expect(draft.attributes).toMatchObject({ time_unix_nano: '1790000000123456789' });
  });

  test('the attribute stands in for a missing time', () => {
    const stamped = { ...named, 'event.timestamp': '2026-09-21T14:13:20.123+02:00' };
    expect(draftOf(stamped, { time_unix_nano: undefined }).occurred_at).toBe(
      Date.UTC(2026, 8, 21, 12, 13, 20, 123) * 1000,
    );
    expect(draftOf(named, { time_unix_nano: undefined }).occurred_at).toBeUndefined();
  });

  test('a sequence that starts again in a resumed session is another event', () => {
    const first = draftOf(named);
    expect(first.source_event_id).toBe('s/7/1790000000123000000');
    expect(draftOf(named, { time_unix_nano: '1790000100000000000' }).source_event_id).not.toBe(first.source_event_id);
    expect(draftOf({ 'event.name': 'user_prompt', 'session.id': 's' }).source_event_id).toBeUndefined();
  });
});

describe('attributes of the wrong kind are refused with their place', () => {
  test.each([
    ['input_tokens', -5, 'is no count'],
    ['input_tokens', 'many', 'is no count'],
    ['cost_usd', 1e308, 'is no amount'],
    ['session.id', 5, 'is no text'],
    ['success', 'maybe', 'is neither true nor false'],
    ['event.timestamp', '2026-02-30T00:00:00Z', 'is no time'],
    ['prompt', ['a'], 'is no text'],
  ])('%s %j', (name, value, reason) => {
    expect(reasonOf({ [name]: value })).toBe(`records.0.attributes.${name}: ${reason}`);
  });

  test('not so in a record of another service', () => {
    const other = message(
      { input_tokens: -5 },
      { resource: { attributes: { 'service.name': 'shop' } }, scope: { attributes: {} } },
    );
    const verdict = claudeCodeOtel.read(readProto(writeProto([message({}), other])));
    expect(verdict).toMatchObject({ kind: 'accepted', drafts: [{}, { action: 'activity.other', product: 'shop' }] });
  });
});

test('knows its own messages and no others', () => {
  const other = message({}, { resource: { attributes: { 'service.name': 'shop' } }, scope: { attributes: {} } });
  expect(claudeCodeOtel.detect(readJson(writeJson([other, message({})])))).toBe(true);
  expect(claudeCodeOtel.detect(readJson(writeJson([other])))).toBe(false);
  for (const value of [
    null,
    'x',
    {},
    [],
    { records: 1 },
    { records: [1, null, {}] },
    { records: [{ resource: null, scope: 1, attributes: {} }] },
  ])
    expect(claudeCodeOtel.detect(value)).toBe(false);
});

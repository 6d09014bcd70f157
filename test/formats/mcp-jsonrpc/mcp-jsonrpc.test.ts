import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Draft } from '../../../services/core/event.ts';
import { mcpJsonrpc } from '../../../services/formats/mcp-jsonrpc/index.ts';
import { judge, judgeSamples } from '../../support/samples.ts';

const request = (method: string, params: object = {}, id: unknown = 1) => ({ jsonrpc: '2.0', id, method, params });
const response = (result: object, id: unknown = 1) => ({ jsonrpc: '2.0', id, result });
const failure = (code: number, id: unknown = 1) => ({ jsonrpc: '2.0', id, error: { code, message: 'no' } });

const draftsOf = (message: object): readonly Draft[] => {
  const verdict = mcpJsonrpc.read(message);
  if (verdict.kind !== 'accepted') throw new Error(JSON.stringify(verdict));
  return verdict.drafts;
};
const draftOf = (message: object): Draft | undefined => draftsOf(message)[0];

test.each([
  ['tools/call', 'mcp.tool.call'],
  ['initialize', 'mcp.server.connect'],
  ['server/discover', 'mcp.server.connect'],
  ['sampling/createMessage', 'llm.request'],
  ['elicitation/create', 'mcp.request'],
  ['resources/read', 'mcp.request'],
  ['prompts/get', 'mcp.request'],
  ['tools/list', 'mcp.request'],
  ['constructor', 'mcp.request'],
  ['notifications/tools/list_changed', 'session.event'],
])('%s is %s, and its outcome is not known before its answer', (method, action) => {
  expect(draftOf(request(method))).toMatchObject({ action, outcome: 'unknown', mcp_method: method });
});

describe('how a call ended', () => {
  const call = request('tools/call', { name: 'find' });

  test.each([
    ['a result', response({ content: [] }), 'success'],
    ['a complete result', response({ resultType: 'complete', content: [] }), 'success'],
    ['a result that is an error', response({ content: [], isError: true }), 'failure'],
    ['a result that asks for input', response({ resultType: 'input_required' }), 'unknown'],
    ['a result of a kind to come', response({ resultType: 'streaming' }), 'unknown'],
    ['a task that goes on', response({ task: { taskId: 't-1', status: 'working' } }), 'unknown'],
    ['an error', failure(-32602), 'failure'],
    ['an error of a server that could not read the id', failure(-32700, null), 'failure'],
    ['nothing', null, 'unknown'],
  ])('%s', (_, answer, outcome) => expect(draftOf({ request: call, response: answer })?.outcome).toBe(outcome));

  test('an error by its code', () => {
    const draft = draftOf({ request: call, response: failure(-32602) });
    expect(draft).toMatchObject({ status_code: -32602, error_type: '-32602', error_message: 'no' });
  });

  test('a person who turns sampling down', () => {
    const asked = request('sampling/createMessage');
    expect(draftOf({ request: asked, response: failure(-1) })?.outcome).toBe('denied');
    expect(draftOf({ request: call, response: failure(-1) })?.outcome).toBe('failure');
  });
});

test('a call whose halves come alone is counted once', () => {
  const halves = [request('tools/call', { name: 'find' }), response({ content: [], isError: true })];
  const drafts = halves.map((half) => draftOf({ mcp: half, session: 's-1' }));
  expect(drafts.map((draft) => draft?.action)).toEqual(['mcp.tool.call', 'session.event']);
  expect(drafts.map((draft) => [draft?.session_id, draft?.request_id])).toEqual([
    ['s-1', '1'],
    ['s-1', '1'],
  ]);
  expect(drafts[1]?.outcome).toBe('failure');
});

test.each([
  [undefined, 'find', undefined, 'find', 'find'],
  [undefined, 'crm/find', 'crm', 'find', 'crm/find'],
  ['crm', 'find', 'crm', 'find', 'crm/find'],
  ['crm', 'crm/find', 'crm', 'find', 'crm/find'],
  ['gateway', 'crm/find', 'gateway', 'crm/find', 'gateway/crm/find'],
  [undefined, 'crm/', undefined, 'crm/', 'crm/'],
  [undefined, '/find', undefined, '/find', '/find'],
])('at server %s, tool %s', (server, name, mcp_server, tool_name, target) => {
  const draft = draftOf({ server, request: request('tools/call', { name }) });
  expect([draft?.mcp_server, draft?.tool_name, draft?.target]).toEqual([mcp_server, tool_name, target]);
});

test('what a gateway calls itself is no server of a tool that names its own', () => {
  const meta = { _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'gateway' } } };
  const at = (name: string) => draftOf({ request: request('tools/call', { name }), response: response(meta) });
  expect(at('crm/find')).toMatchObject({ mcp_server: 'crm', tool_name: 'find' });
  expect(at('find')).toMatchObject({ mcp_server: 'gateway', target: 'gateway/find' });
});

test('Claude Code’s id of a call joins it with its hooks', () => {
  const _meta = { 'claudecode/toolUseId': 'toolu_1' };
  expect(draftOf(request('tools/call', { name: 'find', _meta }))?.tool_use_id).toBe('toolu_1');
});

describe('traces', () => {
  const [trace, span] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
  const traced = (traceparent: unknown) => draftOf(request('tools/list', { _meta: { traceparent } }));

  test('a traceparent', () => {
    const draft = traced(`00-${trace}-${span}-01`);
    expect(draft).toMatchObject({ trace_id: trace, span_id: span });
    expect(draft?.attributes).toEqual({ traceparent: `00-${trace}-${span}-01` });
  });

  test.each([['nonsense'], [`00-${'0'.repeat(32)}-${span}-01`], [`00-${trace}-${'0'.repeat(16)}-01`], [7]])(
    '%s is none, and is content',
    (traceparent) => {
      const draft = traced(traceparent);
      expect([draft?.trace_id, draft?.span_id, draft?.attributes]).toEqual([undefined, undefined, {}]);
      expect(draft?.content).toEqual({ request: { params: { _meta: { traceparent } } } });
    },
  );
});

describe('elicitations', () => {
  const asked = request('elicitation/create', { message: 'Which?' });

  test.each([
    ['accept', 'success'],
    ['decline', 'denied'],
    ['cancel', 'unknown'],
  ])('%s is %s', (action, outcome) => {
    const draft = draftOf({ request: asked, response: response({ action }) });
    expect(draft).toMatchObject({ action: 'approval.decision', outcome, decision: action });
  });

  test('an answer that is none leaves a request', () => {
    const draft = draftOf({ request: asked, response: response({ action: 'constructor' }) });
    expect(draft).toMatchObject({ action: 'mcp.request', outcome: 'success' });
    expect(draft?.decision).toBeUndefined();
  });

  test('answers that a request brings are acts of their own', () => {
    const inputResponses = { a: { action: 'decline' }, b: { role: 'assistant', model: 'm-1' }, c: { roots: [] }, d: 7 };
    const drafts = draftsOf({ id: 'cap-1', request: request('tools/call', { name: 'find', inputResponses }) });
    expect(drafts.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['mcp.tool.call', 'unknown'],
      ['approval.decision', 'denied'],
      ['llm.request', 'success'],
    ]);
    expect(drafts.map(({ source_event_id }) => source_event_id)).toEqual(['cap-1', 'cap-1/a', 'cap-1/b']);
    expect(drafts[0]?.content).toEqual({ request: { params: { inputResponses: { c: { roots: [] }, d: 7 } } } });
  });
});

test('headers are content, but for the session and the client, however they are spelt', () => {
  const headers = { AUTHORIZATION: 'Bearer x', 'Mcp-Session-Id': 's-2', 'USER-AGENT': 'client/1', Cookie: ['a', 'b'] };
  const draft = draftOf({ mcp: request('tools/list'), headers });
  expect(draft).toMatchObject({ session_id: 's-2', user_agent: 'client/1' });
  expect(draft?.attributes).toEqual({});
  expect(draft?.content).toEqual({ capture: { headers: { AUTHORIZATION: 'Bearer x', Cookie: ['a', 'b'] } } });
});

test.each([
  [{}, { basis: 'none' }],
  [{ email: 'ada@m.example' }, { kind: 'user', basis: 'email_claim', email: 'ada@m.example' }],
  [{ id: 'u-1' }, { kind: 'user', basis: 'account_id', id: 'u-1' }],
  [
    { id: 'u-1', basis: 'idp' },
    { kind: 'user', basis: 'idp', id: 'u-1' },
  ],
])('user %j', (user, claims) => expect(draftOf({ mcp: request('tools/list'), user })?.claims).toEqual(claims));

describe('what holds no act', () => {
  const progress = (params: object) => ({ jsonrpc: '2.0', method: 'notifications/progress', params });

  test.each([
    ['a ping', request('ping')],
    ['a ping and its answer', { request: request('ping'), response: response({}) }],
    ['the end of the handshake', { jsonrpc: '2.0', method: 'notifications/initialized' }],
    ['progress', progress({ progress: 1, total: 2 })],
  ])('%s is skipped', (_, message) => expect(mcpJsonrpc.read(message).kind).toBe('skipped'));

  test.each([
    ['a ping that failed', { request: request('ping'), response: failure(-32603) }],
    ['progress in words', progress({ progress: 1, message: 'reading accounts' })],
  ])('%s is kept', (_, message) => expect(mcpJsonrpc.read(message).kind).toBe('accepted'));
});

test.each([
  [{ ...request('tools/list'), jsonrpc: '1.0' }, 'jsonrpc'],
  [request(''), 'method'],
  [{ ...request('tools/list'), params: ['a'] }, 'params'],
  [{ ...request('tools/list'), id: true }, 'id'],
  [{ ...response({}), error: { code: 1 } }, 'result'],
  [{ jsonrpc: '2.0', id: 1, error: null }, 'result'],
  [{ jsonrpc: '2.0', id: 1, error: { code: 'E1' } }, 'error.code'],
  [{ request: request('tools/list'), response: response({}, 2) }, 'response.id'],
  [{ request: request('tools/list'), response: response({}, '1') }, 'response.id'],
  [{ mcp: request('tools/list'), response: response({}) }, 'mcp'],
  [{ mcp: { ...request('tools/list'), method: 1 } }, 'mcp.method'],
  [{ mcp: request('tools/list'), time: '2026-03-04T09:15:00' }, 'time'],
  [{ mcp: request('tools/list'), direction: 'up' }, 'direction'],
  [{ mcp: request('tools/list'), user: { name: 'Ada', basis: 'idp' } }, 'user.basis'],
  [{ mcp: request('tools/list'), headers: [] }, 'headers'],
])('%j is turned down at %s', (message, place) => {
  expect(mcpJsonrpc.detect(message)).toBe(true);
  const verdict = mcpJsonrpc.read(message);
  expect(verdict).toMatchObject({ kind: 'rejected', reason: expect.stringContaining(`${place}: `) });
});

test.each([
  ['an envelope', { trailhouse: 1, mcp: request('tools/list') }],
  ['parameters alone', { name: 'find', arguments: {} }],
  ['a request of another protocol', { request: { method: 'GET' }, response: { status: 200 } }],
  ['a list of messages', [request('tools/list')]],
])('%s is none of ours', (_, message) => expect(mcpJsonrpc.detect(message)).toBe(false));

const folder = process.env.SAMPLES;
if (folder === undefined) console.warn('SAMPLES names no folder: real payloads are NOT tried');

describe.skipIf(folder === undefined)('real payloads', () => {
  test.each([
    'spec-2025-06-18-docs-messages',
    'spec-2025-11-25-docs-messages',
    'spec-2026-07-28-docs-messages',
    'spec-2026-07-28-examples',
  ])('messages of %s are read, parts of messages are none of ours', (name) => {
    const judged = payloadsOf(`${folder}/mcp-protocol/${name}.jsonl`).map((payload) => ({
      payload,
      ...judge(payload),
    }));
    const messages = judged.filter(({ payload }) => Object.hasOwn(payload, 'jsonrpc'));
    expect(messages.length).toBeGreaterThan(30);
    expect(messages.filter(({ kind, format }) => kind === 'rejected' || format !== 'mcp-jsonrpc')).toEqual([]);
    expect(judged.filter(({ payload, kind }) => !Object.hasOwn(payload, 'jsonrpc') && kind !== 'undetected')).toEqual(
      [],
    );
  });

  test('nothing of another source is taken for a capture', () => {
    const taken = judgeSamples(folder ?? '').filter(({ format }) => format === 'mcp-jsonrpc');
    expect(taken.filter(({ file }) => !file.startsWith('mcp-protocol/'))).toEqual([]);
  });
});

/** Each line holds a message, or a part of one, beside where the specification has it. */
const line = z.object({ payload: z.custom<object>((payload) => typeof payload === 'object' && payload !== null) });

function payloadsOf(file: string): readonly object[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((text) => text.trim() !== '').map((text) => line.parse(JSON.parse(text)).payload);
}

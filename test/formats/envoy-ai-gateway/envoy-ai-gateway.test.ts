import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../services/core/event.ts';
import { envoyAiGateway } from '../../../services/formats/envoy-ai-gateway/index.ts';
import { judgeSamples } from '../../support/samples.ts';

const line = (fields: object = {}) => ({
  start_time: '2026-09-14T09:15:02.418Z',
  response_code: 200,
  response_flags: '-',
  'gen_ai.request.model': 'fast',
  'x-request-id': 'r1',
  ...fields,
});

const nothing = { 'gen_ai.request.model': null };

describe('who a header names is a claim', () => {
  test.each([
    [
      'by an address',
      { 'x-user-email': 'ines@harbour.example' },
      { kind: 'user', basis: 'email_claim', email: 'ines@harbour.example' },
    ],
    ['by an id', { 'user.id': '00u31', 'x-team-id': 'returns' }, { basis: 'account_id', id: '00u31', team: 'returns' }],
    ['a tenant alone', { 'x-tenant-id': 'harbour' }, { basis: 'none', organisation: 'harbour' }],
    ['nobody', { 'user.id': '-', 'user.email': null }, { basis: 'none' }],
  ])('%s', (_, fields, claims) => expect(only(line(fields)).claims).toEqual(claims));
});

describe('what was done, and how it ended', () => {
  const mcp = { ...nothing, 'mcp.method.name': 'tools/call', 'mcp.provider.name': 'orders' };
  test.each([
    [{}, 'llm.request', 'success'],
    [{ response_code: 400 }, 'llm.request', 'failure'],
    [{ response_code: '503' }, 'llm.request', 'failure'],
    [{ response_code: 0 }, 'llm.request', 'failure'],
    [{ response_code: 403 }, 'llm.request', 'denied'],
    [{ response_code: 429 }, 'ratelimit.exceeded', 'denied'],
    [{ response_code: 503, response_flags: 'RL' }, 'ratelimit.exceeded', 'denied'],
    [{ response_flags: 'UC,DI' }, 'llm.request', 'failure'],
    [{ response_flags: 'DI' }, 'llm.request', 'success'],
    [mcp, 'mcp.tool.call', 'unknown'],
    [{ ...mcp, 'mcp.method.name': 'initialize' }, 'mcp.server.connect', 'unknown'],
    [{ ...mcp, 'mcp.method.name': null }, 'mcp.request', 'unknown'],
    [{ ...mcp, response_code: 502 }, 'mcp.tool.call', 'failure'],
    [{ ...nothing, 'x-envoy-origin-path': '/v1/messages?beta=true' }, 'llm.request', 'success'],
    [{ ...nothing, response_code: 401, response_flags: 'UAEX' }, 'activity.other', 'denied'],
  ])('%j', (fields, action, outcome) => expect(only(line(fields))).toMatchObject({ action, outcome }));

  test('a line of neither model nor MCP server is left out', () => {
    const listing = line({ ...nothing, 'x-envoy-origin-path': '/v1/models' });
    expect(envoyAiGateway.detect(listing)).toBe(true);
    expect(envoyAiGateway.read(listing)).toMatchObject({
      kind: 'skipped',
      reason: expect.stringMatching(/^message: /),
    });
  });
});

describe('names', () => {
  const tokens = { tokens_prompt: 120, tokens_completion: 60, model_requested: 'fast', target: 'default/openai' };
  test.each([
    [
      'of the semantic conventions',
      { 'gen_ai.usage.input_tokens': 120, 'gen_ai.usage.output_tokens': 60, 'gen_ai.provider.name': 'default/openai' },
    ],
    [
      'of earlier documentation',
      { genai_tokens_input: 120, genai_tokens_output: 60, genai_backend_name: 'default/openai' },
    ],
    ['of the metadata', { llm_input_token: '120', llm_output_token: '60', backend_name: 'default/openai' }],
    [
      'of the metadata, whole',
      { 'io.envoy.ai_gateway': { llm_input_token: 120, llm_output_token: 60, backend_name: 'default/openai' } },
    ],
  ])('%s', (_, fields) => expect(only(line(fields))).toMatchObject(tokens));

  test('a backend is no provider, and a cost has no currency', () => {
    const draft = only(line({ 'gen_ai.provider.name': 'default/openai', 'gen_ai.usage.custom_total_cost': 3821 }));
    expect([draft.provider, draft.cost_micro_usd]).toEqual([undefined, undefined]);
    expect(draft.attributes).toMatchObject({ 'gen_ai.usage.custom_total_cost': '3821' });
  });

  test('what an operator adds is content', () =>
    expect(only(line({ department: 'returns' })).content).toEqual({ department: 'returns' }));
});

test.each([
  ['inside', 120, 100, 120],
  ['beside', 20, 100, 120],
])('cached tokens %s the prompt are counted once', (_, input, cached, prompt) => {
  const fields = { 'gen_ai.usage.input_tokens': input, 'gen_ai.usage.cache_read.input_tokens': cached };
  expect(only(line(fields))).toMatchObject({ tokens_prompt: prompt, tokens_cache_read: cached });
});

test.each([
  [{ 'gen_ai.response.model': 'gpt-5-mini', 'gen_ai.request.model_override': 'mini' }, 'gpt-5-mini'],
  [{ 'gen_ai.request.model_override': 'mini' }, 'mini'],
  [{ 'gen_ai.request.model_override': 'mini', response_code: 500 }, undefined],
  [{}, undefined],
])('%j was served by %s', (fields, model) => expect(only(line(fields)).model_served).toBe(model));

test.each([
  ['the only one', '10.0.0.7', '10.40.1.22:51844', '10.0.0.7'],
  ['the peer, of many', '203.0.113.9, 10.0.0.7', '10.40.1.22:51844', '10.40.1.22'],
  ['the peer', undefined, '[2001:db8::7]:51844', '[2001:db8::7]'],
  ['none', undefined, undefined, undefined],
])('the client’s address: %s', (_, forwarded, peer, address) =>
  expect(only(line({ 'x-forwarded-for': forwarded, downstream_remote_address: peer })).client_address).toBe(address),
);

test('requests to several MCP servers are no copies of each other', () => {
  const ids = ['orders', 'parcels'].map((server) => only(line({ ...nothing, mcp_backend: server })).source_event_id);
  expect(ids).toEqual(['r1 orders', 'r1 parcels']);
});

test.each([
  ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'],
  [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, undefined, undefined],
])('traceparent %s', (traceparent, trace, span) => {
  const draft = only(line({ traceparent }));
  expect([draft.trace_id, draft.parent_span_id]).toEqual([trace, span]);
  expect(draft.attributes.traceparent).toBe(traceparent);
});

test.each([
  [line({ response_code: 'two hundred' }), 'response_code'],
  [line({ response_code: null }), 'response_code'],
  [line({ start_time: 1789377302 }), 'start_time'],
])('%j is turned down by its place', (message, place) =>
  expect(envoyAiGateway.read(message)).toMatchObject({
    kind: 'rejected',
    reason: expect.stringContaining(`${place}: `),
  }),
);

test.each([
  ['an envelope', { ...line(), trailhouse: 1 }],
  ['a line of another Envoy', { start_time: '2026-09-14T09:15:02.418Z', response_code: 200, method: 'GET' }],
  [
    'a log of another gateway',
    { timestamp: '2026-09-14T09:15:02.418Z', 'gen_ai.request.model': 'fast', 'http.status': 200 },
  ],
])('%s is none of it', (_, message) => expect(envoyAiGateway.detect(message)).toBe(false));

const samples = process.env.SAMPLES;
if (samples === undefined) console.warn('SAMPLES names no folder: real access log lines are NOT tried');

test.skipIf(samples === undefined)('real lines are accepted', () => {
  const found = judgeSamples(`${samples}/envoy-ai-gateway`);
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter(({ kind, format }) => kind !== 'accepted' || format !== 'envoy-ai-gateway')).toEqual([]);
});

function only(message: unknown): Draft {
  expect(envoyAiGateway.detect(message)).toBe(true);
  const verdict = envoyAiGateway.read(message);
  const [draft, ...more] = verdict.kind === 'accepted' ? verdict.drafts : [];
  if (draft === undefined || more.length > 0) throw new Error(JSON.stringify(verdict));
  return draft;
}

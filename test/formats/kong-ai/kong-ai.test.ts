import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../services/core/event.ts';
import { kongAi } from '../../../services/formats/kong-ai/index.ts';
import { judgeSamples } from '../../support/samples.ts';

const usage = { prompt_tokens: 120, completion_tokens: 60, cost: 0.0004125 };
const meta = { request_model: 'fast', response_model: 'gpt-5-mini', provider_name: 'openai' };

const entry = (fields: object = {}) => ({
  started_at: 1789377302418,
  client_ip: '10.40.1.22',
  request: { id: 'r1', url: 'http://ai.harbour.example/chat', headers: {} },
  response: { status: 200 },
  latencies: { request: 2744, proxy: 2670 },
  service: { name: 'orders' },
  ai: { proxy: { meta, usage } },
  ...fields,
});

const mcp = (section: object) => entry({ ai: { mcp: section } });

describe('who', () => {
  const credential = { id: 'key-9' };
  test.each([
    [
      'a consumer by the name it has elsewhere',
      { consumer: { id: 'u1', username: 'ines', custom_id: '00u31' }, authenticated_entity: credential },
      { basis: 'gateway_key', id: '00u31', name: 'ines' },
    ],
    [
      'a consumer named by an address',
      { consumer: { id: 'u1', username: 'ines@harbour.example' }, authenticated_entity: credential },
      { basis: 'gateway_key', id: 'u1', name: 'ines@harbour.example', email: 'ines@harbour.example' },
    ],
    ['a credential alone', { authenticated_entity: credential }, { basis: 'gateway_key', id: 'key-9' }],
    [
      'whom anonymous requests pass for',
      { consumer: { id: 'u0', username: 'anyone' } },
      { basis: 'account_id', id: 'u0', name: 'anyone' },
    ],
    ['nobody', { consumer: null }, { basis: 'none' }],
  ])('%s', (_, fields, claims) => expect(first(entry(fields)).claims).toEqual(claims));

  test('an access rule names who it let pass where the entry does not, and never a group as a person', () => {
    const audit = (consumer: object) => mcp({ audit: [{ action: 'allow', consumer }] });
    const person = { id: 'u1', name: 'ines', identifier: 'consumer' };
    const group = { id: 'g1', name: 'warehouse', identifier: 'consumer_group' };
    expect(first(audit(person)).claims).toEqual({ basis: 'gateway_key', id: 'u1', name: 'ines' });
    expect(first(audit(group)).claims).toEqual({ basis: 'gateway_key', groups: ['warehouse'] });
    const known = { consumer: { id: 'u7' }, authenticated_entity: credential };
    expect(first({ ...audit(person), ...known }).claims).toEqual({ basis: 'gateway_key', id: 'u7' });
  });
});

describe('how it ended', () => {
  test.each([
    [200, 'llm.request', 'success'],
    [400, 'llm.request', 'failure'],
    [401, 'llm.request', 'denied'],
    [429, 'ratelimit.exceeded', 'denied'],
    [502, 'llm.request', 'failure'],
    [undefined, 'llm.request', 'unknown'],
  ])('%s is %s, %s', (status, action, outcome) =>
    expect(first(entry({ response: { status } }))).toMatchObject({ action, outcome }),
  );

  test('other traffic is left out, unless Kong turned somebody away', () => {
    expect(kongAi.read(entry({ ai: null }))).toMatchObject({ kind: 'skipped', reason: expect.stringMatching(/^ai: /) });
    const away = { ai: undefined, response: { status: 403 } };
    expect(first(entry(away))).toMatchObject({ action: 'activity.other', outcome: 'denied' });
    expect(kongAi.read(entry({ ...away, source: 'upstream' }))).toMatchObject({ kind: 'skipped' });
  });

  test('a batch loses none of its entries', () => {
    const found = drafts([entry(), entry({ ai: null, request: { id: 'r2' } })]);
    expect(found.map(({ action, source_event_id }) => [action, source_event_id])).toEqual([
      ['llm.request', 'r1'],
      ['activity.other', 'r2'],
    ]);
  });
});

describe('calls of models', () => {
  test.each([
    ['as docs name the proxy', { proxy: { meta, usage } }],
    [
      'as older logs name it',
      { 'ai-proxy-advanced': { meta, usage: { prompt_token: 120, completion_token: 60, cost: 0.0004125 } } },
    ],
  ])('%s', (_, ai) =>
    expect(first(entry({ ai }))).toMatchObject({
      model_requested: 'fast',
      model_served: 'gpt-5-mini',
      provider: 'openai',
      tokens_prompt: 120,
      tokens_completion: 60,
      cost_micro_usd: 413,
    }),
  );

  test('each is an event with its own tokens and cost; the caller’s own is the first', () => {
    const found = drafts(entry({ ai: { 'ai-request-transformer': { usage: { cost: 0.1 } }, proxy: { meta, usage } } }));
    expect(
      found.map(({ cost_micro_usd, outcome, source_event_id }) => [source_event_id, outcome, cost_micro_usd]),
    ).toEqual([
      ['r1', 'success', 413],
      ['r1/ai-request-transformer', 'unknown', 100000],
    ]);
  });

  test('a judge inside another call is cut out once', () => {
    const judge = { meta: { ...meta, response_model: 'gpt-5' }, usage: { llm_accuracy: 14 } };
    const found = drafts(entry({ ai: { proxy: { meta }, other: { usage, 'ai-llm-as-judge': judge } } }));
    expect(found.map(({ source_event_id }) => source_event_id)).toEqual(['r1', 'r1/other/ai-llm-as-judge', 'r1/other']);
    expect(found.filter(({ attributes }) => JSON.stringify(attributes).includes('llm_accuracy'))).toHaveLength(1);
    expect(found[1]).toMatchObject({ model_served: 'gpt-5' });
    expect(found[1]?.model_requested).toBe(undefined);
  });
});

describe('MCP', () => {
  test.each([
    ['tools/call', 'mcp.tool.call'],
    ['initialize', 'mcp.server.connect'],
    ['prompts/get', 'mcp.request'],
    [undefined, 'mcp.request'],
  ])('%s is %s', (method, action) => expect(first(mcp({ rpc: [{ method }] })).action).toBe(action));

  test('an error is a failure, whatever the status', () => {
    const found = drafts(mcp({ rpc: [{ method: 'tools/call', tool_name: 'cancel', error: 'it has been sent' }, {}] }));
    expect(found.map(({ outcome }) => outcome)).toEqual(['failure', 'success']);
    expect(found[0]).toMatchObject({
      error_message: 'it has been sent',
      target: 'orders/cancel',
      mcp_server: 'orders',
    });
  });

  test.each([
    ['allow', 'success', 'accept'],
    ['deny', 'denied', 'reject'],
    ['review', 'unknown', undefined],
  ])('a rule that says %s is %s', (action, outcome, decision) => {
    const draft = first(mcp({ audit: [{ action, primitive: 'tool', primitive_name: 'cancel', scope: 'primitive' }] }));
    expect(draft).toMatchObject({ action: 'permission.decision', outcome, policy: 'primitive', tool_name: 'cancel' });
    expect(draft.decision).toBe(decision);
  });

  test('what is no request in the list stays', () => {
    expect(first(mcp({ rpc: ['stray', { method: 'ping' }] })).content).toMatchObject({
      ai: { mcp: { rpc: ['stray'] } },
    });
    expect(first(mcp({ rpc: 'none' }))).toMatchObject({
      action: 'mcp.request',
      content: { ai: { mcp: { rpc: 'none' } } },
    });
  });
});

describe('guardrails', () => {
  const guarded = (guard: object, status = 200) =>
    drafts(entry({ response: { status }, ai: { proxy: { meta, 'aws-guardrails': guard } } }));

  test.each([
    ['ran', { input_processing_latency: 12 }, 'pass', 1],
    ['masked', { output_processing_latency: 9, output_masked: true }, 'mask', 2],
    ['blocked', { input_processing_latency: 12, input_block_reason: 'said no' }, 'block', 2],
    ['blocked, by its source', { input_block_source: 'ai-aws-guardrails' }, 'block', 2],
  ])('one that %s', (_, guard, verdict, events) => {
    const found = guarded(guard);
    expect(found[0]?.guardrails?.map((record) => record.verdict)).toEqual([verdict]);
    expect(found).toHaveLength(events);
  });

  test('one that blocked denies the call, whatever the status', () => {
    const [call, fired] = guarded({ input_block_reason: 'said no', output_processing_latency: 3 }, 400);
    expect(call).toMatchObject({ action: 'llm.request', outcome: 'denied' });
    expect(fired).toMatchObject({
      action: 'guardrail.fired',
      outcome: 'denied',
      policy: 'aws-guardrails',
      source_event_id: 'r1/proxy/aws-guardrails',
      error_message: 'said no',
    });
    expect(fired?.cost_micro_usd).toBe(undefined);
    expect(fired?.guardrails?.map(({ phase, verdict }) => [phase, verdict])).toEqual([
      ['input', 'block'],
      ['output', 'pass'],
    ]);
  });

  test('what the sanitizer replaced is content', () => {
    const item = { entity_type: 'EMAIL', original: 'ines@harbour.example', sanitized: 'X' };
    const sanitizer = { pii_identified: 2, pii_sanitized: 1, sanitized_items: [item] };
    const [, fired] = drafts(entry({ ai: { proxy: { meta }, sanitizer } }));
    expect(fired).toMatchObject({
      guardrails: [{ name: 'sanitizer', verdict: 'mask', mode: 'mutate', categories: ['EMAIL'], masked_count: 1 }],
      content: { ai: { sanitizer: { sanitized_items: [item] } } },
    });
  });
});

test.each([
  [entry({ ai: 'none' }), 'ai'],
  [entry({ request: [] }), 'request'],
  [[entry(), entry({ consumer: 'ines' })], '1.consumer'],
])('a section of another kind is turned down by its place', (message, place) =>
  expect(kongAi.read(message)).toMatchObject({ kind: 'rejected', reason: expect.stringContaining(`${place}: `) }),
);

test.each([
  ['an envelope', { ...entry(), trailhouse: 1 }],
  ['another section named ai', { ai: { enabled: true } }],
  ['another log', { request: {}, response: {}, started_at: 1 }],
])('%s is none of it', (_, message) => expect(kongAi.detect(message)).toBe(false));

const samples = process.env.SAMPLES;
if (samples === undefined) console.warn('SAMPLES names no folder: real Kong logs are NOT tried');

test.skipIf(samples === undefined)('real entries are accepted', () => {
  const found = judgeSamples(`${samples}/kong-ai-gateway`);
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter(({ kind, format }) => kind !== 'accepted' || format !== 'kong-ai')).toEqual([]);
});

function drafts(message: unknown): readonly Draft[] {
  expect(kongAi.detect(message)).toBe(true);
  const verdict = kongAi.read(message);
  if (verdict.kind !== 'accepted') throw new Error(JSON.stringify(verdict));
  return verdict.drafts;
}

function first(message: unknown): Draft {
  const [draft] = drafts(message);
  if (draft === undefined) throw new Error('no event');
  return draft;
}

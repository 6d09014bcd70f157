import { describe, expect, test } from 'vitest';
import type { Action, Draft, Outcome } from '../../../../services/core/event.ts';
import { litellm } from '../../../../services/formats/litellm/index.ts';
import { litellmSpend } from '../../../../services/formats/litellm/spend/index.ts';
import { unfolded } from '../../../../services/formats/litellm/spend/unfold.ts';
import { judgeSamples } from '../../../support/samples.ts';

const row = (fields: object = {}) => ({
  request_id: 'chatcmpl-1',
  call_type: 'acompletion',
  api_key: 'f'.repeat(64),
  spend: 0.0004125,
  startTime: '2026-09-14 09:15:02.418371',
  endTime: '2026-09-14 09:15:03.418371',
  status: 'success',
  metadata: '{}',
  ...fields,
});

describe('a row and the standard logging payload of one call', () => {
  const key = { user_api_key_alias: 'ada-laptop', user_api_key_user_id: 'ada', user_api_key_team_id: 'team-7' };
  const masked = { guardrail_name: 'pii', guardrail_status: 'guardrail_intervened', masked_entity_count: { EMAIL: 2 } };
  const both = {
    call_type: 'acompletion',
    status: 'success',
    litellm_call_id: 'call-1',
    session_id: 's-1',
    model: 'gpt-5-mini',
    model_group: 'fast',
    custom_llm_provider: 'openai',
    prompt_tokens: 120,
    completion_tokens: 60,
  };
  const payload = {
    ...both,
    id: 'chatcmpl-1',
    response_cost: 0.0004125,
    startTime: 1789377302.418371,
    endTime: 1789377303.418371,
    metadata: { ...key, user_api_key_hash: 'f'.repeat(64) },
    guardrail_information: [masked],
  };
  const spend = row({ ...both, metadata: JSON.stringify({ ...key, guardrail_information: [masked] }) });

  test('are the same events, but for what only one of them says', () => {
    const [ours, theirs] = [drafts(litellmSpend, spend), drafts(litellm, payload)].map((all) => all.map(columnsOf));
    expect(ours).toEqual(theirs);
    expect(ours?.map(({ source_event_id }) => source_event_id)).toEqual(['chatcmpl-1', 'chatcmpl-1/guardrail/0']);
  });

  test('are never taken for each other', () => {
    expect([litellm.detect(spend), litellmSpend.detect(spend)]).toEqual([false, true]);
    expect([litellm.detect(payload), litellmSpend.detect(payload)]).toEqual([true, false]);
  });
});

describe('JSON in text', () => {
  test.each([
    ['an object', '{"a": 1}', { a: 1 }],
    ['a float of Python', '{"a": 2.5e-06, "b": 0.00022500000000000002}', { a: 0.0000025, b: 0.00022500000000000002 }],
    ['colons and quotes in texts', String.raw`{"a": "x: \"y\": {", "b": "\\"}`, { a: 'x: "y": {', b: '\\' }],
    ['nothing', '{}', {}],
  ])('%s is read', (_, response, value) => expect(unfolded({ response })).toEqual({ response: value }));

  test.each([
    ['a sentence', 'Three orders are late.'],
    ['what was cut', '{"a": "x'],
    ['a number alone', '12'],
    ['a key that stands twice', '{"a": 1, "a": 2}'],
    ['a number past 2^53', '{"a": 12345678901234567890}'],
    ['half a surrogate pair', String.raw`{"a": "\ud800"}`],
    ['a NUL in a key', String.raw`{"\u0000": 1}`],
    ['a thousand levels', '['.repeat(1000) + ']'.repeat(1000)],
  ])('%s stays text', (_, response) => expect(unfolded({ response })).toEqual({ response }));

  test('a column that holds no JSON is left alone', () =>
    expect(unfolded({ model: '{"a":1}' })).toEqual({ model: '{"a":1}' }));

  test('that is empty says nothing', () => {
    const empty = row({ messages: '{}', response: '{}', proxy_server_request: '{}', request_tags: '[]' });
    expect(only(empty).content).toBe(undefined);
  });

  test('metadata that are no JSON are content, and the row tells what it can', () => {
    const draft = only(row({ metadata: 'lost', user: 'ada', team_id: 'team-7' }));
    expect(draft.claims).toEqual({ kind: 'user', basis: 'gateway_key', id: 'ada', team: 'team-7' });
    expect(draft.content).toEqual({ metadata: 'lost' });
  });
});

describe('who', () => {
  const alias = { user_api_key_alias: 'nightly', user_api_key_team_alias: 'returns' };
  test.each([
    ['the user of a key', { user: 'ada' }, { kind: 'user', basis: 'gateway_key', id: 'ada' }],
    [
      'a key by its alias',
      { metadata: alias },
      { kind: 'service', basis: 'gateway_key', id: 'nightly', team: 'returns' },
    ],
    ['a key by its hash', {}, { kind: 'service', basis: 'gateway_key', id: 'f'.repeat(64) }],
    ['a team without a key', { api_key: '', team_id: 'team-7' }, { basis: 'none', team: 'team-7' }],
    ['nobody', { api_key: '', end_user: 'customer-9' }, { basis: 'none' }],
  ])('%s', (_, fields, claims) => expect(only(row(fields)).claims).toEqual(claims));
});

describe('how it ended', () => {
  const failed = (error_information: object) => ({ status: 'failure', metadata: { error_information } });
  test.each<[object, Action, Outcome]>([
    [{}, 'llm.request', 'success'],
    [{ status: undefined }, 'llm.request', 'unknown'],
    [{ status: null, metadata: '{"status": "failure"}' }, 'llm.request', 'failure'],
    [failed({ error_code: '503' }), 'llm.request', 'failure'],
    [failed({ error_code: '401' }), 'llm.request', 'denied'],
    [failed({ error_code: '429' }), 'ratelimit.exceeded', 'denied'],
    [failed({ error_rate_limit_type: 'budget' }), 'budget.exceeded', 'denied'],
    [{ call_type: 'call_mcp_tool' }, 'mcp.tool.call', 'success'],
    [{ call_type: 'list_mcp_tools' }, 'mcp.request', 'success'],
  ])('%j', (fields, action, outcome) => expect(only(row(fields))).toMatchObject({ action, outcome }));
});

describe('times', () => {
  const at = Date.UTC(2026, 8, 14, 9, 15, 2) * 1000;
  test.each([
    ['2026-09-14 09:15:02.418371', at + 418371],
    ['2026-09-14T09:15:02.418Z', at + 418000],
    ['2026-09-14T11:15:02+02:00', at],
    ['not a time', undefined],
    [null, undefined],
  ])('%s', (startTime, occurred) => expect(only(row({ startTime })).occurred_at).toBe(occurred));

  test.each([
    ['as long as it took', {}, 1000, undefined],
    ['streamed', { completionStartTime: '2026-09-14 09:15:02.668371' }, 1000, 250],
    ['not streamed: the end again', { completionStartTime: '2026-09-14 09:15:03.418371' }, 1000, undefined],
    ['by the duration alone', { endTime: null, request_duration_ms: 998 }, 998, undefined],
    ['a clock set back', { endTime: '2026-09-14 09:15:01' }, undefined, undefined],
  ])('%s', (_, fields, latency, first) => {
    const draft = only(row(fields));
    expect([draft.latency_ms, draft.time_to_first_token_ms]).toEqual([latency, first]);
  });
});

test.each([
  ['inside', 120, { usage_object: { prompt_tokens_details: { cached_tokens: 100 } } }, 120],
  ['beside', 20, { usage_object: { cache_read_input_tokens: 100 } }, 120],
  ['beside, in an older row', 20, { additional_usage_values: { cache_read_input_tokens: 100 } }, 120],
])('cached tokens %s the prompt are counted once', (_, prompt_tokens, metadata, tokens_prompt) =>
  expect(only(row({ prompt_tokens, metadata }))).toMatchObject({ tokens_prompt, tokens_cache_read: 100 }),
);

test('a batch gives the events of each row', () => {
  const found = drafts(litellmSpend, [row(), row({ request_id: 'chatcmpl-2' })]);
  expect(found.map(({ source_event_id }) => source_event_id)).toEqual(['chatcmpl-1', 'chatcmpl-2']);
  expect(litellmSpend.read([])).toEqual({ kind: 'skipped', reason: 'message: empty batch' });
  expect(litellmSpend.read([row(), row({ request_id: 7 })])).toMatchObject({
    kind: 'rejected',
    reason: expect.stringMatching(/^1\.request_id: /),
  });
});

test('keeps a leaf spelt __proto__', () => {
  const message: unknown = JSON.parse(
    '{"request_id":"1","call_type":"x","spend":0,"startTime":"","__proto__":{"said":"something"}}',
  );
  expect(JSON.stringify(only(message).content)).toBe('{"__proto__":{"said":"something"}}');
});

test('an envelope is never taken for a row', () =>
  expect(litellmSpend.detect({ ...row(), trailhouse: 1 })).toBe(false));

const samples = process.env.SAMPLES;
if (samples === undefined) console.warn('SAMPLES names no folder: real spend rows are NOT tried');

test.skipIf(samples === undefined)('real rows are accepted', () => {
  const found = judgeSamples(`${samples}/litellm`).filter(({ format }) => format === 'litellm-spend');
  expect(found.map(({ file }) => file)).toContain('gcs_pub_sub_spend_logs_payload.json');
  expect(found.filter(({ kind }) => kind !== 'accepted')).toEqual([]);
});

function drafts(format: typeof litellm, message: unknown): readonly Draft[] {
  expect(format.detect(message)).toBe(true);
  const verdict = format.read(message);
  if (verdict.kind !== 'accepted') throw new Error(JSON.stringify(verdict));
  return verdict.drafts;
}

function only(message: unknown): Draft {
  const [draft, ...more] = drafts(litellmSpend, message);
  if (draft === undefined || more.length > 0) throw new Error(`${more.length + 1} events`);
  return draft;
}

/** Without the leaves that have no column, and the columns that were not filled. */
function columnsOf({ attributes: _, personal_attributes: __, content: ___, ...columns }: Draft): Partial<Draft> {
  return JSON.parse(JSON.stringify(columns));
}

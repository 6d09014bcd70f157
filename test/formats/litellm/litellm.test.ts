import { describe, expect, test } from 'vitest';
import type { Action, Draft, Outcome } from '../../../services/core/event.ts';
import { litellm } from '../../../services/formats/litellm/index.ts';

const key = { user_api_key_hash: 'f'.repeat(64), user_api_key_alias: 'ada-laptop', user_api_key_team_id: 'team-7' };

const payload = (fields: object = {}) => ({
  id: 'chatcmpl-1',
  call_type: 'acompletion',
  status: 'success',
  startTime: 1789379700.251843,
  endTime: 1789379701.904377,
  metadata: key,
  ...fields,
});

const failure = (error_information: object, fields: object = {}) =>
  payload({ status: 'failure', error_information, ...fields });

describe('who', () => {
  test.each([
    [{ user_api_key_user_id: 'ada' }, { kind: 'user', basis: 'gateway_key', id: 'ada', team: 'team-7' }],
    [
      { user_api_key_user_email: 'ada@m.example', user_api_key_team_alias: 'checkout' },
      { kind: 'user', basis: 'gateway_key', email: 'ada@m.example', team: 'checkout' },
    ],
    [{}, { kind: 'service', basis: 'gateway_key', id: 'ada-laptop', team: 'team-7' }],
    [
      { user_api_key_alias: null, user_api_key_hash: '' },
      { basis: 'none', team: 'team-7' },
    ],
  ])('%j', (more, claims) => {
    const { claims: said } = call(payload({ metadata: { ...key, ...more }, end_user: 'customer-9' }));
    expect(said).toEqual(claims);
  });

  test('an end user is what the caller wrote, not who acted', () => {
    const draft = call(payload({ metadata: null, end_user: 'customer-9' }));
    expect(draft.claims).toEqual({ basis: 'none' });
    expect(draft.personal_attributes).toMatchObject({ end_user: 'customer-9' });
  });
});

describe('how it ended', () => {
  test.each<[object, Action, Outcome]>([
    [payload(), 'llm.request', 'success'],
    [payload({ status: undefined }), 'llm.request', 'unknown'],
    [failure({ error_code: '503' }), 'llm.request', 'failure'],
    [failure({ error_code: 401 }), 'llm.request', 'denied'],
    [failure({ error_rate_limit_type: 'budget' }), 'budget.exceeded', 'denied'],
    [failure({ error_class: 'BudgetExceededError', error_code: '429' }), 'budget.exceeded', 'denied'],
    [failure({}, { error_str: 'ExceededBudget: User=ada over budget.' }), 'budget.exceeded', 'denied'],
    [failure({ error_rate_limit_category: 'vendor_rate_limit' }), 'ratelimit.exceeded', 'denied'],
    [failure({ error_code: '429' }), 'ratelimit.exceeded', 'denied'],
    [payload({ error_information: { error_code: '429' } }), 'llm.request', 'success'],
    [failure({}, { status_fields: { guardrail_status: 'guardrail_intervened' } }), 'llm.request', 'denied'],
    [payload({ call_type: 'call_mcp_tool' }), 'mcp.tool.call', 'success'],
    [payload({ call_type: 'list_mcp_tools' }), 'mcp.request', 'success'],
  ])('%j', (message, action, outcome) => expect(call(message)).toMatchObject({ action, outcome }));
});

describe('models', () => {
  test.each([
    [{ model: 'gpt-5-mini' }, 'gpt-5-mini', 'gpt-5-mini'],
    [{ model: 'gpt-5-mini', model_group: 'fast' }, 'fast', 'gpt-5-mini'],
    [{ model: 'x', model_group: 'fast', response: { model: 'x-2026-05-01' } }, 'fast', 'x-2026-05-01'],
    [{ model: 'x', model_group: '', status: 'failure' }, 'x', undefined],
  ])('%j', (fields, model_requested, model_served) => {
    const draft = call(payload(fields));
    expect([draft.model_requested, draft.model_served]).toEqual([model_requested, model_served]);
  });

  test('the region of AWS is in the address', () => {
    const api_base = 'https://bedrock-runtime.us-gov-west-1.amazonaws.com/model';
    expect(call(payload({ api_base })).region).toBe('us-gov-west-1');
  });
});

describe('sessions', () => {
  const id = '3c2f0a9e-5b14-4d27-8c6a-9e1d7b40f5a2';
  test.each([
    [{ session_id: 'mine' }, 'mine'],
    [{ session_id: 'new', metadata: { requester_custom_headers: { 'x-claude-code-session-id': id } } }, id],
    [{ session_id: 'new', metadata: { requester_metadata: { user_id: `user_7f_account_0b_session_${id}` } } }, id],
    [{ metadata: { mcp_tool_call_metadata: { name: 'search', mcp_session_id: 'mcp-7' } } }, 'mcp-7'],
    [{ session_id: null }, undefined],
  ])('%j', (fields, session) => expect(call(payload(fields)).session_id).toBe(session));
});

describe('guardrails that stepped in', () => {
  const run = { guardrail_name: 'pii', guardrail_mode: 'pre_call', guardrail_response: 'said by the guardrail' };
  const masked = { ...run, guardrail_status: 'guardrail_intervened', masked_entity_count: { EMAIL: 2, PHONE: 1 } };
  const passed = { ...run, guardrail_name: 'toxicity', guardrail_status: 'success' };

  test('are events of their own, each leaf with one of them', () => {
    const [first, second, ...more] = drafts(payload({ guardrail_information: [passed, masked], prompt_tokens: 7 }));
    expect(more).toEqual([]);
    expect(first?.guardrails?.map(({ verdict }) => verdict)).toEqual(['pass', 'mask']);
    expect(first?.content).toEqual({ guardrail_information: [{ guardrail_response: 'said by the guardrail' }] });
    expect(second).toMatchObject({
      action: 'guardrail.fired',
      outcome: 'success',
      policy: 'pii',
      source_event_id: 'chatcmpl-1/guardrail/1',
      claims: first?.claims,
      guardrails: [{ name: 'pii', phase: 'pre_call', mode: 'mutate', verdict: 'mask', masked_count: 3 }],
      content: { guardrail_information: [{ guardrail_response: 'said by the guardrail' }] },
    });
    expect(second?.tokens_prompt).toBe(undefined);
    expect(first?.attributes).toMatchObject({ 'guardrail_information.0.guardrail_name': 'toxicity' });
  });

  test.each([
    ['guardrail_flagged', 'success', 'flag', 2],
    ['guardrail_intervened', 'failure', 'block', 2],
    ['guardrail_failed_to_respond', 'success', 'error', 1],
    ['not_run', 'success', 'not_run', 1],
    ['a word of next year', 'success', '', 1],
  ])('%s in a %s is %s', (guardrail_status, status, verdict, events) => {
    const found = drafts(payload({ status, guardrail_information: [{ ...run, guardrail_status }] }));
    expect(found.length).toBe(events);
    expect(found[0]?.guardrails?.[0]?.verdict).toBe(verdict);
  });
});

test('a batch gives the events of each of its payloads', () => {
  const found = drafts([payload(), payload({ id: 'chatcmpl-2' })]);
  expect(found.map(({ source_event_id }) => source_event_id)).toEqual(['chatcmpl-1', 'chatcmpl-2']);
  expect(litellm.read([])).toEqual({ kind: 'skipped', reason: 'message: empty batch' });
  expect(litellm.read([payload(), { id: 7 }])).toMatchObject({ reason: expect.stringMatching(/^1\.id: /) });
});

test('keeps a leaf spelt __proto__', () => {
  const message: unknown = JSON.parse('{"id":"1","call_type":"x","startTime":1,"__proto__":{"said":"something"}}');
  expect(JSON.stringify(call(message).content)).toBe('{"__proto__":{"said":"something"}}');
});

test.each([
  ['its own envelope', { ...payload(), trailhouse: 1 }],
  ['a row of its spend logs', { request_id: '1', call_type: 'acompletion', startTime: '', spend: 0.1 }],
  ['an entry of the activity feed', { id: '1', type: 'claude_chat_viewed', actor: { type: 'user_actor' } }],
  [
    'an audit row of ContextForge',
    { id: '1', action: 'tool.call', resource_type: 'tool', user_email: 'ada@m.example' },
  ],
  ['an empty list', []],
])('does not take %s for a payload', (_, message) => expect(litellm.detect(message)).toBe(false));

function drafts(message: unknown): readonly Draft[] {
  const verdict = litellm.read(message);
  if (verdict.kind !== 'accepted') throw new Error(`${verdict.kind}: ${verdict.reason}`);
  return verdict.drafts;
}

/** The event of the call itself. */
function call(message: unknown): Draft {
  const [draft] = drafts(message);
  if (draft === undefined) throw new Error('no draft');
  return draft;
}

import { describe, expect, test } from 'vitest';
import type { Draft, Outcome } from '../../../services/core/event.ts';
import type { Verdict } from '../../../services/core/format.ts';
import { claudeCompliance } from '../../../services/formats/claude-compliance/index.ts';

const ada = { type: 'user_actor', email_address: 'ada@meridian.example', user_id: 'user_01Fk' };

const entry = (type: string, fields: object = {}, actor: object = ada) => ({
  id: 'activity_01',
  created_at: '2026-09-14T08:10:27Z',
  organization_uuid: '5d0c7e14-92ab-4c3f-8e61-0a7b94d2f3c8',
  actor,
  type,
  ...fields,
});

describe('who', () => {
  test.each([
    [ada, { kind: 'user', basis: 'idp', id: 'user_01Fk', email: 'ada@meridian.example' }],
    [
      { type: 'api_actor', api_key_id: 'apikey_1' },
      { kind: 'service', basis: 'gateway_key', id: 'apikey_1' },
    ],
    [
      { type: 'unauthenticated_user_actor', unauthenticated_email_address: 'eve@x.example' },
      { kind: 'user', basis: 'email_claim', email: 'eve@x.example' },
    ],
    [
      { type: 'anthropic_actor', email_address: null },
      { kind: 'system', basis: 'none', name: 'Anthropic' },
    ],
    [
      { type: 'system_actor', service: 'exports' },
      { kind: 'system', basis: 'none', name: 'exports' },
    ],
    [
      { type: 'attested_device_actor', kid_hash: '9b74' },
      { kind: 'device', basis: 'mtls', id: '9b74' },
    ],
    [
      { type: 'hologram_actor', user_id: 'user_01Fk' },
      { kind: 'unknown', basis: 'account_id', id: 'user_01Fk' },
    ],
    [
      { type: 'hologram_actor', beam: 7 },
      { kind: 'unknown', basis: 'none' },
    ],
    [{}, { kind: 'unknown', basis: 'none' }],
  ])('%j', (actor, claims) => {
    const { organisation, ...said } = only(entry('claude_chat_viewed', {}, actor)).claims;
    expect(said).toEqual(claims);
    expect(organisation).toBe('5d0c7e14-92ab-4c3f-8e61-0a7b94d2f3c8');
  });

  test.each(['sso_login_failed', 'sso_login_initiated', 'step_up_authentication_failed'])(
    'who did not get in has proven nothing: %s',
    (type) => expect(only(entry(type)).claims.basis).toBe('email_claim'),
  );
});

describe('how it ended', () => {
  test.each<[string, object, Outcome]>([
    ['claude_chat_viewed', {}, 'success'],
    ['claude_chat_access_failed', {}, 'denied'],
    ['claude_chat_deletion_failed', {}, 'failure'],
    ['sso_login_initiated', {}, 'unknown'],
    ['abuse_decision_received', { decision: 'blocked' }, 'denied'],
    ['platform_federated_authentication', { status: { outcome: 'failure' } }, 'failure'],
    ['platform_federated_authentication', { status: { outcome: 'a word of next year' } }, 'unknown'],
    ['github_token_import', { result: 'rejected_feature_disabled' }, 'denied'],
    ['github_token_import', { result: 'failed_internal' }, 'failure'],
    ['org_external_key_validated', { validation_result: 'failure' }, 'failure'],
    ['ccr_agent_proxy_network_events_listed', { failed: true }, 'failure'],
    ['compliance_api_accessed', { status_code: 200 }, 'success'],
    ['compliance_api_accessed', { status_code: 403 }, 'denied'],
    ['compliance_api_accessed', { status_code: 503 }, 'failure'],
    ['org_join_proposal_decided', { approved: false }, 'denied'],
  ])('%s %j: %s', (type, fields, outcome) => expect(only(entry(type, fields)).outcome).toBe(outcome));
});

describe('what it was done to', () => {
  test.each([
    ['platform_agent_session_resource_added', { session_id: 's', resource_id: 'r', workspace_id: 'w' }, 'r'],
    ['claude_chat_snapshot_created', { claude_chat_id: 'c', claude_chat_snapshot_id: 'cs' }, 'cs'],
    ['claude_project_file_deleted', { claude_project_id: 'p', claude_file_id: 'f' }, 'f'],
    ['platform_workspace_member_added', { workspace_id: 'w', user_id: 'u' }, 'u'],
    ['platform_workspace_archived', { workspace_id: 'w' }, 'w'],
    ['org_user_invite_sent', { invited_email: 'bo@meridian.example' }, 'bo@meridian.example'],
  ])('%s', (type, fields, target) => expect(only(entry(type, fields)).target).toBe(target));
});

describe('pages', () => {
  const page = { data: [entry('claude_chat_created'), entry('claude_chat_viewed')], has_more: true, last_id: 'a' };

  test('give an event per entry, the cursor with the first', () => {
    const [first, second] = drafts(claudeCompliance.read(page));
    expect(first?.attributes).toMatchObject({ 'feed_page.has_more': 'true', 'feed_page.last_id': 'a' });
    expect(Object.keys(second?.attributes ?? {}).filter((name) => name.startsWith('feed_page'))).toEqual([]);
  });

  test('without entries are skipped', () => {
    const empty = { data: [], has_more: false, first_id: null, last_id: null };
    expect(claudeCompliance.detect(empty)).toBe(true);
    expect(claudeCompliance.read(empty)).toEqual({ kind: 'skipped', reason: 'data: empty page, has_more false' });
  });

  test('name the place of a misfit', () => {
    const verdict = claudeCompliance.read({
      ...page,
      data: [...page.data, { ...entry('x'), created_at: 'yesterday' }],
    });
    expect(verdict).toMatchObject({ kind: 'rejected', reason: expect.stringMatching(/^data\.2\.created_at: /) });
  });
});

test('keeps a leaf spelt __proto__', () => {
  const message: unknown = JSON.parse('{"type":"t","actor":{"type":"user_actor"},"__proto__":{"said":"something"}}');
  expect(JSON.stringify(only(message).content)).toBe('{"__proto__":{"said":"something"}}');
});

test.each([
  ['its own envelope', { ...entry('claude_chat_viewed'), trailhouse: 1 }],
  ['an event of Obot', { eventType: 'mcp_call', type: 'x', actor: { actorType: 'user', id: '1' }, outcome: {} }],
  [
    'an audit row of ContextForge',
    { id: '1', action: 'tool.call', resource_type: 'tool', user_email: 'ada@m.example' },
  ],
  ['a payload of LiteLLM', { id: 'chatcmpl-1', call_type: 'acompletion', startTime: 1, actor: null }],
  ['a page of something else', { data: [{ type: 'chat', id: '1' }], has_more: false, last_id: '1' }],
])('does not take %s for an entry', (_, message) => expect(claudeCompliance.detect(message)).toBe(false));

function drafts(verdict: Verdict): readonly Draft[] {
  if (verdict.kind !== 'accepted') throw new Error(`${verdict.kind}: ${verdict.reason}`);
  return verdict.drafts;
}

function only(message: unknown): Draft {
  const [draft, ...more] = drafts(claudeCompliance.read(message));
  if (draft === undefined || more.length > 0) throw new Error('not one draft');
  return draft;
}

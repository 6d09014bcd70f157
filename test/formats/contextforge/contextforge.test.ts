import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../services/core/event.ts';
import { contextforge } from '../../../services/formats/contextforge/index.ts';

const base = {
  id: '7d0c0001-1111-4222-8333-444455556666',
  timestamp: '2026-03-04T09:30:01+00:00',
  action: 'EXECUTE',
  resource_type: 'tool',
  resource_id: 'tool-1',
  resource_name: 'tracker-get-issue',
  user_id: 'jon.ek@harbour.example',
  user_email: 'jon.ek@harbour.example',
  success: true,
};

const draftOf = (fields: object): Draft => {
  const verdict = contextforge.read({ ...base, ...fields });
  const draft = verdict.kind === 'accepted' ? verdict.drafts[0] : undefined;
  if (draft === undefined) throw new Error(JSON.stringify(verdict));
  return draft;
};

describe('who', () => {
  test.each([
    ['jwt', 'idp'],
    ['SSO', 'idp'],
    ['api_token', 'gateway_key'],
    ['basic', 'gateway_key'],
    ['mtls', 'mtls'],
    ['anonymous', 'email_claim'],
    ['constructor', 'email_claim'],
    [null, 'email_claim'],
  ])('%s rests on %s', (auth_method, basis) => expect(draftOf({ auth_method }).claims.basis).toBe(basis));

  test('an id without an address is an account', () => {
    expect(draftOf({ user_email: null, user_id: 'svc-nightly' }).claims).toEqual({
      kind: 'user',
      basis: 'account_id',
      id: 'svc-nightly',
    });
  });

  test('unknown is nobody, even with a way to sign in', () => {
    const draft = draftOf({ user_email: null, user_id: 'unknown', auth_method: 'jwt' });
    expect(draft.claims).toEqual({ basis: 'none' });
    expect(draft.personal_attributes).toEqual({ user_id: 'unknown' });
  });
});

test.each([
  ['EXECUTE', 'tool', 'mcp.tool.call'],
  ['execute_tool', 'tool', 'mcp.tool.call'],
  ['EXECUTE', 'resource', 'mcp.request'],
  ['EXECUTE', 'a2a_agent', 'activity.other'],
  ['READ', 'tool', 'data.read'],
  ['EXPORT', 'server', 'data.read'],
  ['CREATE', 'server', 'config.changed'],
  ['delete_gateway', 'gateway', 'config.changed'],
  ['UPDATE', 'user', 'config.changed'],
  ['CREATE', 'user', 'user.provisioned'],
  ['DELETE', 'user', 'user.deprovisioned'],
  ['CREATE', 'token', 'key.issued'],
  ['rotate', 'credential', 'key.rotated'],
  ['revoke_token', 'token', 'key.revoked'],
  ['UPDATE', 'role', 'role.changed'],
  ['CREATE', 'note', 'data.write'],
  ['DELETE', 'note', 'data.deleted'],
  ['login', 'session', 'auth.login'],
  ['session_refresh', 'session', 'activity.other'],
  ['constructor', 'tool', 'activity.other'],
  ['', '', 'activity.other'],
])('%s of a %s is %s', (action, resource_type, expected) => {
  expect(draftOf({ action, resource_type }).action).toBe(expected);
});

test('what was there before and after is content', () => {
  const change = { old_values: { enabled: true }, new_values: { enabled: false }, context: { note: 'x' } };
  expect(draftOf({ ...change, changes: [] }).content).toEqual(change);
});

test('a time without a zone is UTC', () => {
  const [zoned, naive] = ['2026-03-04T09:30:01.5+00:00', '2026-03-04T09:30:01.5'].map((timestamp) =>
    draftOf({ timestamp }),
  );
  expect(naive?.occurred_at).toBe(zoned?.occurred_at);
  expect(naive?.attributes).not.toHaveProperty('timestamp');
});

test.each([
  [{ user_email: 3 }, 'user_email'],
  [{ success: 'yes' }, 'success'],
  [{ timestamp: 1772616001 }, 'timestamp'],
  [{ client_ip: ['198.51.100.7'] }, 'client_ip'],
])('%j is turned down at %s', (fields, place) => {
  const verdict = contextforge.read({ ...base, ...fields });
  expect(verdict).toMatchObject({ kind: 'rejected', reason: expect.stringContaining(`${place}: `) });
});

test.each([
  { timestamp: 'now', level: 'INFO', message: 'Registered gateway' },
  { action: 'blocked', timestamp: 'now', violation_type: 'xss' },
  { ...base, trailhouse: 1 },
])('does not claim %j', (message) => expect(contextforge.detect(message)).toBe(false));

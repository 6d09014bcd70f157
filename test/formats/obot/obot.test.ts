import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../services/core/event.ts';
import { obot } from '../../../services/formats/obot/index.ts';

const base = {
  id: 7,
  timestamp: { occurredAt: '2026-03-04T09:20:01Z', recordedAt: '2026-03-04T09:20:01Z', source: 'server' },
  eventType: 'mcp_call',
  actor: { actorType: 'user', id: '42' },
  action: { operation: 'tools/call', name: 'find' },
  target: { targetType: 'mcp_tool', name: 'find', parent: { targetType: 'mcp_server', id: 'ms1', name: 'CRM' } },
  outcome: { status: 'success' },
};

const draftOf = (fields: object): Draft => {
  const verdict = obot.read({ ...base, ...fields });
  const draft = verdict.kind === 'accepted' ? verdict.drafts[0] : undefined;
  if (draft === undefined) throw new Error(JSON.stringify(verdict));
  return draft;
};

describe('who', () => {
  const reported = { timestamp: { ...base.timestamp, source: 'client_reported' } };
  const email = { environment: { reportedUserEmail: 'ines.moro@harbour.example' } };

  test.each([
    ['a signed-in user', {}, { kind: 'user', basis: 'idp', id: '42' }],
    [
      'a user by their key',
      { actor: { actorType: 'user', id: '42', credentialID: 'CLI token' } },
      { kind: 'user', basis: 'gateway_key', id: '42' },
    ],
    [
      'a key alone',
      { actor: { actorType: 'credential', id: 'ci runner' } },
      { kind: 'service', basis: 'gateway_key', id: 'ci runner' },
    ],
    ['nobody', { actor: { actorType: 'unknown' } }, { basis: 'none' }],
    ['a user, for what an endpoint reports', reported, { kind: 'user', basis: 'account_id', id: '42' }],
    [
      'a key, for what an endpoint reports',
      { ...reported, actor: { actorType: 'credential', id: 'ci runner' } },
      { kind: 'service', basis: 'account_id', id: 'ci runner' },
    ],
    [
      'a device',
      { ...reported, actor: { actorType: 'device', id: 'dev-77' } },
      { kind: 'device', basis: 'device', id: 'dev-77' },
    ],
    [
      'whom a device reports',
      { ...reported, actor: { actorType: 'device', id: 'dev-77' }, details: email },
      { kind: 'user', basis: 'email_claim', email: 'ines.moro@harbour.example' },
    ],
  ])('%s', (_, fields, claims) => expect(draftOf(fields).claims).toEqual(claims));

  test('a reported address never stands beside a user the server knows', () => {
    const draft = draftOf({ details: email });
    expect(draft.claims.email).toBeUndefined();
    expect(draft.personal_attributes).toMatchObject({
      'details.environment.reportedUserEmail': 'ines.moro@harbour.example',
    });
  });

  test('without a word on who observed it, it counts as reported', () => {
    const { source: _, ...timestamp } = base.timestamp;
    expect(draftOf({ timestamp }).claims.basis).toBe('account_id');
  });
});

test.each([
  ['success', 'success'],
  ['failure', 'failure'],
  ['denied', 'denied'],
  ['unknown', 'unknown'],
  ['timeout', 'failure'],
  ['cancelled', 'unknown'],
  ['constructor', 'unknown'],
])('outcome %s is %s', (status, outcome) => expect(draftOf({ outcome: { status } }).outcome).toBe(outcome));

test.each([
  ['tools/call', 'mcp.tool.call'],
  ['initialize', 'mcp.server.connect'],
  ['resources/read', 'mcp.request'],
  ['notifications/initialized', 'mcp.request'],
])('operation %s is %s', (operation, action) => {
  expect(draftOf({ action: { operation } })).toMatchObject({ action, mcp_method: operation });
});

test('a call that names no tool is aimed at its server', () => {
  const draft = draftOf({
    action: { operation: 'tools/call' },
    target: { targetType: 'mcp_server', id: 'ms1', name: 'CRM' },
  });
  expect(draft).toMatchObject({ action: 'mcp.tool.call', mcp_server: 'CRM', target: 'CRM' });
  expect(draft.tool_name).toBeUndefined();
});

test('bodies and headers are content, whatever they look like', () => {
  const details = {
    request: { headers: { authorization: ['Bearer x'] }, body: { a: 1 } },
    response: { body: 'text', originalBody: ['raw'] },
    rawEvent: { b: 2 },
  };
  expect(draftOf({ details }).content).toEqual({ details });
});

test.each([
  [{ outcome: { status: 3 } }, 'outcome.status'],
  [{ outcome: { status: 'success', durationMs: 1.5 } }, 'outcome.durationMs'],
  [{ outcome: { status: 'success', httpStatus: '200' } }, 'outcome.httpStatus'],
  [{ id: null }, 'id'],
  [{ actor: { actorType: 'user', id: 42 } }, 'actor.id'],
  [{ details: { webhookStatuses: [{ name: 1 }] } }, 'details.webhookStatuses.0.name'],
])('%j is turned down at %s', (fields, place) => {
  const verdict = obot.read({ ...base, ...fields });
  expect(verdict).toMatchObject({ kind: 'rejected', reason: expect.stringContaining(`${place}: `) });
});

import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../services/core/event.ts';
import { claudeAppsGateway } from '../../../services/formats/claude-apps-gateway/index.ts';
import { goldens } from '../../support/goldens.ts';
import { judgeSamples } from '../../support/samples.ts';

const TS = '2026-05-04T08:00:00Z';
const MARA = { sub: '00u7mara', email: 'mara.lind@alderbrook.example' };

const draftOf = (evt: string, fields: object = {}): Draft => {
  const verdict = claudeAppsGateway.read({ ts: TS, evt, ...fields });
  const draft = verdict.kind === 'accepted' ? verdict.drafts[0] : undefined;
  if (draft === undefined) throw new Error(JSON.stringify(verdict));
  return draft;
};

describe('who', () => {
  test.each([
    ['inference', {}, 'idp'],
    ['spend.blocked', {}, 'idp'],
    ['desktop_bootstrap.denied', {}, 'idp'],
    ['session.mint', { result: 'success' }, 'idp'],
    ['session.mint', { result: 'fail' }, 'email_claim'],
    ['session.mint', {}, 'email_claim'],
    ['session.refresh', { result: 'fail' }, 'email_claim'],
    ['device.callback', { result: 'success' }, 'email_claim'],
    ['auth.denied', {}, 'email_claim'],
    ['upstream.drained', {}, 'email_claim'],
  ])('%s %j rests on %s', (evt, fields, basis) => {
    const { sub: id, email } = MARA;
    expect(draftOf(evt, { ...MARA, ...fields }).claims).toEqual({ kind: 'user', basis, id, email });
  });

  test('a subject alone that nobody vouches for is an account', () => {
    expect(draftOf('auth.denied', { sub: 'x' }).claims).toMatchObject({ basis: 'account_id', id: 'x' });
  });

  test.each(['admin.limit.upsert', 'admin.limit.delete'])('whom %s is about did not do it', (evt) => {
    expect(draftOf(evt, MARA)).toMatchObject({ claims: { basis: 'none' }, personal_attributes: MARA });
  });
});

test.each([
  ['inference', { status: 200 }, 'llm.request', 'success'],
  ['inference', { status: 403 }, 'llm.request', 'denied'],
  ['inference', { status: 429 }, 'ratelimit.exceeded', 'denied'],
  ['inference', { status: '529' }, 'llm.request', 'failure'],
  ['inference', {}, 'llm.request', 'unknown'],
  ['config.load', {}, 'activity.other', 'success'],
  ['session.mint', { result: 'constructor' }, 'auth.login', 'unknown'],
  ['device.verify', { result: 'redirect' }, 'activity.other', 'unknown'],
  ['something.denied', { result: 'success' }, 'activity.other', 'denied'],
  ['__proto__', {}, 'activity.other', 'unknown'],
])('%s %j is %s, %s', (evt, fields, action, outcome) => {
  expect(draftOf(evt, fields)).toMatchObject({ action, outcome, attributes: { evt } });
});

test('a reason is a word, or it is content', () => {
  expect(draftOf('auth.denied', { reason: 'token_expired' }).error_type).toBe('token_expired');
  const spoken = draftOf('auth.denied', { reason: 'Ada said so' });
  expect(spoken).toMatchObject({ content: { reason: 'Ada said so' } });
  expect(spoken.error_type).toBeUndefined();
});

test('a field of another kind than the usual one is kept', () => {
  expect(draftOf('inference', { status: 'gone', model: 4, ms: 'long' }).content).toEqual({
    status: 'gone',
    model: 4,
    ms: 'long',
  });
});

test.each([
  [{ evt: 'inference' }, 'ts: is no text'],
  [{ ts: 5, evt: 'inference' }, 'ts: is no text'],
  [{ ts: TS, evt: '' }, 'evt: is empty'],
])('%j is refused', (message, reason) => {
  expect(claudeAppsGateway.read(message)).toEqual({ kind: 'rejected', reason });
});

test('an envelope is never taken for a line', () => {
  for (const { wire } of goldens(claudeAppsGateway))
    expect(claudeAppsGateway.detect({ ...Object(wire), trailhouse: 1 })).toBe(false);
});

const folder = process.env.SAMPLES;
if (folder === undefined) console.warn('SAMPLES names no folder: real lines of the Claude apps gateway are NOT tried');

test.skipIf(folder === undefined)('real lines are accepted; settings and model lists are none', () => {
  const judged = judgeSamples(`${folder}/claude-apps-gateway`);
  const lines = judged.filter(({ file }) => file.startsWith('audit-'));
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter(({ kind, format }) => kind !== 'accepted' || format !== 'claude-apps-gateway')).toEqual([]);
  expect(judged.filter(({ kind }) => kind === 'rejected' || kind === 'unreadable')).toEqual([]);
});

import { expect, test } from 'vitest';
import type { Draft } from '../../services/core/event.ts';
import { maskDraft } from '../../services/privacy/draft.ts';
import { run, TOKENS } from './credentials.ts';

const [token = ''] = TOKENS;

const clean: Draft = {
  action: 'shell.exec',
  outcome: 'success',
  occurred_at: 1,
  claims: { basis: 'idp', kind: 'user', email: 'ada@example.com', groups: ['a'] },
  command: 'ls',
  attributes: { a: 'b' },
  personal_attributes: {},
  content: { prompt: 'hello' },
};

test('returns the draft itself where there is nothing to mask', () => {
  const masked = maskDraft(clean);
  expect(masked).toEqual({ draft: clean, secrets: 0, classes: [] });
  expect(masked.draft).toBe(clean);
});

test('masks every place a text can stand, and counts', () => {
  const say = `see ${token}`;
  const draft: Draft = {
    ...clean,
    claims: { basis: 'gateway_key', id: token, email: say, name: say, groups: [say], team: say, project: say },
    source_event_id: say,
    session_id: say,
    model_requested: say,
    error_type: say,
    user_agent: say,
    target: say,
    file_paths: ['/a', say],
    command: `PGPASSWORD=${run(12)} psql`,
    error_message: say,
    guardrails: [
      { name: say, provider: say, phase: say, mode: say, verdict: say, categories: [say], masked_count: null },
    ],
    attributes: { [token]: 'x', 'request.headers.authorization': 'any thing', plain: say },
    personal_attributes: { [`of ${token}`]: say },
    content: { messages: [{ text: say }], api_key: 'short' },
  };
  const masked = maskDraft(draft);
  expect(JSON.stringify(masked.draft)).not.toContain(token);
  expect(masked.draft.command).toBe('PGPASSWORD=[masked:password] psql');
  expect(masked.draft.attributes).toEqual({
    '[masked:aws-key]': 'x',
    'request.headers.authorization': '[masked:authorization]',
    plain: 'see [masked:aws-key]',
  });
  expect(masked.secrets).toBe(JSON.stringify(masked.draft).split('[masked:').length - 1);
  expect(masked.classes).toEqual(['secret']);
  expect(maskDraft(masked.draft).secrets).toBe(0);
});

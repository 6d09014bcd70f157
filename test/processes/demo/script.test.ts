import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../services/core/event.ts';
import { byEmail, named } from '../../../services/processes/demo/company.ts';
import { lastDay } from '../../../services/processes/demo/day.ts';
import { MODELS } from '../../../services/processes/demo/models.ts';
import * as script from '../../../services/processes/demo/script.ts';
import { settledDay } from '../../support/day-events.ts';

const NOW = new Date('2026-06-02T09:30:00Z');
const { events } = settledDay(NOW);
const micros = (minute: number): number => (lastDay(NOW) + minute * 60_000) * 1000;

const where = (holds: (event: AuditEvent) => boolean): readonly AuditEvent[] => events.filter(holds);

describe('through the AI gateway', () => {
  test.each([...script.GATEWAY_CALLS])('$call is $fate', ({ call, email, fate, minute, model, provider }) => {
    const found = where(
      ({ request_id, format, action }) => request_id === call && format === 'litellm' && action !== 'guardrail.fired',
    );
    expect(found).toHaveLength(1);
    const { key } = byEmail(email);
    expect(found[0]).toMatchObject({ ...script.FATES[fate], actor_email: email, actor_confidence: 'verified' });
    expect(found[0]).toMatchObject({ provider: provider ?? 'anthropic', occurred_at: micros(minute) });
    expect(JSON.stringify(found[0]?.personal_attributes)).toContain(key.alias);
    if (model !== undefined) expect(found[0]).toMatchObject({ model_requested: model });
  });

  test.each(['budget', 'limited'] as const)('nothing else meets a limit (%s)', (fate) => {
    expect(where(({ action }) => action === script.FATES[fate].action)).toHaveLength(1);
  });

  test('guardrails fire in both modes', () => {
    const fired = where(({ action }) => action === 'guardrail.fired').map(({ guardrails: [guardrail], ...event }) => ({
      email: event.actor_email,
      outcome: event.outcome,
      product: event.product,
      verdict: guardrail?.verdict,
      mode: guardrail?.mode,
      masked: guardrail?.masked_count,
    }));
    expect(fired).toEqual(
      expect.arrayContaining([
        {
          email: script.PII_MASKED.email,
          outcome: 'success',
          product: 'litellm',
          verdict: 'mask',
          mode: 'mutate',
          masked: 2,
        },
        {
          email: script.PROMPT_BLOCKED.email,
          outcome: 'denied',
          product: 'litellm',
          verdict: 'block',
          mode: '',
          masked: null,
        },
        {
          email: script.HOOK_BLOCKED.email,
          outcome: 'denied',
          product: 'claude.ai',
          verdict: 'block',
          mode: 'validate',
          masked: null,
        },
      ]),
    );
    expect(fired).toHaveLength(3);
  });

  test('one model is outside the allowed list, one call with PHI goes to a provider that may keep it', () => {
    const allowed: readonly string[] = MODELS.map(({ name }) => name);
    const outside = where(({ model_requested }) => model_requested !== '' && !allowed.includes(model_requested));
    expect(outside.map(({ request_id }) => request_id)).toEqual([script.MODEL_OUTSIDE.call]);
    expect(script.PHI_UNCONFIRMED).toHaveLength(1);
  });
});

test('nothing else holds PHI', () => {
  const found = where(({ action, data_classes }) => action === 'llm.request' && data_classes.includes('phi'));
  expect(found.map(({ request_id }) => request_id).sort()).toEqual(script.PHI_CALLS.map(({ call }) => call).sort());
  expect(where(({ data_classes }) => data_classes.includes('phi'))).toHaveLength(found.length);
});

test('answers with PHI are reviewed, exempt, due or overdue', () => {
  const found = where(({ action }) => action === 'review.recorded');
  const said = script.PHI_CALLS.filter(({ review }) => review !== 'overdue' && review !== 'due');
  expect(script.PHI_CALLS.map(({ review }) => review).sort()).toEqual([
    ...['approved', 'due', 'exempt', 'overdue', 'rejected'],
  ]);
  expect(found.map(({ attributes, target, actor_email }) => ({ attributes, target, actor_email }))).toEqual(
    said.map(({ call, review }) => ({
      target: call,
      actor_email: script.REVIEWER.email,
      attributes: expect.objectContaining({ 'attributes.request': call, 'attributes.verdict': review }),
    })),
  );
});

test('an unapproved MCP server is refused at the gateway and used on a desktop', () => {
  const approved = ['', ...script.APPROVED_SERVERS];
  const found = where(({ mcp_server }) => !approved.includes(mcp_server));
  expect(found.map(({ action, outcome, product, actor_email }) => [action, outcome, product, actor_email])).toEqual([
    ['mcp.server.connect', 'denied', 'obot', script.UNAPPROVED_DENIED.email],
    ['mcp.server.connect', 'success', 'claude-desktop', script.UNAPPROVED_USED.email],
    ['mcp.tool.call', 'success', 'claude-desktop', script.UNAPPROVED_USED.email],
  ]);
});

describe('the life of accounts and keys', () => {
  test.each([
    ['user.provisioned', script.PROVISIONED.minute, script.PROVISIONED.email],
    ['user.deprovisioned', script.DEPROVISIONED.minute, script.DEPROVISIONED.email],
    ['key.issued', script.ISSUED_KEY.minute, script.ISSUED_KEY.alias],
    ['key.rotated', script.ROTATED_KEY.minute, script.ROTATED_KEY.alias],
    ['key.revoked', script.REVOKED_KEY.minute, script.REVOKED_KEY.alias],
  ])('%s', (action, minute, whom) => {
    const told = where((event) => event.action === action && event.origin_topic === 'identity.events');
    const found = told.filter(({ target }) => target !== script.OLD_KEY.alias);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ actor_email: named('Priya').email, actor_confidence: 'verified' });
    expect(found[0]?.occurred_at).toBe(micros(minute));
    expect(JSON.stringify(found[0])).toContain(whom);
  });

  test('one key was issued long ago and never replaced', () => {
    const { alias, ageDays } = script.OLD_KEY;
    const found = where(({ target }) => target === alias);
    expect(found.map(({ action, occurred_at }) => [action, occurred_at])).toEqual([
      ['key.issued', micros(-ageDays * 1440)],
    ]);
  });

  test('the feed of the vendor tells of both accounts, too', () => {
    const found = where(({ action, format }) => /^user\./.test(action) && format === 'claude-compliance');
    expect(found.map(({ action }) => action)).toEqual(['user.provisioned', 'user.deprovisioned']);
  });

  test('the leaver does nothing after two hours but by a key that still works', () => {
    const { email } = script.DEPROVISIONED;
    const found = where(({ actor_email }) => actor_email === email);
    expect(found.map(({ request_id }) => request_id)).toEqual([script.USE_AFTER_DEPROVISIONING.call]);
    expect(script.USE_AFTER_DEPROVISIONING.minute - script.DEPROVISIONED.minute).toBe(120);
  });
});

import { expect, test } from 'vitest';
import type { AuditEvent } from '../../../services/core/event.ts';
import { lastDay } from '../../../services/processes/demo/day.ts';
import * as script from '../../../services/processes/demo/script.ts';
import { settledDay } from '../../support/day-events.ts';

const NOW = new Date('2026-06-02T09:30:00Z');
const { events } = settledDay(NOW);
const micros = (minute: number): number => (lastDay(NOW) + minute * 60_000) * 1000;

const where = (holds: (event: AuditEvent) => boolean): readonly AuditEvent[] => events.filter(holds);
const isNamed = (word: string) => (event: AuditEvent) => event.target.includes(word) || event.command.includes(word);

test.each([...script.CONFIG_CHANGES])('$email changes $target', ({ email, action, target, session, minute }) => {
  const [found, ...others] = where((event) => event.action === action && isNamed(target)(event));
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    actor_email: email,
    session_id: session,
    outcome: 'success',
    product: 'claude-code',
  });
  expect(found?.occurred_at).toBe(micros(minute));
});

test('the change that was turned down happened nowhere', () => {
  const { target, email, session } = script.DENIED_CHANGE;
  const found = where(isNamed(target));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    action: 'permission.decision',
    outcome: 'denied',
    decision_source: 'user_reject',
  });
  expect(found[0]).toMatchObject({ actor_email: email, session_id: session });
});

test('the session that lawyers want kept is there', () => {
  expect(where(({ session_id }) => session_id === script.HOLD_WISH.session).length).toBeGreaterThan(2);
});

test('no other read of an .env is tried, and all are refused', () => {
  const found = where(
    ({ file_paths, tool_name }) => tool_name === 'Read' && file_paths.some((path) => /\.env/.test(path)),
  );
  expect(
    found.map(({ actor_email, file_paths, action, outcome }) => ({ actor_email, file_paths, action, outcome })),
  ).toEqual(
    expect.arrayContaining(
      script.DENIED_ENV_READS.map(({ email, target, outcome }) => ({
        actor_email: email,
        file_paths: [target],
        action: 'permission.decision',
        outcome,
      })),
    ),
  );
  expect(found).toHaveLength(script.DENIED_ENV_READS.length);
});

test('permissions are bypassed once', () => {
  const found = where(({ attributes }) => JSON.stringify(attributes).includes('bypassPermissions'));
  const telemetry = found.filter(({ format }) => format === 'claude-code-otel');
  expect(telemetry).toHaveLength(1);
  const { email, session, minute } = script.BYPASS;
  expect(telemetry[0]).toMatchObject({ action: 'config.changed', actor_email: email, session_id: session });
  expect(telemetry[0]?.occurred_at).toBe(micros(minute));
  expect(new Set(found.map(({ session_id }) => session_id))).toEqual(new Set([session]));
});

test('one machine keeps transcripts longer than policy allows, by its settings and by what it sweeps', () => {
  const { email, days } = script.TRANSCRIPTS_KEPT;
  const said = (name: string) => where(({ attributes }) => Object.keys(attributes).some((key) => key.includes(name)));
  const found = [...said('period_days'), ...said('cleanupPeriodDays')];
  expect(found.map(({ action, actor_email }) => [action, actor_email])).toEqual([
    ['data.deleted', email],
    ['config.changed', email],
  ]);
  for (const { attributes } of found) expect(Object.values(attributes)).toContain(String(days));
  expect(days).toBeGreaterThan(script.TRANSCRIPT_POLICY_DAYS);
});

test('a call that the gateway tells of too has one request id', () => {
  const ids = (product: string) =>
    new Set(where((event) => event.product === product).map((event) => event.request_id));
  const telemetry = where(
    ({ format, action, request_id }) => format === 'claude-code-otel' && action === 'llm.request' && request_id !== '',
  );
  for (const [product, team] of [
    ['litellm', 'data'],
    ['claude-apps-gateway', 'platform'],
  ] as const) {
    const sessions = new Set(
      where((event) => event.product === product && event.actor_team === team).map((event) => event.session_id),
    );
    const told = ids(product);
    const shared = telemetry.filter(({ session_id, request_id }) => sessions.has(session_id) || told.has(request_id));
    expect(shared.length, product).toBeGreaterThan(100);
    expect(
      shared.every(({ request_id }) => told.has(request_id)),
      product,
    ).toBe(true);
  }
});

test('one session is named by the gateway alone, another by nobody', () => {
  const { session, email } = script.LATE_NAMED;
  const late = where(({ session_id }) => session_id === session);
  const [naming] = late.filter(({ actor_email }) => actor_email !== '');
  expect(naming).toMatchObject({ actor_email: email, actor_confidence: 'verified', product: 'litellm' });
  const nameless = late.filter((event) => event !== naming);
  expect(nameless.length).toBeGreaterThan(3);
  expect(
    nameless.every(({ actor_email, actor_confidence }) => actor_email === '' && actor_confidence !== 'verified'),
  ).toBe(true);

  const never = where(({ session_id }) => session_id === script.NEVER_NAMED.session);
  const installed = where(({ device }) => device === script.NEVER_NAMED.installation);
  expect(never.length).toBeGreaterThan(3);
  expect(never).toEqual(installed);
  expect(never.every(({ actor_email }) => actor_email === '')).toBe(true);
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rules } from '../../services/detections/index.ts';
import { policyConfig } from '../../services/detections/policy.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { openFindings } from '../../services/processes/watch/findings.ts';
import { openPipeline, type Pipeline } from '../support/pipeline.ts';

let pipeline: Pipeline;
let ids = 0;
/** Noon, so that parts of a day stay within it. */
const yesterday = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 43_200_000;
const ago = (days: number): string => new Date(yesterday - days * 86_400_000).toISOString();

/** An event as Trailhouse's own envelope. */
const event = (action: string, days: number, more: object): object => ({
  trailhouse: 1,
  id: `e-${ids++}`,
  time: ago(days),
  action,
  outcome: 'success',
  ...more,
});
const person = (name: string) => ({
  actor: { kind: 'user', basis: 'idp', id: `00u-${name}`, email: `${name}@harbour.example`, team: 'claims' },
});
const about = (name: string) => ({
  actor: { kind: 'service', basis: 'idp', id: 'scim' },
  subject: { id: `00u-${name}`, email: `${name}@harbour.example`, team: 'claims' },
});
const model = (requested: string, provider = 'anthropic', region = 'eu-west-1') => ({
  model: { requested, provider, region },
});

beforeAll(async () => {
  pipeline = await openPipeline('findings');
  await pipeline.send('gateway.events', [
    event('user.provisioned', 30, about('ines')),
    event('user.deprovisioned', 10, about('ines')),
    event('llm.request', 11, { ...person('ines'), ...model('claude-opus-5') }),
    event('llm.request', 2.1, { ...person('ines'), ...model('claude-opus-5') }),
    event('llm.request', 2, { ...person('ines'), ...model('claude-opus-5') }),
    event('user.deprovisioned', 20, about('theo')),
    event('user.provisioned', 15, about('theo')),
    event('llm.request', 3, { ...person('theo'), ...model('gpt-oss-local', 'ollama', 'us-east-1') }),
    event('key.issued', 120, { ...about('ines'), target: 'key-old' }),
    event('key.issued', 120, { ...about('theo'), target: 'key-replaced' }),
    event('key.rotated', 5, { ...about('theo'), target: 'key-replaced' }),
    event('key.issued', 200, { ...about('theo'), target: 'key-gone' }),
    event('key.revoked', 199, { ...about('theo'), target: 'key-gone' }),
    event('config.changed', 4, { ...person('mara'), attributes: { cleanup_period_days: 365 } }),
    event('config.changed', 4, { ...person('theo'), attributes: { cleanupPeriodDays: '14' } }),
    event('mcp.tool.call', 1, { ...person('mara'), tool: { name: 'paste', server: 'pastebin' } }),
    event('mcp.tool.call', 1, { ...person('mara'), tool: { name: 'search', server: 'wiki' } }),
    { ...event('mcp.tool.call', 1, { ...person('mara'), tool: { name: 'x', server: 'blocked' } }), outcome: 'denied' },
  ]);
  // What an endpoint claims takes nobody's access away.
  await pipeline.send('endpoint.events', [event('user.deprovisioned', 9, about('mara'))]);
  await pipeline.settled();
});
afterAll(() => pipeline.close());

const policy = policyConfig.parse({
  models: ['claude-*'],
  mcp_servers: ['wiki'],
  transcript_days: { at_most: 30 },
  zero_data_retention: [{ provider: 'anthropic', confirmed_on: '2026-01-01' }],
  regions: [{ topic: 'gateway.events', allowed: ['eu-*'] }],
});

async function look(): Promise<number> {
  const parts = { store: pipeline.clickhouse.writer, log: pipeline.log, clock: systemClock, policy };
  const ask = openFindings(parts);
  let raised = 0;
  for (const rule of rules) raised += await ask(rule);
  await pipeline.settled();
  return raised;
}

test('each finding is raised once, names its first event and counts the others of its day', async () => {
  expect(await look()).toBe(6);
  const rows = await pipeline.clickhouse.writer.rows(
    'SELECT rule, what, person_email, team, events, severity FROM audit.findings ORDER BY rule, what',
  );
  expect(rows).toEqual([
    {
      rule: 'key-too-old',
      what: 'key-old',
      person_email: 'ines@harbour.example',
      team: 'claims',
      events: 1,
      severity: 'medium',
    },
    {
      rule: 'mcp-server-not-approved',
      what: 'pastebin',
      person_email: 'mara@harbour.example',
      team: 'claims',
      events: 1,
      severity: 'high',
    },
    {
      rule: 'model-not-allowed',
      what: 'gpt-oss-local',
      person_email: 'theo@harbour.example',
      team: 'claims',
      events: 1,
      severity: 'medium',
    },
    {
      rule: 'outside-region',
      what: 'gateway.events in us-east-1',
      person_email: 'theo@harbour.example',
      team: 'claims',
      events: 1,
      severity: 'high',
    },
    {
      rule: 'transcripts-outside-policy',
      what: '365 days',
      person_email: 'mara@harbour.example',
      team: 'claims',
      events: 1,
      severity: 'medium',
    },
    {
      rule: 'use-after-deprovisioning',
      what: '',
      person_email: 'ines@harbour.example',
      team: 'claims',
      events: 2,
      severity: 'high',
    },
  ]);
  expect(await look()).toBe(0);
});

describe('access that was taken away', () => {
  const used = (name: string): object => event('llm.request', 1, { ...person(name), ...model('claude-opus-5') });
  const found = (name: string) =>
    pipeline.clickhouse.writer.rows(
      `SELECT events, person_id FROM audit.findings WHERE rule = 'use-after-deprovisioning' AND person_email = {email:String}`,
      { email: `${name}@harbour.example` },
    );

  test('by the id alone shows in use that states an address too', async () => {
    const byId = { actor: { kind: 'service', basis: 'idp', id: 'scim' }, subject: { id: '00u-rune' } };
    await pipeline.send('gateway.events', [event('user.deprovisioned', 3, byId), used('rune'), used('rune')]);
    await pipeline.settled();
    expect(await look()).toBe(1);
    expect(await found('rune')).toEqual([{ events: 2, person_id: '00u-rune' }]);
  });

  test('by the id and given back by the address is no finding', async () => {
    const scim = { kind: 'service', basis: 'idp', id: 'scim' };
    await pipeline.send('gateway.events', [
      event('user.deprovisioned', 5, { actor: scim, subject: { id: '00u-lena' } }),
      event('user.provisioned', 4, { actor: scim, subject: { email: 'lena@harbour.example' } }),
      used('lena'),
    ]);
    await pipeline.settled();
    expect(await look()).toBe(0);
    expect(await found('lena')).toEqual([]);
  });
});

test('a name as long as an event takes is found too', async () => {
  const tool = { name: 'x', server: 'S'.repeat(999_500) };
  await pipeline.send('endpoint.events', [event('mcp.tool.call', 1, { ...person('mara'), tool })]);
  await pipeline.settled();
  expect(await look()).toBe(1);
  const [row] = await pipeline.clickhouse.writer.rows(
    "SELECT length(what) AS long FROM audit.findings WHERE startsWith(what, 'SSS')",
  );
  expect(row).toEqual({ long: 1024 });
});

test('a rule whose policy says nothing has nothing to ask', () => {
  const silent = policyConfig.parse({});
  const asked = rules.filter((rule) => rule.params(silent, new Date()) !== undefined).map(({ name }) => name);
  expect(asked).toEqual(['use-after-deprovisioning', 'key-too-old', 'review-overdue']);
});

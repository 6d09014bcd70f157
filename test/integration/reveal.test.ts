import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Asker, Desk } from '../../services/console/desk.ts';
import { phiWithoutZeroRetention, reviewOverdue } from '../../services/detections/phi.ts';
import { policyConfig } from '../../services/detections/policy.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { openKeys } from '../../services/privacy/keys.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { type DeskParts, openDesk } from '../../services/processes/desk.ts';
import { newOperator, operatorOf } from '../../services/processes/operators.ts';
import { openFindings } from '../../services/processes/watch/findings.ts';
import { openPipeline, type Pipeline } from '../support/pipeline.ts';

/** What a seal keeps, who is shown it, and what a review changes. */

const SAID = 'Patient Ada Quist, MRN 48-291-377, has type 2 diabetes; write to ada.quist@customer.example';
const asker: Asker = { id: 'os-account', address: '', userAgent: 'test' };
const [auditor, analyst] = [newOperator('ines', 'auditor'), newOperator('theo', 'analyst')];
const administrator = newOperator('vera', 'administrator');
const hashOf = (lines: string): string => /[0-9a-f]{64}/.exec(lines)?.[0] ?? '';
const operators = {
  ines: { role: 'auditor', token_sha256: hashOf(auditor.lines) },
  theo: { role: 'analyst', token_sha256: hashOf(analyst.lines) },
  vera: { role: 'administrator', token_sha256: hashOf(administrator.lines), email: 'vera@harbour.example' },
} as const;

let pipeline: Pipeline;
const yesterday = new Date(Date.now() - 86_400_000 * 2).toISOString();

const prompt = (email: string) => ({
  trailhouse: 1,
  time: yesterday,
  action: 'llm.request',
  outcome: 'success',
  actor: { kind: 'user', basis: 'idp', email },
  model: { requested: 'claude-opus-5', provider: 'elsewhere' },
  content: { prompt: SAID, key: `sk-ant-api03-${'a1B2'.repeat(24)}` },
});

beforeAll(async () => {
  const content = { rules: [{ when: { data_class: 'phi' }, keep: 'sealed' }], default: 'none' };
  pipeline = await openPipeline('reveal', { privacy: privacyConfig.parse({ content }) });
  await pipeline.send('gateway.events', [prompt('mara@harbour.example'), prompt('noor@harbour.example')]);
  await pipeline.send('gateway.events', [{ ...prompt('mara@harbour.example'), content: { prompt: 'nothing to see' } }]);
  await pipeline.settled();
});
afterAll(() => pipeline.close());

const deskParts = (): DeskParts => ({
  store: pipeline.clickhouse.writer,
  log: pipeline.log,
  keys: openKeys(join(pipeline.folder, 'keys')),
  clock: systemClock,
  retried: join(pipeline.folder, 'retried'),
  sinks: [],
  privacy: privacyConfig.parse({}),
  topics: ['gateway.events'],
  operators,
  count() {},
});

/** A desk as a process that has just started has it: no key is remembered. */
const desk = (): Desk => openDesk(deskParts());

async function idsOf(where: string): Promise<readonly string[]> {
  const rows = await pipeline.clickhouse.writer.rows(
    `SELECT toString(event_id) AS id FROM audit.trail WHERE ${where} ORDER BY origin_offset`,
  );
  return rows.map(({ id }) => String(id));
}
const PHI = "has(data_classes, 'phi')";

test('what is stored holds no one’s data, and no content where none is kept', async () => {
  const rows = await pipeline.clickhouse.writer.rows('SELECT content FROM audit.content');
  expect(rows).toHaveLength(2);
  for (const { content } of rows) expect(String(content)).not.toMatch(/48-291-377|ada\.quist|a1B2a1B2/);
});

/** A second person lets the auditor see an event. */
async function allowed(event: string): Promise<void> {
  const answer = await desk().reveal({ event, purpose: 'incident 4711', allow: 'ines' }, administrator.token, asker);
  expect(answer).toMatchObject({ kind: 'text' });
  await pipeline.settled();
}

test('health data take two people', async () => {
  const [event = '', other = ''] = await idsOf(PHI);
  const purpose = 'incident 4711';
  const refused = { kind: 'refused', reason: expect.stringContaining(`trailhouse reveal ${event} --allow ines`) };
  expect(await desk().reveal({ event, purpose }, auditor.token, asker)).toEqual(refused);
  const allow = (to: string, token: string) => desk().reveal({ event, purpose, allow: to }, token, asker);
  for (const [to, token] of [
    ['ines', auditor.token],
    ['theo', administrator.token],
    ['nobody', administrator.token],
    ['ines', analyst.token],
    ['__proto__', administrator.token],
  ] as const)
    expect(await allow(to, token)).toMatchObject({ kind: 'refused' });
  await pipeline.send('gateway.events', [
    {
      ...{ trailhouse: 1, time: new Date().toISOString(), action: 'audit.act', outcome: 'success' },
      actor: { kind: 'user', basis: 'idp', id: 'vera' },
      attributes: { what: 'reveal allowed', event, to: 'ines' },
    },
  ]);
  await allowed(other);
  expect(await desk().reveal({ event, purpose }, auditor.token, asker)).toEqual(refused);
  await allowed(event);
  expect(await desk().reveal({ event, purpose }, administrator.token, asker)).toMatchObject({ kind: 'refused' });
  const later = { ...systemClock, now: () => new Date(Date.now() + 25 * 3_600_000) };
  const tomorrow = openDesk({ ...deskParts(), clock: later });
  expect(await tomorrow.reveal({ event, purpose }, auditor.token, asker)).toMatchObject({ kind: 'refused' });
  await pipeline.settled();
  const sql = `SELECT count() AS acts FROM audit.access_log WHERE what = 'reveal allowed' GROUP BY outcome ORDER BY outcome`;
  expect(await pipeline.clickhouse.writer.rows(sql)).toEqual([{ acts: 5 }, { acts: 2 }]);
});

test('two names with one address are one person', async () => {
  const [event = ''] = await idsOf(PHI);
  const twice = { ...operators, ines: { ...operators.ines, email: 'Vera@harbour.example' } };
  const asked = openDesk({ ...deskParts(), operators: twice });
  const order = { event, purpose: 'mine', allow: 'ines' };
  expect(await asked.reveal(order, administrator.token, asker)).toMatchObject({ kind: 'refused' });
});

test('an auditor who says why is shown what was said, without the credential, and the act is on the trail', async () => {
  const [event = ''] = await idsOf(PHI);
  const answer = await desk().reveal({ event, purpose: 'incident 4711' }, auditor.token, asker);
  const shown = answer.kind === 'text' ? JSON.parse(answer.text) : answer;
  expect(JSON.stringify(shown.original)).toContain('MRN 48-291-377');
  expect(JSON.stringify(shown)).not.toContain('a1B2a1B2');
  await pipeline.settled();
  const acts = await pipeline.clickhouse.writer.rows(
    `SELECT outcome, actor_id, actor_confidence, attributes['attributes.purpose'] AS purpose,
       attributes['attributes.event'] AS event FROM audit.trail WHERE action = 'content.revealed' AND outcome = 'success'`,
  );
  expect(acts).toEqual([
    { outcome: 'success', actor_id: 'ines', actor_confidence: 'verified', purpose: 'incident 4711', event },
  ]);
});

test('nobody else is, and what is turned down is on the trail too', async () => {
  const [event = ''] = await idsOf(PHI);
  const purpose = 'curious';
  expect(await desk().reveal({ event, purpose }, analyst.token, asker)).toMatchObject({ kind: 'refused' });
  expect(await desk().reveal({ event, purpose }, 'thop_guessed', asker)).toMatchObject({ kind: 'refused' });
  expect(await desk().reveal({ event, purpose: ' ' }, auditor.token, asker)).toMatchObject({ kind: 'refused' });
  await pipeline.settled();
  expect(
    await idsOf(
      "action = 'content.revealed' AND outcome = 'denied' AND attributes['attributes.purpose'] != 'incident 4711'",
    ),
  ).toHaveLength(3);
});

test('destroying the key of a subject ends what was sealed under it, and nothing else', async () => {
  const [mine = '', other = ''] = await idsOf(PHI);
  const rows = await pipeline.clickhouse.writer.rows(
    `SELECT key_id FROM audit.content WHERE event_id = toUUID('${mine}')`,
  );
  const folder = join(pipeline.folder, 'keys');
  for (const event of [mine, other]) await allowed(event);
  expect(readdirSync(folder)).toContain(`${rows[0]?.key_id}.key`);
  rmSync(join(folder, `${rows[0]?.key_id}.key`));
  const after = async (event: string) => {
    const answer = await desk().reveal({ event, purpose: 'check' }, auditor.token, asker);
    return answer.kind === 'text' ? JSON.parse(answer.text) : answer;
  };
  expect(Object.keys(await after(mine))).toEqual(['event_id', 'content', 'original_gone']);
  expect(Object.keys(await after(other))).toEqual(['event_id', 'content', 'original']);
});

test('an output with PHI is overdue until somebody reviews it', async () => {
  const ask = openFindings({
    store: pipeline.clickhouse.writer,
    log: pipeline.log,
    clock: systemClock,
    policy: policyConfig.parse({ review_days: 1, zero_data_retention: [] }),
  });
  expect(await ask(phiWithoutZeroRetention)).toBe(2);
  const [first = '', second = ''] = await idsOf(PHI);
  const order = { event: first, verdict: 'approved', note: '' } as const;
  expect(await desk().review(order, 'thop_guessed', asker)).toMatchObject({ kind: 'refused' });
  expect(await desk().review({ ...order, verdict: 'exempt' }, auditor.token, asker)).toMatchObject({ kind: 'refused' });
  expect(await desk().review(order, auditor.token, asker)).toMatchObject({ kind: 'text' });
  await pipeline.settled();
  expect(await ask(reviewOverdue)).toBe(1);
  await pipeline.settled();
  const found = await pipeline.clickhouse.writer.rows(
    "SELECT first_event FROM audit.findings WHERE rule = 'review-overdue'",
  );
  expect(found).toEqual([{ first_event: second }]);
  const answer = await desk().named({ name: 'phi', params: {}, format: 'JSONEachRow' }, asker);
  const reviews =
    answer.kind === 'text'
      ? answer.text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [];
  expect(reviews.map(({ review, verdict, reviewer }) => [review, verdict, reviewer])).toEqual([
    ['reviewed', 'approved', 'ines'],
    ['overdue', '', ''],
  ]);
  const states = () =>
    pipeline.clickhouse.writer.rows(
      "SELECT state, settled_by, verdict FROM audit.findings WHERE rule = 'review-overdue' ORDER BY first_event",
    );
  expect(await states()).toEqual([{ state: 'open', settled_by: '', verdict: '' }]);
  await desk().review({ event: second, verdict: 'rejected', note: '' }, auditor.token, asker);
  await pipeline.settled();
  expect(await states()).toEqual([{ state: 'settled', settled_by: 'ines', verdict: 'rejected' }]);
});

test('nobody reviews what they themselves were answered', async () => {
  await pipeline.send('gateway.events', [prompt('ines@harbour.example'), prompt('Theo.Oak@harbour.example')]);
  await pipeline.settled();
  const [hers = '', his = ''] = await idsOf("actor_email IN ('ines@harbour.example', 'Theo.Oak@harbour.example')");
  const named = { ...operators, theo: { ...operators.theo, email: 'theo.oak@harbour.example' } };
  const review = (event: string, token: string) =>
    openDesk({ ...deskParts(), operators: named }).review({ event, verdict: 'approved', note: '' }, token, asker);
  expect(await review(hers, auditor.token)).toEqual({
    kind: 'refused',
    reason: expect.stringContaining(
      'ines was given this output: another operator has to review it (where that is somebody else',
    ),
  });
  expect(await review(his, analyst.token)).toEqual({
    kind: 'refused',
    reason: 'theo was given this output: another operator has to review it',
  });
  expect([await review(hers, analyst.token), await review(his, auditor.token)]).toMatchObject([
    { kind: 'text' },
    { kind: 'text' },
  ]);
});

test('content that the event does not commit to is none of its, and is shown to nobody', async () => {
  const [event = ''] = await idsOf(`${PHI} AND actor_email = 'noor@harbour.example'`);
  await allowed(event);
  const { writer } = pipeline.clickhouse;
  const set = (value: string) =>
    writer.run(
      `ALTER TABLE audit.content UPDATE content_commitment = ${value} WHERE event_id = {event:UUID}`,
      { event },
      { mutations_sync: 2 },
    );
  const [stored] = await writer.rows(
    'SELECT lower(hex(content_commitment)) AS commitment FROM audit.content WHERE event_id = {event:UUID}',
    { event },
  );
  await set("repeat('x', 32)");
  expect(await desk().reveal({ event, purpose: 'check' }, auditor.token, asker)).toMatchObject({ kind: 'refused' });
  await set(`unhex('${stored?.commitment}')`);
  expect(await desk().reveal({ event, purpose: 'check' }, auditor.token, asker)).toMatchObject({ kind: 'text' });
});

test('a subject whose key was destroyed while ingest runs is sealed no more, and nothing is lost', async () => {
  const [before] = await pipeline.clickhouse.writer.rows(
    `SELECT key_id FROM audit.content WHERE event_id IN (SELECT event_id FROM audit.trail WHERE actor_email = 'noor@harbour.example')`,
  );
  await openKeys(join(pipeline.folder, 'keys')).destroy(String(before?.key_id));
  await pipeline.send('gateway.events', [{ ...prompt('noor@harbour.example'), session: 'after-erasure' }]);
  await pipeline.settled();
  const rows = await pipeline.clickhouse.writer.rows(
    `SELECT key_id, length(sealed) AS bytes, position(content, '[mrn:') > 0 AS masked FROM audit.content
     WHERE event_id IN (SELECT event_id FROM audit.trail WHERE session_id = 'after-erasure')`,
  );
  expect(rows).toEqual([{ key_id: '', bytes: 0, masked: 1 }]);
  expect(readdirSync(join(pipeline.folder, 'keys'))).not.toContain(`${before?.key_id}.key`);
});

test('a token is one operator’s or nobody’s', () => {
  expect(operatorOf(auditor.token, operators)).toEqual({ name: 'ines', role: 'auditor' });
  expect(operatorOf(`${auditor.token} `, operators)).toBeUndefined();
  expect(operatorOf('', operators)).toBeUndefined();
});

test('a review of one output is none of another whose request id reads as the id of the first', async () => {
  const [reviewed] = await pipeline.clickhouse.writer.rows(
    "SELECT toString(event_id) AS id FROM audit.phi_outputs WHERE verdict != ''",
  );
  const evader = { ...prompt('evader@harbour.example'), request_id: String(reviewed?.id) };
  await pipeline.send('endpoint.events', [evader]);
  await pipeline.settled();
  const rows = await pipeline.clickhouse.writer.rows(
    "SELECT verdict FROM audit.phi_outputs WHERE actor_email = 'evader@harbour.example'",
  );
  expect(rows).toEqual([{ verdict: '' }]);
});

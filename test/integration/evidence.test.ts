import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queries } from '../../services/clickhouse/queries/index.ts';
import type { EvidenceDesk, EvidenceOrder } from '../../services/console/evidence.ts';
import { frameworks } from '../../services/evidence/controls/index.ts';
import { openZip } from '../../services/evidence/zip-source.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { readConfig } from '../../services/processes/config.ts';
import { openEvidence } from '../../services/processes/evidence/build.ts';
import { newOperator } from '../../services/processes/operators.ts';
import { writeKeyPair } from '../../services/processes/retain/key.ts';
import { openLedgerKeys } from '../../services/processes/seal/keys.ts';
import { checked } from '../support/evidence.ts';
import { openPipeline, type Pipeline } from '../support/pipeline.ts';
import { sealOnce, sealParts } from '../support/sealing.ts';

/** Bundles over a day, its store and its ledger, as an operator gets them. */

let pipeline: Pipeline;
let desk: EvidenceDesk;
const operators = { auditor: newOperator('mara', 'auditor'), analyst: newOperator('jon', 'analyst') };
const day = Date.UTC(2026, 5, 3);

const KINDS = [
  { action: 'shell.exec', outcome: 'denied', command: '=cmd|calc', policy: 'no-shell', tool: { name: 'Bash' } },
  { action: 'mcp.tool.call', outcome: 'success', tool: { name: 'search', server: 'wiki' } },
  { action: 'key.issued', outcome: 'success', target: 'key of person@alderbrook.example' },
  { action: 'user.provisioned', outcome: 'success', target: 'new@alderbrook.example' },
  { action: 'auth.login', outcome: 'failure' },
  { action: 'llm.request', outcome: 'success', model: { requested: 'claude-sonnet' } },
];

/** An act a minute, by ten people of two teams; the day after it begins with the last of them. */
const message = (index: number) => ({
  trailhouse: 1,
  id: `act-${index}`,
  time: new Date(day + index * 360_500).toISOString(),
  product: { name: 'claude-code', version: '2.1.0' },
  actor: {
    kind: 'user',
    email: `person${index % 10}@alderbrook.example`,
    basis: 'email_claim',
    team: index % 3 === 0 ? 'clinical' : 'research',
  },
  ...KINDS[index % KINDS.length],
});
const window = {
  from: new Date(day).toISOString().slice(0, 10),
  to: new Date(day + 86_400_000).toISOString().slice(0, 10),
};
const asker = { id: 'tester', address: '', userAgent: 'test' };

beforeAll(async () => {
  pipeline = await openPipeline('evidence');
  await pipeline.send(
    'endpoint.events',
    Array.from({ length: 240 }, (_, index) => message(index)),
  );
  await pipeline.settled();
  const file = (name: string) => join(pipeline.folder, name);
  await writeKeyPair(file('ledger.pem'));
  await writeKeyPair(file('evidence.pem'));
  const staff = Object.values(operators).map(({ lines }) => lines.slice(lines.indexOf('\n') + 1));
  const yaml = `data: ${pipeline.folder}
ledger: { signing_key: ${file('ledger.pem')}, origin: audit.alderbrook.example }
evidence: { signing_key: ${file('evidence.pem')} }
operators:
${staff.join('')}`;
  writeFileSync(file('trailhouse.yaml'), yaml);
  const config = readConfig(file('trailhouse.yaml'), {});
  const keys = await openLedgerKeys(config.ledger);
  if (keys === undefined) throw new Error('no ledger keys');
  await sealOnce({ ...sealParts(pipeline, 'ledger'), ...keys, folder: file('ledger'), outside: undefined });
  await pipeline.settled();
  desk = openEvidence({
    config,
    clickhouse: pipeline.clickhouse,
    log: pipeline.log,
    keys: pipeline.keys,
    clock: systemClock,
  });
});
afterAll(() => pipeline.close());

const order = (name: string, more: Partial<EvidenceOrder> = {}): EvidenceOrder => ({
  ...{ framework: 'soc2', ...window, scope: '', profile: 'masked', purpose: 'yearly audit', parquet: false },
  ...{ out: join(pipeline.folder, name), ...more },
});
/** The bundle, where it was handed over. */
async function made(wanted: EvidenceOrder, operator = operators.auditor): Promise<void> {
  const answer = await build(wanted, operator);
  if (answer.kind !== 'text') throw new Error(JSON.stringify(answer));
}
const build = (wanted: EvidenceOrder, { token } = operators.auditor) => desk.build(wanted, token, asker, () => {});

test.each(frameworks.map(({ name }) => name))(
  '%s: a bundle that verifies, of every question it asks',
  async (framework) => {
    const wanted = order(`${framework}.zip`, { framework });
    await made(wanted);
    const report = await checked(wanted.out);
    expect(report).toMatchObject({ verdict: 'genuine', problems: [] });
    expect(report.counted.events).toBe(240);
    expect(report.counted.rows).toBeGreaterThan(5);
  },
);

test('masked, a bundle names nobody; in clear it takes a role that may see', async () => {
  const [masked, full] = [order('masked.zip'), order('full.zip', { profile: 'full', parquet: true })];
  expect(await build(full, operators.analyst)).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('takes auditor'),
  });
  await made(masked, operators.analyst);
  await made(full);
  expect((await checked(full.out)).verdict).toBe('genuine');
  expect(readFileSync(`${full.out}.parquet`).toString('latin1', 0, 4)).toBe('PAR1');
  const people = await pipeline.clickhouse.writer.rows(
    "SELECT DISTINCT actor_email AS who FROM audit.trail WHERE actor_email != ''",
  );
  const zip = await openZip(masked.out);
  for (const name of zip.names) {
    let text = '';
    for await (const chunk of zip.stream(name)) text += chunk;
    for (const { who } of people) expect(text.includes(String(who)), `${name} names ${who}`).toBe(false);
  }
  await zip.close();
});

test('a scope narrows events and questions', async () => {
  const wanted = order('team.zip', { scope: 'team=clinical' });
  await made(wanted);
  const report = await checked(wanted.out);
  expect(report.problems).toEqual([]);
  const [{ events } = { events: 0 }] = await pipeline.clickhouse.writer.rows(
    "SELECT count() AS events FROM audit.trail WHERE actor_team = 'clinical' AND occurred_at >= toDateTime64({from:String}, 6, 'UTC') AND occurred_at < toDateTime64({to:String}, 6, 'UTC')",
    window,
  );
  expect(report.counted.events).toBe(events);
});

test.each([
  ['from', { from: 'yesterday' }, '--from: write'],
  ['to', { to: '2199-01-01' }, '--to: lies ahead'],
  ['scope', { scope: 'person=ada' }, '--scope: person is none of'],
  ['purpose', { purpose: ' ' }, '--purpose: say'],
  ['framework', { framework: 'none' }, '--framework'],
])('a wrong %s is named, and leaves no file', async (name, more, reason) => {
  const wanted = order(`wrong-${name}.zip`, more);
  expect(await build(wanted)).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason) });
  expect(readdirSync(pipeline.folder).filter((one) => one.startsWith('wrong-'))).toEqual([]);
});

test('what is not sealed yet makes no bundle; what exists is not overwritten', async () => {
  const once = order('once.zip');
  await made(once);
  const before = readFileSync(once.out);
  expect(await build(once)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('not overwritten') });
  expect(readFileSync(once.out).equals(before)).toBe(true);
  const late = {
    trailhouse: 1,
    id: 'late',
    time: new Date(day + 3_600_000).toISOString(),
    action: 'tool.call',
    outcome: 'success',
  };
  await pipeline.send('endpoint.events', [late]);
  await pipeline.settled();
  const wanted = order('late.zip');
  expect(await build(wanted)).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('not sealed up to offset'),
  });
  expect(existsSync(wanted.out)).toBe(false);
});

test('every build is on the trail, whatever came of it', async () => {
  await pipeline.settled();
  const question = queries.find(({ name }) => name === 'bundles');
  const bound = question?.bind({});
  if (question === undefined || bound?.ok !== true) throw new Error('no such question');
  const rows = await pipeline.clickhouse.writer.rows(question.sql, bound.params);
  expect(new Set(rows.map(({ outcome }) => outcome))).toEqual(new Set(['denied', 'failure', 'success']));
  expect(rows.find(({ outcome, profile }) => outcome === 'success' && profile === 'full')).toMatchObject({
    ...{ operator: 'mara', framework: 'soc2', purpose: 'yearly audit', events: '240' },
    manifest_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

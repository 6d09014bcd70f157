import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Writer } from '../../services/clickhouse/client.ts';
import { openOrders } from '../../services/clickhouse/retention/erasure/orders.ts';
import { rollUp, unrolled } from '../../services/clickhouse/rollups.ts';
import type { Asker } from '../../services/console/desk.ts';
import type { Clock } from '../../services/core/clock.ts';
import { silent } from '../../services/core/logger.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { openDesk } from '../../services/processes/desk.ts';
import { fileErased } from '../../services/processes/erase/filing.ts';
import type { EraseParts } from '../../services/processes/erase/parts.ts';
import { carryOut } from '../../services/processes/erase/pass.ts';
import { newOperator } from '../../services/processes/operators.ts';
import { retentionConfig } from '../../services/retention/config.ts';
import { erasedFile, readErased } from '../../services/retention/erased.ts';
import { openErasure } from '../../services/retention/erasure.ts';
import { newKey, readSigningKey } from '../../services/retention/signing.ts';
import { openPipeline, type Pipeline } from '../support/pipeline.ts';

/** A person asks to be erased: what goes, what stays and why, and that nothing of theirs is left to read. */

const DAY_MS = 86_400_000;
const asker: Asker = { id: 'os-account', address: '', userAgent: 'test' };
const [admin, auditor] = [newOperator('ada', 'administrator'), newOperator('ines', 'auditor')];
const hashOf = (lines: string): string => /[0-9a-f]{64}/.exec(lines)?.[0] ?? '';
const operators = {
  ada: { role: 'administrator', token_sha256: hashOf(admin.lines) },
  ines: { role: 'auditor', token_sha256: hashOf(auditor.lines) },
} as const;
const { privatePem, publicPem } = newKey();
const certificates = mkdtempSync(join(tmpdir(), 'trailhouse-erasures-'));
const yesterday = new Date(Date.now() - 2 * DAY_MS).toISOString();
const long = new Date(Date.now() - 5 * DAY_MS);

/** The clock of the pipeline runs; that of the eraser is set. */
let ahead = 0;
const clock: Clock = { now: () => new Date(Date.now() + ahead), sleep: systemClock.sleep };

let pipeline: Pipeline;

const said = (email: string, more: object = {}) => ({
  trailhouse: 1,
  time: yesterday,
  action: 'shell.exec',
  outcome: 'success',
  actor: { kind: 'user', basis: 'idp', team: 'web', email, id: `sub-${email.split('@')[0]}-4711` },
  command: `cat /home/${email.split('@')[0]}/notes`,
  content: { prompt: `write to ${email} that the patient is well` },
  ...more,
});

beforeAll(async () => {
  pipeline = await openPipeline('erasure', {
    privacy: privacyConfig.parse({ content: { rules: [], default: 'sealed' } }),
    retention: retentionConfig.parse({ rules: [{ when: { team: 'clinic' }, keep: ['hipaa'] }] }),
    quarantineDays: 30,
    clock,
  });
  const mara = 'Mara.Lind@harbour.example';
  await pipeline.send('gateway.events', [
    said(mara),
    said('noor@harbour.example'),
    said(mara, { actor: { kind: 'user', basis: 'idp', email: mara, team: 'clinic' } }),
    { ...said(mara), actor: { kind: 'user', basis: 'idp', team: 'web', id: 'sub-Mara.Lind-4711' } },
  ]);
  await pipeline.send('gateway.events', [{ broken: mara.toLowerCase() }, { broken: 'somebody else' }]);
  await pipeline.settled();
  const { writer } = pipeline.clickhouse;
  await rollUp(writer, await unrolled(writer, new Date().toISOString().slice(0, 10), Date.now() * 1000));
  expect(JSON.stringify(await rows('SELECT actor_email FROM audit.rollups'))).toMatch(/mara/i);
}, 120_000);

afterAll(async () => {
  await pipeline.close();
  for (const folder of [certificates, `${certificates}-paged`]) rmSync(folder, { recursive: true, force: true });
});

const parts = (writer: Writer = pipeline.clickhouse.writer): EraseParts => ({
  clickhouse: { ...pipeline.clickhouse, writer },
  ...{ log: pipeline.log, keys: pipeline.keys, certificates, clock, logger: silent, owner: 'test', topicDays: 7 },
  signingKey: readSigningKey(privatePem),
  duties: [{ framework: 'hipaa', citation: '45 CFR 164.316(b)(2)(i)' }],
});

const desk = () =>
  openDesk({
    ...{ store: pipeline.clickhouse.writer, log: pipeline.log, keys: pipeline.keys, clock: systemClock, operators },
    retried: join(pipeline.folder, 'retried'),
    sinks: [],
    topics: [],
    privacy: privacyConfig.parse({}),
    count() {},
  });

const rows = (sql: string) => pipeline.clickhouse.writer.rows(sql);
const order = { email: 'mara.lind@harbour.example', id: '', basis: 'GDPR 17(1)(b)', reference: 'DSR-17' };

/** Goes on with the orders that stand. */
async function pass(given = parts()): Promise<void> {
  for (const one of await openOrders(pipeline.clickhouse.writer)) await carryOut(one, given);
  await pipeline.settled();
}

const files = () => readdirSync(certificates).filter((name) => name.endsWith('.json'));

function newestCertificate() {
  const all = files().map((name) => {
    const opened = openErasure(readFileSync(join(certificates, name), 'utf8'), publicPem);
    if (opened.kind === 'refused') throw new Error(opened.reason);
    return opened.certificate;
  });
  return all.sort((a, b) => a.carried_out_at.localeCompare(b.carried_out_at)).at(-1);
}

test('an auditor may not order it, and a ground that names the subject is refused', async () => {
  expect(await desk().erase(order, auditor.token, asker)).toMatchObject({ kind: 'refused' });
  const naming = { ...order, basis: 'wish of mara.lind' };
  expect(await desk().erase(naming, admin.token, asker)).toMatchObject({ kind: 'refused' });
  await pipeline.settled();
  expect(await rows("SELECT outcome FROM audit.trail WHERE action = 'erasure.ordered'")).toEqual([
    { outcome: 'denied' },
    { outcome: 'denied' },
  ]);
});

test('a run that dies at any of its statements leaves a run that ends the work', async () => {
  await desk().erase(order, admin.token, asker);
  await pipeline.settled();
  let deaths = 0;
  for (let most = 0; ; most += 3) {
    let left = most;
    const { writer } = pipeline.clickhouse;
    const dying: Writer = {
      ...writer,
      run: (...given) => (left-- > 0 ? writer.run(...given) : Promise.reject(new Error('dies'))),
    };
    const died = await pass(parts(dying)).then(
      () => false,
      () => true,
    );
    if (!died) break;
    deaths++;
  }
  expect(deaths).toBeGreaterThan(3);
  expect(files()).toHaveLength(1);
}, 120_000);

test('what is left holds nothing of the person, and everybody else’s is untouched', async () => {
  const kept = await rows(
    `SELECT toString(event_id) AS id, actor_email, personal_hash IS NOT NULL AS erased, command, CAST(retention_class AS String) AS class,
       hex(personal_salt) AS salt FROM audit.events WHERE action = 'shell.exec' ORDER BY origin_offset`,
  );
  expect(kept.map(({ actor_email, erased, class: of }) => ({ actor_email, erased: Boolean(erased), of }))).toEqual([
    { actor_email: '', erased: true, of: 'default' },
    { actor_email: 'noor@harbour.example', erased: false, of: 'default' },
    { actor_email: 'Mara.Lind@harbour.example', erased: false, of: 'hipaa' },
    { actor_email: '', erased: true, of: 'default' },
  ]);
  expect(kept[0]).toMatchObject({ command: '', salt: '0'.repeat(32) });
  expect(await rows("SELECT count() AS n FROM audit.content WHERE origin_topic = 'gateway.events'")).toEqual([
    { n: 2 },
  ]);
  expect(newestCertificate()).toMatchObject({
    ...{ state: 'standing', events: 2, contents: 2, basis: 'GDPR 17(1)(b)', ordered_by: 'ada' },
    kept: [{ reason: 'hipaa: 45 CFR 164.316(b)(2)(i)', events: 1 }],
    quarantine: { messages: 0 },
  });
  expect(JSON.stringify(newestCertificate())).not.toMatch(/mara|lind/i);
  expect(JSON.stringify(await rows('SELECT * FROM audit.rollups'))).not.toMatch(/mara/i);
});

test('a certificate binds the events it speaks of, each with its hash', async () => {
  const { certificate = '', list } = newestCertificate() ?? {};
  const text = readFileSync(join(certificates, erasedFile(certificate)), 'utf8');
  expect(list).toEqual({ count: 2, sha256: createHash('sha256').update(text).digest('hex') });
  expect(readErased(text)).toEqual(
    await rows(
      'SELECT toString(event_id) AS event, lower(hex(personal_hash)) AS hash FROM audit.events WHERE personal_hash IS NOT NULL ORDER BY event',
    ),
  );
  expect(await fileErased(pipeline.clickhouse.writer, `${certificates}-paged`, certificate, 1)).toEqual(list);
  expect(readFileSync(join(`${certificates}-paged`, erasedFile(certificate)), 'utf8')).toBe(text);
});

test('an order that stands goes on when more arrives, and does nothing when nothing did', async () => {
  await pass();
  expect(files()).toHaveLength(1);
  await pipeline.send('gateway.events', [said('mara.lind@harbour.example')], long);
  await pipeline.settled();
  await pass();
  expect(newestCertificate()).toMatchObject({ state: 'standing', events: 1 });
}, 60_000);

test('days of quarantine are sealed anew without the messages that name the person', async () => {
  const before = await rows('SELECT DISTINCT key_id FROM audit.quarantine');
  ahead = 3 * DAY_MS;
  await pass();
  const after = await rows('SELECT toString(quarantine_id) AS id, key_id FROM audit.quarantine');
  expect(after).toHaveLength(1);
  expect(before.map(({ key_id }) => key_id)).not.toContain(after[0]?.key_id);
  for (const { key_id } of before) expect(await pipeline.keys.find(String(key_id))).toBeUndefined();
  const shown = await desk().quarantined(String(after[0]?.id), auditor.token, asker);
  const text = shown.kind === 'text' ? Buffer.from(shown.text, 'base64').toString() : '';
  expect(text).toContain('somebody else');
  expect(newestCertificate()).toMatchObject({ quarantine: { messages: 1, waiting: [] } });
  await pipeline.settled();
  expect(await rows('SELECT complete FROM audit.coverage WHERE NOT complete')).toEqual([]);
}, 60_000);

test('an order is closed once nothing stays: then it names nobody either', async () => {
  ahead = 7 * 366 * DAY_MS;
  await pass();
  expect(newestCertificate()).toMatchObject({ state: 'closed', kept: [] });
  expect(await rows('SELECT state, ordered_by FROM audit.erasures')).toEqual([{ state: 'closed', ordered_by: 'ada' }]);
  expect(
    await rows("SELECT actor_email FROM audit.events WHERE action = 'shell.exec' AND personal_hash IS NULL"),
  ).toEqual([{ actor_email: 'noor@harbour.example' }]);
  for (const table of ['events', 'content', 'erasure_steps', 'quarantine'])
    expect(JSON.stringify(await rows(`SELECT * FROM audit.${table}`)), table).not.toMatch(/mara/i);
}, 60_000);

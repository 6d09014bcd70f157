import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { erasePersonal } from '../../services/clickhouse/retention/erasure/events.ts';
import { openOrders } from '../../services/clickhouse/retention/erasure/orders.ts';
import type { Asker } from '../../services/console/desk.ts';
import { silent } from '../../services/core/logger.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { openDesk } from '../../services/processes/desk.ts';
import { carryOut } from '../../services/processes/erase/pass.ts';
import { newOperator } from '../../services/processes/operators.ts';
import { openErasure } from '../../services/retention/erasure.ts';
import { newKey, readSigningKey } from '../../services/retention/signing.ts';
import { openPipeline, type Pipeline } from '../support/pipeline.ts';

/** A person in every form they are written in, and what an order must not reach. */

const asker: Asker = { id: 'os-account', address: '', userAgent: 'test' };
const ada = newOperator('ada', 'administrator');
const operators = {
  ada: { role: 'administrator', token_sha256: /[0-9a-f]{64}/.exec(ada.lines)?.[0] ?? '' },
} as const;
const { privatePem, publicPem } = newKey();
const certificates = mkdtempSync(join(tmpdir(), 'trailhouse-erasures-'));

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await openPipeline('erasure-forms');
}, 120_000);
afterAll(async () => {
  await pipeline.close();
  rmSync(certificates, { recursive: true, force: true });
});

const rows = (sql: string) => pipeline.clickhouse.writer.rows(sql);
const desk = () =>
  openDesk({
    ...{ store: pipeline.clickhouse.writer, log: pipeline.log, keys: pipeline.keys, clock: systemClock, operators },
    ...{
      retried: join(pipeline.folder, 'retried'),
      sinks: [],
      topics: [],
      privacy: privacyConfig.parse({}),
      count() {},
    },
  });

let sessions = 0;

const user = (actor: object) => ({ actor: { kind: 'user', ...actor } });

async function send(topic: string, ...actors: readonly object[]): Promise<void> {
  const act = { trailhouse: 1, time: new Date().toISOString(), action: 'shell.exec', outcome: 'success' };
  await pipeline.send(
    topic,
    actors.map((actor) => ({ ...act, ...actor, session: `${topic}-session-${sessions}`, command: 'make' })),
  );
  await pipeline.settled();
}

async function erase(order: { readonly email?: string; readonly id?: string }): Promise<void> {
  const whole = { email: '', id: '', basis: 'GDPR 17(1)(b)', reference: '', ...order };
  const ordered = await desk().erase(whole, ada.token, asker);
  if (ordered.kind !== 'text') throw new Error(JSON.stringify(ordered));
  await pipeline.settled();
  const signingKey = readSigningKey(privatePem);
  const { clickhouse, log, keys } = pipeline;
  const parts = {
    clickhouse,
    log,
    keys,
    certificates,
    clock: systemClock,
    logger: silent,
    owner: 'test',
    topicDays: 7,
  };
  const standing = await openOrders(clickhouse.writer);
  for (const one of standing.filter(({ erasure }) => erasure === ordered.text.trim()))
    await carryOut(one, { ...parts, signingKey, duties: [] });
  await pipeline.settled();
}

test('case, the form of letters, and an address where an id stands: it is one person', async () => {
  const [composed, apart] = ['Jos\u00e9@harbour.example', 'jose\u0301@HARBOUR.example'];
  await send(
    'gateway.events',
    user({ email: composed, basis: 'idp' }),
    user({ email: apart, basis: 'idp' }),
    user({ id: composed, basis: 'device' }),
  );
  await erase({ email: apart });
  const left = await rows(
    "SELECT actor_email, actor_id, personal_hash IS NULL AS whole FROM audit.events WHERE action = 'shell.exec'",
  );
  expect(left).toHaveLength(3);
  for (const row of left) expect(row).toMatchObject({ actor_email: '', actor_id: '' });
});

test('an ingest that runs has forgotten whose session it was', async () => {
  sessions++;
  await send('endpoint.events', user({ email: 'mara.lind@harbour.example', basis: 'email_claim' }));
  await send('endpoint.events', {});
  const named = "SELECT count() AS n FROM audit.events WHERE actor_email = 'mara.lind@harbour.example'";
  expect(await rows(named)).toEqual([{ n: 2 }]);
  await erase({ email: 'mara.lind@harbour.example' });
  await send('endpoint.events', {});
  expect(await rows(named)).toEqual([{ n: 0 }]);
});

test('nobody has the record of their own acts taken away', async () => {
  await desk().select(
    { sql: 'SELECT count() FROM audit.trail', format: 'JSON', params: {} },
    { ...asker, id: 'snoop' },
  );
  await pipeline.settled();
  await erase({ id: 'snoop' });
  await erase({ id: 'ada' });
  expect(await rows("SELECT count() AS n FROM audit.access_log WHERE principal = 'snoop'")).toEqual([{ n: 1 }]);
  const kept = readdirSync(certificates)
    .filter((name) => name.endsWith('.json'))
    .map((name) => openErasure(readFileSync(join(certificates, name), 'utf8'), publicPem))
    .flatMap((opened) => (opened.kind === 'genuine' ? opened.certificate.kept : []));
  expect(kept).toContainEqual({
    reason: 'the record of who used the audit trail: GDPR Article 17(3)(b) and 32',
    events: 1,
    until: expect.any(String),
  });
});

test('a hash that a mutation did not find is looked up again', async () => {
  const { writer } = pipeline.clickhouse;
  const [lost] = await rows(
    'SELECT toString(certificate) AS certificate, toString(event_id) AS id, hex(personal_hash) AS hash FROM audit.erased_events LIMIT 1',
  );
  const at = { id: String(lost?.id) };
  await writer.run(
    "ALTER TABLE audit.events UPDATE personal_hash = toFixedString('', 32) WHERE event_id = {id:UUID}",
    at,
    { mutations_sync: 2 },
  );
  await erasePersonal(writer, String(lost?.certificate));
  expect(
    await writer.rows('SELECT hex(personal_hash) AS hash FROM audit.events WHERE event_id = {id:UUID}', at),
  ).toEqual([{ hash: lost?.hash }]);
});

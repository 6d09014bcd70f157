import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOrders } from '../../services/clickhouse/retention/erasure/orders.ts';
import { listenForCheckpoints } from '../../services/console/checkpoint.ts';
import { silent } from '../../services/core/logger.ts';
import { buildBundle } from '../../services/evidence/bundle.ts';
import type { Request } from '../../services/evidence/request.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { type Config, readConfig } from '../../services/processes/config.ts';
import { orderErasure } from '../../services/processes/erase/order.ts';
import { carryOut } from '../../services/processes/erase/pass.ts';
import { openEvidence } from '../../services/processes/evidence/build.ts';
import { evidenceParts, PAGES } from '../../services/processes/evidence/setup.ts';
import { paths } from '../../services/processes/open.ts';
import { newOperator } from '../../services/processes/operators.ts';
import { readCertificateKeys, readKeyFile, writeKeyPair } from '../../services/processes/retain/key.ts';
import { pass } from '../../services/processes/retain/pass.ts';
import { seal } from '../../services/processes/seal/index.ts';
import { openLedgerKeys } from '../../services/processes/seal/keys.ts';
import type { SealParts } from '../../services/processes/seal/parts.ts';
import { verifyLedger } from '../../services/processes/seal/verify-ledger.ts';
import { retentionConfig } from '../../services/retention/config.ts';
import { filesOf } from '../prove/proof/zips.ts';
import { checked } from '../support/evidence.ts';
import { openPipeline, type Pipeline } from '../support/pipeline.ts';
import { sealOnce, sealParts } from '../support/sealing.ts';

/** Bundles over a store from which people were erased and days deleted, with a ledger that signs when it is asked. */

const DAY_MS = 86_400_000;
const { lines, token } = newOperator('ada', 'administrator');
const asker = { id: 'tester', address: '', userAgent: 'test' };
const stop = new AbortController();
let pipeline: Pipeline;
let config: Config;
let close: () => Promise<unknown>;
let ledgerParts: SealParts;

const isoDay = (daysAgo: number): string => new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);

const sent = (person: string, at: number) => {
  const message = {
    ...{ trailhouse: 1, time: new Date(at).toISOString(), action: 'shell.exec', outcome: 'success' },
    actor: { kind: 'user', basis: 'idp', email: `${person}@harbour.example`, id: `sub-${person}-4711` },
    ...{ command: 'ls', content: { prompt: 'hello' } },
  };
  return pipeline.send('gateway.events', [message], new Date(at));
};

/** Signed by the key that signed before the one that signs now. */
async function certificates() {
  const { clickhouse, log, folder, keys } = pipeline;
  const signingKey = await readKeyFile(join(folder, 'former.pem'));
  const around = { clickhouse, log, keys, clock: systemClock, logger: silent, owner: 'test', signingKey };
  return { ...around, certificates: paths(config).certificates };
}

beforeAll(async () => {
  const retention = retentionConfig.parse({ rules: [{ when: { topic: 'gateway.events' }, keep: ['soc2'] }] });
  pipeline = await openPipeline('gone', { retention });
  const file = (name: string) => join(pipeline.folder, name);
  for (const name of ['ledger.pem', 'evidence.pem', 'former.pem', 'retention.pem']) await writeKeyPair(file(name));
  const yaml = `data: ${pipeline.folder}
ledger: { signing_key: ${file('ledger.pem')}, origin: audit.harbour.example }
evidence: { signing_key: ${file('evidence.pem')} }
retention:
  rules: [{ when: { topic: gateway.events }, keep: [soc2] }]
  signing_key: ${file('retention.pem')}
  former_keys: [${file('former.pem.pub')}]
operators:
${lines.slice(lines.indexOf('\n') + 1)}`;
  writeFileSync(file('trailhouse.yaml'), yaml);
  config = readConfig(file('trailhouse.yaml'), {});
  const keys = await openLedgerKeys(config.ledger);
  if (keys === undefined) throw new Error('no ledger keys');
  const parts = { ...sealParts(pipeline, 'ledger'), ...keys, folder: paths(config).ledger, outside: undefined };
  ledgerParts = parts;
  const { writer } = pipeline.clickhouse;
  const role = seal({ ...parts, writer, intervalMs: 3_600_000, owner: 'seal/test' });
  const running = role.run(stop.signal);
  const server = await listenForCheckpoints(paths(config).sealer, () => role.signNow(AbortSignal.timeout(20_000)));
  close = async () => {
    stop.abort();
    await Promise.all([server.close(), running]);
  };
  await sent('mara', Date.now() - 10 * DAY_MS);
  await sent('noor', Date.now() - 98 * DAY_MS);
  await sent('noor', Date.now() - 9 * DAY_MS);
  await pipeline.settled();
}, 60_000);

afterAll(async () => {
  stop.abort();
  await pipeline.close();
});

const order = (name: string) => ({
  ...({ framework: 'itar', from: isoDay(120), to: isoDay(1), scope: '', profile: 'masked', purpose: 'audit' } as const),
  ...{ parquet: false, out: join(pipeline.folder, name) },
});

async function made(name: string) {
  const { clickhouse, log, keys } = pipeline;
  const desk = openEvidence({ config, clickhouse, log, keys, clock: systemClock });
  const answer = await desk.build(order(name), token, asker, () => {});
  if (answer.kind !== 'text') throw new Error(JSON.stringify(answer));
  return { said: JSON.parse(answer.text), report: await checked(order(name).out) };
}

test('what came in since the ledger signed last is signed for the bundle', async () => {
  const { said, report } = await made('asked.zip');
  expect(said).toMatchObject({ events: 2, checkpoint: 'signed for this bundle' });
  expect(report.problems).toEqual([]);
  expect(report.notes.join('\n')).toContain('raw 0/gateway.events/0: nothing missing between 0 and 3');
});

test('erased and deleted events are told by their certificates, signed by a former key', async () => {
  const { log, keys, clickhouse } = pipeline;
  const parts = await certificates();
  const person = { email: 'mara@harbour.example', id: '', basis: 'GDPR 17(1)(b)', reference: '' };
  await orderErasure(person, token, asker, { log, keys, clock: systemClock, operators: config.operators });
  await pipeline.settled();
  for (const one of await openOrders(clickhouse.writer)) await carryOut(one, { ...parts, duties: [], topicDays: 7 });
  await pass({ ...parts, rules: config.retention }, async () => {}, stop.signal);
  await pipeline.settled();
  const { report } = await made('gone.zip');
  expect(report).toMatchObject({ problems: [], counted: { events: 2, erased: 1 } });
  expect(report.notes).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^1 events erased under [0-9a-f-]{36} \(GDPR 17\(1\)\(b\)\)$/),
      '1 leaves between the rows were deleted under certificates',
    ]),
  );
  const places = { ...paths(config), folder: paths(config).ledger, outside: undefined, clock: systemClock };
  const certificateKeys = await readCertificateKeys(config.retention);
  const known = (await openLedgerKeys(config.ledger))?.known ?? [];
  const store = clickhouse.reader(PAGES);
  const all = { from: '', to: '' };
  const verified = await verifyLedger({ ...places, certificateKeys, known, store }, all, { begin() {}, advance() {} });
  expect(verified).toMatchObject({ refused: [], unsealed: [], partitions: [{ kind: 'compared', found: 0 }] });
}, 60_000);

test('without the process that seals, the newest checkpoint is what there is, and that is said', async () => {
  await close();
  const { said } = await made('newest.zip');
  expect(said.checkpoint).toBe('the newest there was: no process that seals is at work on this machine');
});

test('a deadline that passes between two builds of one request changes no byte', async () => {
  const deadline = Date.now() + 30_000;
  await sent('noor', deadline - 90 * DAY_MS);
  await pipeline.settled();
  await sealOnce(ledgerParts);
  const { clickhouse, keys } = pipeline;
  const { framework, from, to, scope, profile, purpose } = order('');
  const asked_at = `${new Date().toISOString().slice(0, 19)}Z`;
  const who = { operator: 'ada', role: 'administrator', asked_at };
  const wanted: Request = {
    framework,
    from: `${from}T00:00:00Z`,
    to: `${to}T00:00:00Z`,
    scope,
    profile,
    purpose,
    ...who,
  };
  const built = async (name: string) => {
    const out = join(pipeline.folder, name);
    const parts = await evidenceParts(wanted, clickhouse.reader(PAGES), { config, clickhouse, keys });
    const { events } = await buildBundle(out, wanted, parts, () => {});
    const answers = [...(await filesOf(out))].filter(([file]) => /^questions\/[a-z-]+\/rows\.jsonl$/.test(file));
    return {
      events,
      bytes: readFileSync(out),
      answers: new Map(answers.map(([file, rows]) => [file, rows.toString()])),
    };
  };
  const before = await built('before.zip');
  expect(Date.now()).toBeLessThan(deadline);
  await systemClock.sleep(deadline + 500 - Date.now(), new AbortController().signal);
  const shown = await clickhouse.writer.rows("SELECT count() AS n FROM audit.trail WHERE action = 'shell.exec'");
  const after = await built('after.zip');
  expect(shown).toEqual([{ n: 2 }]);
  expect([before.events, after.events]).toEqual([3, 3]);
  expect(after.bytes.equals(before.bytes)).toBe(true);
  await sent('mara', Date.now());
  await pipeline.settled();
  const later = await built('later.zip');
  const changed = [...later.answers].filter(([file, rows]) => rows !== before.answers.get(file)).map(([file]) => file);
  expect(changed.filter((file) => !/coverage|quarantine|retention-plan|sinks/.test(file))).toEqual([]);
}, 120_000);

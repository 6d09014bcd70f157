import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEvents } from '../../../services/clickhouse/events.ts';
import { personalHash } from '../../../services/codec/event.ts';
import { eventId } from '../../../services/core/origin.ts';
import { disk } from '../../../services/processes/seal/disk.ts';
import type { SealParts } from '../../../services/processes/seal/parts.ts';
import { type LedgerPlaces, verifyLedger } from '../../../services/processes/seal/verify-ledger.ts';
import { seal } from '../../../services/retention/certificate.ts';
import { erasedFile, erasedLine } from '../../../services/retention/erased.ts';
import { ERASURE_TYPE, erasureCertificate } from '../../../services/retention/erasure.ts';
import { rangesFile } from '../../../services/retention/ranges.ts';
import { newKey, readSigningKey, sealDocument } from '../../../services/retention/signing.ts';
import { openPipeline, type Pipeline } from '../../support/pipeline.ts';
import { sealOnce, sealParts } from '../../support/sealing.ts';

/** The store against the signed tree: each change is made, found and undone, in the order of the tests. */

const EVENTS = 300;
const TOPIC = 'endpoint.events';
const CERTIFICATE = '0b6f4d0e-5a6d-4c5a-9d3f-3b1b1a2c4d5e';
const ERASURE = '1c7f5e1f-6b7e-4d6b-8e4a-4c2c2b3d5e6f';
const former = readSigningKey(newKey().privatePem);
const key = readSigningKey(newKey().privatePem);

let pipeline: Pipeline;
let parts: SealParts;
let places: LedgerPlaces;

const idOf = (offset: number): string => eventId({ epoch: 0, topic: TOPIC, partition: 0, offset, ordinal: 0 });

beforeAll(async () => {
  pipeline = await openPipeline('verify');
  const messages = Array.from({ length: EVENTS }, (_, index) => ({
    ...{ trailhouse: 1, id: `call-${index}`, time: '2026-07-01T10:00:00Z', action: 'tool.call', outcome: 'success' },
    actor: { kind: 'user', email: 'mara.lind@alderbrook.example', basis: 'email_claim' },
    duration_ms: index / 3,
    attributes: { number: index },
  }));
  await pipeline.send(TOPIC, messages);
  await pipeline.settled();
  parts = sealParts(pipeline);
  await sealOnce(parts);
  await pipeline.settled();
  const certificates = join(pipeline.folder, 'certificates');
  const certificateKeys = [former, key].map((one) => createPublicKey(one.key));
  places = { ...parts, certificates, certificateKeys };
});
afterAll(() => pipeline.close());

const run = (sql: string) => pipeline.clickhouse.writer.run(sql, {}, { mutations_sync: 2 });
const all = { from: '', to: '' };
const silent = { begin() {}, advance() {} };

async function verified(window = all) {
  const [found] = (await verifyLedger(places, window, silent)).partitions;
  if (found?.kind !== 'compared') throw new Error(found?.reason ?? 'nothing');
  return found;
}

const faults = async () => (await verified()).faults;

test('what is stored is what was signed', async () => {
  expect(await verified()).toMatchObject({
    events: EVENTS,
    found: 0,
    erased: {},
    erasing: {},
    deleted: {},
    faults: [],
  });
});

test('one changed value names its event', async () => {
  await run(`ALTER TABLE audit.events UPDATE outcome = 'failure' WHERE event_id = '${idOf(17)}'`);
  const why = 'the row in audit.events does not give the leaf 17 that was signed';
  expect(await faults()).toEqual([{ kind: 'altered', event: idOf(17), partition: 0, audit_offset: 17, why }]);
  await run(`ALTER TABLE audit.events UPDATE outcome = 'success' WHERE event_id = '${idOf(17)}'`);
  expect(await faults()).toEqual([]);
});

test('an event whose personal part gave way to its hash is as it was signed; with another hash it is not', async () => {
  const { writer } = pipeline.clickhouse;
  const [stored] = await readEvents(writer, { partition: 0, from: 3, before: 4, limit: 1 });
  const [row] = await writer.rows(`SELECT hex(personal_salt) AS salt FROM audit.events WHERE event_id = '${idOf(3)}'`);
  if (stored === undefined) throw new Error('no event');
  const left = personalHash({ ...stored.event, personal_salt: Buffer.from(String(row?.salt), 'hex') }).toString('hex');
  const erase = (hash: string) =>
    run(`ALTER TABLE audit.events UPDATE actor_email = '', personal_attributes = map(), personal_salt = unhex('${'0'.repeat(32)}'),
      personal_hash = unhex('${hash}') WHERE event_id = '${idOf(3)}'`);
  // A whole copy in another table vouches for nothing.
  await run('INSERT INTO audit.events_held SELECT * FROM audit.events WHERE audit_offset = 3');
  await erase('11'.repeat(32));
  expect(await faults()).toMatchObject([{ kind: 'altered', event: idOf(3) }]);
  await erase(left);
  const unlisted = 'its personal part was erased, and no signed certificate lists it with its hash';
  expect(await faults()).toMatchObject([{ kind: 'altered', event: idOf(3), why: unlisted }]);
  await run('ALTER TABLE audit.events_held DELETE WHERE audit_offset = 3');

  const step = (name: string) =>
    run(`INSERT INTO audit.erasure_steps SELECT '${ERASURE}', '${idOf(9)}', '${name}', '', now64(6)`);
  await run(`INSERT INTO audit.erased_events SELECT '${ERASURE}', '${idOf(3)}', unhex('${left}')`);
  await step('begun');
  expect(await faults()).toHaveLength(1);
  await run(`INSERT INTO audit.events_held (event_id, action, outcome, format, origin_topic, audit_partition)
    SELECT '${idOf(9)}', 'erasure.ordered', 'success', 'envelope', 'trailhouse.events', 9`);
  expect(await verified()).toMatchObject({ found: 0, erased: {}, erasing: { [ERASURE]: 1 } });
  const said = `map('attributes.erasure', '${idOf(9)}', 'attributes.certificate', 'x', 'attributes.state', 'closed')`;
  await run(`INSERT INTO audit.events_held (event_id, action, outcome, format, origin_topic, audit_partition, attributes)
    SELECT generateUUIDv4(), 'erasure.carried_out', outcome, format, origin_topic, 9, ${said}
    FROM audit.events_held WHERE audit_partition = 9`);
  expect(await faults()).toHaveLength(1);
  await run("ALTER TABLE audit.events_held DELETE WHERE audit_partition = 9 AND action = 'erasure.carried_out'");
  await step('told');
  expect(await faults()).toHaveLength(1);
  await run('ALTER TABLE audit.events_held DELETE WHERE audit_partition = 9');

  await certifyErasure('22'.repeat(32));
  expect(await faults()).toHaveLength(1);
  await certifyErasure(left);
  expect(await verified()).toMatchObject({ found: 0, erased: { [ERASURE]: 1 }, erasing: {} });
  await run(`ALTER TABLE audit.events UPDATE actor_email = 'noor@alderbrook.example' WHERE event_id = '${idOf(3)}'`);
  const why = 'its personal part was erased, and something stands in its place again';
  expect(await faults()).toMatchObject([{ kind: 'altered', event: idOf(3), why }]);
  await run(`ALTER TABLE audit.events UPDATE actor_email = '' WHERE event_id = '${idOf(3)}'`);
  writeFileSync(join(places.certificates, erasedFile(ERASURE)), '');
  const { refused, partitions } = await verifyLedger(places, all, silent);
  expect(refused).toEqual([`${erasedFile(ERASURE)}: is not the list that the certificate names`]);
  expect(partitions).toMatchObject([{ found: 1 }]);
  await certifyErasure(left);
});

/** A former key signs that event 3 was erased, and what took its personal part's place. */
async function certifyErasure(hash: string): Promise<void> {
  const list = Buffer.from(erasedLine({ event: idOf(3), hash }));
  const content = erasureCertificate.parse({
    ...{ certificate: ERASURE, erasure: idOf(9), subject: 'tok_x', basis: 'GDPR 17(1)(b)', ordered_by: 'ada' },
    ...{ ordered_at: '', carried_out_at: '', state: 'closed', events: 1, contents: 0, keys_destroyed: [] },
    list: { count: 1, sha256: createHash('sha256').update(list).digest('hex') },
    ...{ quarantine: { messages: 0, waiting: [] }, kept: [], receivers: [], topics: [], version: 'test' },
  });
  const text = sealDocument(ERASURE_TYPE, content, former);
  await disk.write([
    { path: join(places.certificates, `${ERASURE}.json`), bytes: Buffer.from(text) },
    { path: join(places.certificates, erasedFile(ERASURE)), bytes: list },
  ]);
}

test('rows that changed places, a row twice, a row more', async () => {
  await run(
    'ALTER TABLE audit.events UPDATE audit_offset = if(audit_offset = 40, 41, 40) WHERE audit_offset IN (40, 41)',
  );
  expect(await faults()).toMatchObject([
    { kind: 'reordered', event: idOf(41), audit_offset: 40, why: expect.stringContaining('leaf 41') },
    { kind: 'reordered', event: idOf(40), audit_offset: 41 },
  ]);
  await run(
    'ALTER TABLE audit.events UPDATE audit_offset = if(audit_offset = 40, 41, 40) WHERE audit_offset IN (40, 41)',
  );

  await run('INSERT INTO audit.events SELECT * FROM audit.events WHERE audit_offset = 5');
  expect(await faults()).toMatchObject([{ kind: 'added', event: idOf(5), audit_offset: 5 }]);
  await run(`INSERT INTO audit.events_held SELECT * FROM audit.events WHERE audit_offset = 6`);
  expect((await verified()).found).toBe(1);
});

test('a row that is gone is missing, unless it is covered by a signed certificate', async () => {
  await run('ALTER TABLE audit.events DELETE WHERE audit_offset IN (5, 100, 101)');
  const missing = await faults();
  expect(missing.map(({ kind, event }) => [kind, event])).toEqual([5, 100, 101].map((at) => ['missing', idOf(at)]));

  await certify(3);
  expect(await verified()).toMatchObject({ found: 0, deleted: { [CERTIFICATE]: 3 } });
  await certify(2);
  expect(await faults()).toMatchObject([
    {
      kind: 'missing',
      event: idOf(101),
      why: `more events are gone of the raw range from 0 than the 2 that ${CERTIFICATE} certifies`,
    },
  ]);
  writeFileSync(join(places.certificates, rangesFile(CERTIFICATE)), `0,"${TOPIC}",0,0,9\n`);
  const { refused, partitions } = await verifyLedger(places, all, silent);
  expect(refused).toEqual([`${rangesFile(CERTIFICATE)}: is not the list that the certificate names`]);
  expect(partitions).toMatchObject([{ found: 3 }]);
});

/** Signs that `rows` events of the account that begins at 0 were deleted. */
async function certify(rows: number): Promise<void> {
  const list = Buffer.from(`0,"${TOPIC}",0,0,${rows}\n`);
  const ranges = { count: 1, sha256: createHash('sha256').update(list).digest('hex') };
  const text = seal(
    {
      ...{
        certificate: CERTIFICATE,
        stored_in: 'events',
        retention_class: 'default',
        bucket: '2026-07-01',
        rows,
        kept: 0,
      },
      ...{ first_at: '', last_at: '', reasons: [], frameworks: [], holds_considered: [], version: 'test', ranges },
      lineages: [{ epoch: 0, topic: TOPIC, partition: 0, rows, first_offset: 5, last_offset: 101 }],
      ...{ decided_at: '2026-07-01T10:00:00Z', measured_gone_at: '2026-07-01T10:00:00Z' },
    },
    key,
  );
  await disk.write([
    { path: join(places.certificates, `${CERTIFICATE}.json`), bytes: Buffer.from(text) },
    { path: join(places.certificates, rangesFile(CERTIFICATE)), bytes: list },
  ]);
}

test('only what was signed in the window is looked at', async () => {
  await certify(3);
  const [first] = (await verifyLedger(places, all, silent)).partitions;
  expect(first).toMatchObject({ found: 0 });
  await pipeline.send(TOPIC, [
    { trailhouse: 1, time: '2026-07-02T10:00:00Z', action: 'tool.call', outcome: 'success' },
  ]);
  await pipeline.settled();
  await sealOnce({ ...parts, clock: { ...parts.clock, now: () => new Date(Date.now() + 3_600_000) } });
  const later = new Date(Date.now() + 1_800_000).toISOString();
  expect(await verified({ from: later, to: '' })).toMatchObject({ first: EVENTS, found: 0 });
  expect(await verified({ from: '', to: later })).toMatchObject({ first: 0 });
  expect(await verified({ from: new Date(Date.now() + 7_200_000).toISOString(), to: '' })).toMatchObject({ events: 0 });
});

test('a ledger that was changed itself is not believed', async () => {
  const tile = join(parts.folder, '0', 'tile', '0', '000');
  const broken = async () => (await verifyLedger(places, all, silent)).partitions;
  writeFileSync(tile, readFileSync(tile).fill(1, 320, 321));
  expect(await broken()).toMatchObject([
    { kind: 'broken', reason: 'the tile of leaf 0 does not lead to the signed root' },
  ]);
  rmSync(tile);
  expect(await broken()).toMatchObject([{ kind: 'broken', reason: 'tile/0/000 is missing' }]);
});

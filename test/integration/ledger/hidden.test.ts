import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventId } from '../../../services/core/origin.ts';
import { privacyConfig } from '../../../services/privacy/config.ts';
import type { SealParts } from '../../../services/processes/seal/parts.ts';
import { reportOf } from '../../../services/processes/seal/report.ts';
import { type LedgerPlaces, verifyLedger } from '../../../services/processes/seal/verify-ledger.ts';
import { openPipeline, type Pipeline } from '../../support/pipeline.ts';
import { sealOnce, sealParts } from '../../support/sealing.ts';

/** What somebody may try who can write to the store and to this machine: each time `ledger verify` says so. */

const EVENTS = 40;
const TOPIC = 'gateway.events';

let pipeline: Pipeline;
let parts: SealParts;
let places: LedgerPlaces;

const idOf = (offset: number): string => eventId({ epoch: 0, topic: TOPIC, partition: 0, offset, ordinal: 0 });

beforeAll(async () => {
  pipeline = await openPipeline('hidden', {
    privacy: privacyConfig.parse({ content: { rules: [], default: 'masked' } }),
  });
  const messages = Array.from({ length: EVENTS }, (_, index) => ({
    ...{ trailhouse: 1, id: `call-${index}`, time: '2026-07-01T10:00:00Z', action: 'llm.request', outcome: 'success' },
    actor: { kind: 'user', email: 'mara.lind@alderbrook.example', basis: 'email_claim' },
    content: { prompt: `question ${index}` },
  }));
  await pipeline.send(TOPIC, messages);
  await pipeline.settled();
  parts = sealParts(pipeline);
  await sealOnce(parts);
  await pipeline.settled();
  places = { ...parts, certificates: join(pipeline.folder, 'certificates'), certificateKeys: [] };
});
afterAll(() => pipeline.close());

const run = (sql: string) => pipeline.clickhouse.writer.run(sql, {}, { mutations_sync: 2 });
const verified = (more: Partial<LedgerPlaces> = {}, from = '', to = '') =>
  verifyLedger({ ...places, ...more }, { from, to }, { begin() {}, advance() {} });

async function faults() {
  const [found] = (await verified()).partitions;
  if (found?.kind !== 'compared') throw new Error(found?.reason ?? 'nothing');
  return found.faults;
}

test('content that is not what its event commits to is named, also where it hides its commitment', async () => {
  expect(await faults()).toEqual([]);
  const why = 'the row in audit.content is not the content that the event commits to';
  await run(`ALTER TABLE audit.content UPDATE content = '{"prompt":"other"}' WHERE event_id = '${idOf(4)}'`);
  expect(await faults()).toEqual([{ kind: 'altered', event: idOf(4), partition: 0, audit_offset: 4, why }]);
  await run(`ALTER TABLE audit.content UPDATE content_commitment = NULL WHERE event_id = '${idOf(4)}'`);
  expect(await faults()).toMatchObject([{ event: idOf(4), why }]);
  await run(`ALTER TABLE audit.content DELETE WHERE event_id = '${idOf(4)}'`);
  expect(await faults()).toEqual([]);
});

test('rows where the log has no record are named: before its begin, beyond its end, in a partition of their own', async () => {
  const copy = (columns: string) =>
    run(
      `INSERT INTO audit.events SELECT * REPLACE (${columns}) FROM audit.events WHERE event_id = '${idOf(7)}' LIMIT 1`,
    );
  await copy('-3 AS audit_offset');
  await copy('9000000000000000000 AS audit_offset');
  const why = 'the row in audit.events stands where the log has no record';
  expect(await faults()).toMatchObject([
    { kind: 'added', event: idOf(7), audit_offset: -3, why },
    { kind: 'added', event: idOf(7), why },
  ]);
  await run('ALTER TABLE audit.events DELETE WHERE audit_offset < 0 OR audit_offset > 1000000');
  await run(`INSERT INTO audit.events_held SELECT * REPLACE (5 AS audit_partition) FROM audit.events LIMIT 1`);
  expect((await verified()).unsealed).toEqual([5]);
  await run('ALTER TABLE audit.events_held DELETE WHERE audit_partition = 5');
});

test('a ledger that was taken away, and an outside that is not there, are missed', async () => {
  const elsewhere = join(pipeline.folder, 'nothing');
  expect((await verified({ folder: elsewhere })).partitions).toMatchObject([
    { kind: 'broken', reason: expect.stringContaining('there is no ledger on disk') },
  ]);
  expect((await verified({ folder: elsewhere, outside: undefined })).partitions).toMatchObject([
    { kind: 'broken', reason: expect.stringContaining('in the store has') },
  ]);
  mkdirSync(elsewhere);
  expect((await verified({ outside: elsewhere })).partitions).toMatchObject([
    { kind: 'broken', reason: expect.stringContaining('is not outside') },
  ]);
});

test('nothing is called verified that was not looked at', async () => {
  expect(reportOf(await verified({}, '2199-01-01'))).toMatchObject({ verdict: 'nothing' });
});

test('a clock that was set back takes nothing out of a window', async () => {
  const set = (iso: string): SealParts => ({
    ...parts,
    ...{ folder: join(pipeline.folder, 'clock'), outside: undefined },
    clock: { ...parts.clock, now: () => new Date(iso) },
  });
  cpSync(parts.folder, join(pipeline.folder, 'clock'), { recursive: true });
  const sizes: number[] = [];
  for (const iso of ['2031-01-01T13:00:00Z', '2031-01-01T11:00:00Z']) {
    await pipeline.send(TOPIC, [
      { trailhouse: 1, time: '2026-07-02T10:00:00Z', action: 'tool.call', outcome: 'success' },
    ]);
    await pipeline.settled();
    sizes.push((await sealOnce(set(iso))).newest?.size ?? 0);
    await pipeline.settled();
  }
  const { folder, outside } = set('');
  const window = async (from: string, to: string) => {
    const [found] = (await verified({ folder, outside }, from, to)).partitions;
    return found?.kind === 'compared' ? [found.first, found.first + found.events] : found;
  };
  expect(await window('2031-01-01T12:00:00Z', '2031-01-01T14:00:00Z')).toEqual([EVENTS, sizes[1]]);
  expect(await window('', '2031-01-01T11:30:00Z')).toEqual([0, sizes[1]]);
  rmSync(folder, { recursive: true });
});

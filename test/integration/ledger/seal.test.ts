import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Batch, Envelope, Source, Subscription } from '../../../services/core/log.ts';
import { completeness } from '../../../services/ledger/completeness.ts';
import { nodesOf } from '../../../services/ledger/tiles.ts';
import { inclusionProof, rootOf, verifyInclusion } from '../../../services/ledger/tree.ts';
import { systemClock } from '../../../services/processes/clock.ts';
import { seal } from '../../../services/processes/seal/index.ts';
import { HistoryDiffers, type SealParts } from '../../../services/processes/seal/parts.ts';
import { openLedger } from '../../../services/processes/seal/read.ts';
import { testSigner } from '../../ledger/keys.ts';
import { openPipeline, type Pipeline } from '../../support/pipeline.ts';
import { brokenDisk, readOn, sealOnce, sealParts } from '../../support/sealing.ts';

/** The ledger of a pipeline whose log is in memory and whose store is the engine in this process. */

let pipeline: Pipeline;
const known = [testSigner().verifier];

const message = (id: string) => ({
  trailhouse: 1,
  id,
  time: '2026-07-01T10:00:00Z',
  action: 'tool.call',
  outcome: 'success',
  actor: { kind: 'user', email: 'mara.lind@alderbrook.example', basis: 'email_claim' },
});

async function send(name: string, count: number): Promise<void> {
  const messages = Array.from({ length: count }, (_, index) => message(`${name}-${index}`));
  await pipeline.send('endpoint.events', messages);
  await pipeline.settled();
}

async function records(): Promise<readonly Envelope[]> {
  const all: Envelope[] = [];
  await pipeline.log.read('audit.events', 0, (batch) => void all.push(...batch.records));
  return all;
}

const leafOf = ({ headers }: Envelope): Uint8Array => headers.leaf ?? new Uint8Array();
const rootOfLog = async (size: number): Promise<string> =>
  Buffer.from(rootOf(Buffer.concat((await records()).slice(0, size).map(leafOf)))).toString('hex');
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

/** Parts with a folder of their own, and an outside that nobody else has. */
function own(name: string, more: Partial<SealParts> = {}): SealParts {
  return { ...sealParts(pipeline, name), outside: join(pipeline.folder, `${name}-outside`), ...more };
}

beforeAll(async () => {
  pipeline = await openPipeline('seal');
  await send('first', 600);
  await pipeline.send('endpoint.events', [{ nonsense: true }]);
  await pipeline.settled();
});
afterAll(() => pipeline.close());

test('the tree is that of the leaves in the log, the signature stands outside, and the store knows of it', async () => {
  const parts = own('plain');
  const sealed = await sealOnce(parts);
  const size = 600;
  expect(sealed.newest).toMatchObject({ size, firstOffset: 0, lastOffset: size - 1 });
  expect(hex(sealed.newest?.root)).toBe(await rootOfLog(size));
  const file = `${String(size).padStart(16, '0')}.checkpoint`;
  expect(readFileSync(join(parts.outside ?? '', '0', file), 'utf8')).toBe(sealed.newest?.note);

  await pipeline.settled();
  const rows = await pipeline.clickhouse.writer.rows(
    'SELECT origin, audit_partition, size, checkpoint FROM audit.checkpoints ORDER BY size DESC LIMIT 1',
  );
  expect(rows).toEqual([
    { origin: 'alderbrook.example/audit/0', audit_partition: 0, size, checkpoint: sealed.newest?.note },
  ]);
});

test('what was read outside of the store proves every leaf, and says that nothing is missing', async () => {
  const parts = own('proof');
  const { newest } = await sealOnce(parts);
  const ledger = openLedger(parts.folder, known);
  expect(await ledger.partitions()).toEqual([0]);
  expect((await ledger.checkpoint(0))?.note).toBe(newest?.note);
  if (newest === undefined) throw new Error('nothing is signed');
  const nodes = nodesOf(ledger.tiles(0), newest.size);
  for (const record of (await records()).slice(0, newest.size)) {
    const index = await ledger.leafIndex(0, record.offset);
    if (index === undefined) throw new Error('no leaf');
    const proof = await inclusionProof(nodes, index, newest.size);
    expect(verifyInclusion({ leaf: leafOf(record), index, ...newest, proof })).toBe(true);
  }
  expect(await ledger.leafIndex(0, 1_000_000)).toBeUndefined();
  const shown = completeness([await ledger.statement(0, newest)]);
  const endpoint = shown.find(({ lineage }) => lineage === '0/endpoint.events/0');
  expect(endpoint).toMatchObject({ first: 0, next: 601, accepted: 600, quarantined: 1, sealed: 600, holes: [] });
});

test('whatever write a crash interrupts, the next run ends with the same tree and one history outside', async () => {
  for (let n = 0; ; n++) {
    const parts = own(`crash-${n}`);
    const broken = brokenDisk(n);
    const died = await sealOnce({ ...parts, disk: broken }).then(
      () => false,
      () => true,
    );
    expect(died).toBe(broken.isBroken());
    await send(`crash-${n}`, 3);
    const sealed = await sealOnce(parts);
    const { newest } = sealed;
    expect(hex(newest?.root), `write ${n}`).toBe(await rootOfLog(newest?.size ?? 0));
    const sizes = await openLedger(parts.folder, known).checkpoints(0).sizes();
    expect(sizes.at(-1)).toBe((await records()).length - 1);
    expect(await outsideSizes(parts)).toEqual(sizes);
    if (!died) break;
    rmSync(parts.folder, { recursive: true });
  }
});

async function outsideSizes({ outside }: SealParts): Promise<readonly number[]> {
  const names = readdirSync(join(outside ?? '', '0'));
  return names
    .flatMap((name) => (name.endsWith('.checkpoint') ? [Number.parseInt(name, 10)] : []))
    .sort((a, b) => a - b);
}

test('what the topic no longer holds is taken from the store', async () => {
  const parts = own('away');
  const whole = await sealOnce(own('away-whole', { outside: undefined }));
  const { log } = pipeline;
  const started = await readOn(parts, (batch) => upTo(batch, 100));
  await started.seal();
  const start = (await records()).length - 50;
  const short = {
    ...log,
    async describe(topic: string) {
      const state = await log.describe(topic);
      return state && { ...state, partitions: state.partitions.map(({ end }) => ({ start, end })) };
    },
  };
  const sealed = await sealOnce({ ...parts, log: short });
  const size = whole.newest?.size ?? 0;
  expect(hex(sealed.newest?.root)).toBe(await rootOfLog(sealed.newest?.size ?? 0));
  expect(sealed.newest?.size).toBeGreaterThanOrEqual(size);
});

/** The records of a batch below an offset, as if the log ended there. */
function upTo(batch: Batch, end: number): Batch {
  const records = batch.records.filter(({ offset }) => offset < end);
  return { ...batch, next: Math.min(batch.next, Math.max(batch.first, end)), records };
}

/** One leaf of the log, changed. */
function rewritten(at: number): (batch: Batch) => Batch {
  return (batch) => ({
    ...batch,
    records: batch.records.map((record) =>
      record.offset === at ? { ...record, headers: { ...record.headers, leaf: Buffer.alloc(32, 1) } } : record,
    ),
  });
}

test('two sealers of one history do not sign it twice, and one of another history signs nothing', async () => {
  const outside = join(pipeline.folder, 'two-outside');
  const first = own('two', { outside });
  await sealOnce(first);
  const sizes = await outsideSizes(first);

  const second = own('two-again', { outside });
  await readOn(second, (batch) => upTo(batch, sizes[0] ?? 0)).then((sealed) => sealed.seal());
  expect(await outsideSizes(first)).toEqual(sizes);

  await send('two', 2);
  const other = own('two-other', { outside });
  await expect(sealOnce(other, rewritten(7))).rejects.toThrow(/history was rewritten/);
  expect(await outsideSizes(first)).toEqual(sizes);
  await sealOnce(second);
  expect(await outsideSizes(first)).toHaveLength(2);
});

test('a history that was rewritten, cut or put back is not signed, wherever the older signature stands', async () => {
  const parts = own('rewritten');
  await sealOnce(parts);
  await send('rewritten', 2);

  rmSync(parts.folder, { recursive: true });
  await expect(sealOnce(parts, rewritten(3))).rejects.toThrow('outside (size ');
  await expect(sealOnce({ ...parts, outside: undefined }, rewritten(3))).rejects.toThrow('in the store (size ');

  const { partitions } = (await pipeline.log.describe('audit.events')) ?? { partitions: [] };
  const cut = {
    ...pipeline.log,
    describe: async () => ({ name: 'x', retentionMs: -1, partitions: [{ start: 0, end: 9 }] }),
  };
  await expect(sealOnce({ ...parts, log: cut }, (batch) => upTo(batch, 9))).rejects.toThrow('it was cut');
  expect(partitions).toHaveLength(1);
});

test('files that were changed are not signed over', async () => {
  const parts = own('changed');
  await sealOnce(parts);
  cpSync(parts.outside ?? '', `${parts.outside}-copy`, { recursive: true });
  const forged = { ...parts, folder: `${parts.folder}-2`, outside: `${parts.outside}-copy` };
  const other = testSigner(2);
  await expect(sealOnce({ ...forged, signer: other, known: [other.verifier] })).rejects.toThrow(HistoryDiffers);
  await expect(sealOnce({ ...forged, signer: other, known: [other.verifier] })).rejects.toThrow(
    'no known key has signed it',
  );
  await expect(sealOnce({ ...forged, origin: 'elsewhere.example' })).rejects.toThrow(
    'is of alderbrook.example/audit/0',
  );
});

test('the role seals by itself, alone, and raises the alarm on the trail where history was rewritten', async () => {
  const parts = own('role', { outside: pipeline.folder });
  const { writer } = pipeline.clickhouse;
  const stop = new AbortController();
  const role = seal({ ...parts, writer, intervalMs: 50, owner: 'role/one' });
  const other = seal({ ...own('role-other'), writer, intervalMs: 50, owner: 'role/two' });
  const running = role.run(stop.signal);
  await until(() => (role.standing()[0]?.size ?? 0) > 0);
  const second = other.run(stop.signal);
  await send('role', 3);
  const size = (await records()).length;
  await until(() => (role.standing()[0]?.size ?? 0) >= size);
  expect(other.standing()).toEqual([]);

  const rest = new AbortController();
  stop.abort();
  await Promise.all([running, second]);
  rmSync(parts.folder, { recursive: true });
  const change = rewritten(3);
  const log = { ...pipeline.log, subscribe: (subscription: Subscription) => changed(subscription, change) };
  const forged = seal({ ...parts, log, writer, intervalMs: 50, owner: 'role/one' });
  const alarmed = forged.run(rest.signal);
  await until(() => forged.standing()[0]?.isStopped === true);
  rest.abort();
  await alarmed;
  await pipeline.settled();
  const found = await writer.rows("SELECT rule, severity, what FROM audit.findings WHERE rule = 'ledger'");
  expect(found).toMatchObject([{ severity: 'critical', what: expect.stringContaining('history was rewritten') }]);
});

function changed(subscription: Subscription, change: (batch: Batch) => Batch): Source {
  const source = pipeline.log.subscribe(subscription);
  return { run: (handle, signal) => source.run((batch, held) => handle(change(batch), held), signal) };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await systemClock.sleep(20, new AbortController().signal);
}

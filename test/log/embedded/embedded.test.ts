import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Batch, Log } from '../../../services/core/log.ts';
import { RecordTooLarge } from '../../../services/log/embedded/append.ts';
import { openEmbeddedLog } from '../../../services/log/embedded/index.ts';
import { type FakeClock, fakeClock } from '../../support/clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let folder = '';
let path = '';
let clock: FakeClock;
let log: Log;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trailhouse-log-'));
  path = join(folder, 'log.sqlite');
  clock = fakeClock();
  log = openEmbeddedLog({ path, clock });
  await log.create([{ name: 'raw', partitions: 1, retentionMs: DAY }]);
});

afterEach(async () => {
  await log.close();
  rmSync(folder, { recursive: true });
});

const values = (count: number) => Array.from({ length: count }, (_, index) => ({ value: Buffer.from(`${index}`) }));

/** Consumes up to the given offset. */
async function consume(from: Log, group: string, until: number): Promise<void> {
  const stop = new AbortController();
  const handle = async ({ next }: Batch) => {
    if (next >= until) stop.abort(new Error('enough'));
    return undefined;
  };
  await from.subscribe({ group, topics: ['raw'] }).run(handle, stop.signal);
}

const start = async () => (await log.describe('raw'))?.partitions[0]?.start;

test('only its owner may read the file', () => {
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a file of a later release is refused', async () => {
  await log.close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => openEmbeddedLog({ path, clock })).toThrow('later release');
});

test('retention waits for every group that ever subscribed, however late it is', async () => {
  await log.append('raw', 0, values(3));
  await consume(log, 'fast', 3);
  await consume(log, 'slow', 3);
  await log.append('raw', 0, values(3));
  await consume(log, 'fast', 6);

  clock.advance(30 * DAY);
  await log.append('raw', 0, values(1));
  expect(await start()).toBe(3);

  await consume(log, 'slow', 7);
  clock.advance(HOUR);
  await log.append('raw', 0, values(1));
  expect(await start()).toBe(6);
});

test('a group that subscribed and never committed holds everything', async () => {
  const signal = AbortSignal.abort(new Error('at once'));
  await log.subscribe({ group: 'new', topics: ['raw'] }).run(async () => undefined, signal);
  const failing = log.subscribe({ group: 'broken', topics: ['raw'] });
  await log.append('raw', 0, values(3));
  await expect(failing.run(() => Promise.reject(new Error('no')), new AbortController().signal)).rejects.toThrow('no');
  clock.advance(30 * DAY);
  await log.append('raw', 0, values(1));
  expect(await start()).toBe(0);
});

test('a group that finds elsewhere what is gone holds nothing', async () => {
  const failing = log.subscribe({ group: 'export', topics: ['raw'], isWaitedFor: false });
  await log.append('raw', 0, values(3));
  await expect(failing.run(() => Promise.reject(new Error('no')), new AbortController().signal)).rejects.toThrow('no');
  clock.advance(30 * DAY);
  await log.append('raw', 0, values(1));
  expect(await start()).toBe(3);
});

test('retention by size keeps the newest', async () => {
  await log.close();
  log = openEmbeddedLog({ path, clock, retention: { partitionBytes: 3_000 } });
  for (let block = 0; block < 10; block++) {
    clock.advance(HOUR);
    await log.append('raw', 0, [{ value: Buffer.alloc(1_000) }]);
  }
  expect(await log.describe('raw')).toMatchObject({ partitions: [{ start: 8, end: 10 }] });
});

test('a record beyond the limit of its topic is refused, and nothing of its append written', async () => {
  await log.create([{ name: 'small', partitions: 1, retentionMs: -1, maxRecordBytes: 100 }]);
  const records = [{ value: Buffer.alloc(10) }, { value: Buffer.alloc(200) }];
  await expect(log.append('small', 0, records)).rejects.toBeInstanceOf(RecordTooLarge);
  expect((await log.describe('small'))?.partitions).toEqual([{ start: 0, end: 0 }]);
});

test('appends that wait together fail alone', async () => {
  const answers = await Promise.allSettled([
    log.append('raw', 0, values(2)),
    log.append('raw', 9, values(2)),
    log.append('raw', 0, values(2)),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((await log.describe('raw'))?.partitions).toEqual([{ start: 0, end: 4 }]);
});

test('a batch is bounded', async () => {
  await log.append('raw', 0, values(4_500));
  const sizes: number[] = [];
  const stop = new AbortController();
  await log.subscribe({ group: 'g', topics: ['raw'] }).run(async ({ records, next }) => {
    sizes.push(records.length);
    if (next === 4_500) stop.abort(new Error('enough'));
    return undefined;
  }, stop.signal);
  expect(sizes).toEqual([2_000, 2_000, 500]);
});

test('a second member of a group waits, saying so, until the first has ended', async () => {
  const words: string[] = [];
  const say = (_: unknown, message: string) => void words.push(message);
  const logger = { debug: say, info: say, warn: say, error: say };
  const other = openEmbeddedLog({ path, clock: fakeClock(), logger });
  await log.append('raw', 0, values(1));
  const holding = Promise.withResolvers<void>();
  const first = new AbortController();
  const running = log.subscribe({ group: 'g', topics: ['raw'] }).run(async () => {
    holding.resolve();
    return undefined;
  }, first.signal);
  await holding.promise;

  const taken = consume(other, 'g', 2);
  await expect.poll(() => words).toContain('another process consumes this group; waiting for it to end');
  first.abort(new Error('enough'));
  await running;
  await log.append('raw', 0, values(1));
  await taken;
  await other.close();
});

test('a member that was taken over commits nothing more', async () => {
  await log.append('raw', 0, values(1));
  const run = log.subscribe({ group: 'g', topics: ['raw'] }).run(async () => {
    const database = new DatabaseSync(path);
    database.exec("UPDATE leases SET holder = 'another'");
    database.close();
    return undefined;
  }, new AbortController().signal);
  await expect(run).rejects.toMatchObject({ name: 'LeaseLost' });
  expect(await log.committed('g', 'raw')).toEqual(new Map());
});

test('a closed log takes nothing and ends its sources', async () => {
  const run = log.subscribe({ group: 'g', topics: ['raw'] }).run(async () => undefined, new AbortController().signal);
  await log.close();
  await run;
  await expect(log.append('raw', 0, values(1))).rejects.toThrow();
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ClickHouse, openClickHouse } from '../../../services/clickhouse/client.ts';
import { migrate } from '../../../services/clickhouse/migrate.ts';
import { caughtUp, hasty, origins, runLane } from '../../support/archive-bench.ts';
import { eventRecord } from '../../support/archived.ts';
import { type ClickHouseFront, clickhouseFront } from '../../support/clickhouse-front.ts';
import { type MemoryLog, memoryLog } from '../../support/memory-log.ts';

const TOPIC = 'audit.events';
const folder = mkdtempSync(join(tmpdir(), 'trailhouse-faults-'));
const limits = { rows: 5, bytes: 1e6, parts: 90 };
let front: ClickHouseFront;
let one: ClickHouse;
let two: ClickHouse;
let log: MemoryLog;

beforeAll(async () => {
  front = await clickhouseFront(folder);
  one = await openClickHouse({ ...front.config, requestTimeoutMs: 1_000 });
  two = await openClickHouse({ ...front.config, requestTimeoutMs: 1_000 });
  await migrate(one.writer);
});
afterAll(async () => {
  await Promise.all([one.close(), two.close()]);
  await front.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  log = memoryLog(hasty, 8);
  await log.create([{ name: TOPIC, partitions: 2, retentionMs: -1 }]);
  for (const table of [TOPIC, 'audit.journal']) await cleared(table);
});

/** The requests of these tests give up after a second; what a busy machine does not do in that time is asked again. */
const cleared = (table: string): Promise<void> =>
  one.writer.run(`TRUNCATE TABLE ${table}`).catch(() => one.writer.run(`TRUNCATE TABLE ${table}`));

/** Events of both audit partitions, in raw partitions of the same numbers. */
async function send(first: number, next: number): Promise<void> {
  for (const partition of [0, 1])
    for (let offset = first; offset < next; offset++)
      await log.append(TOPIC, partition, [eventRecord({ partition, offset, day: offset % 2 })]);
}

const expected = (count: number) =>
  [0, 1].flatMap((partition) => Array.from({ length: count }, (_, offset) => `${partition}/${offset}/0`));

/** The group's offsets say nothing here: whoever finds the other's cuts stored begins behind them. */
async function storedRows(rows: number): Promise<void> {
  const sql = 'SELECT count() >= {rows:Int64} AS done FROM audit.events';
  while ((await one.writer.rows(sql, { rows }))[0]?.done !== 1) await pause(50);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a server that is gone moves no offset and loses nothing', async () => {
  const running = runLane({ log, topic: TOPIC, clickhouse: one, limits });
  await send(0, 20);
  await caughtUp(log, TOPIC, 'archive', running.ended);
  await front.goAway();
  await send(20, 40);
  await pause(300);
  const committed = await log.committed('archive', TOPIC);
  expect([...committed.values()].map(({ offset }) => offset)).toEqual([20, 20]);
  await front.serve();
  await caughtUp(log, TOPIC, 'archive', running.ended);
  await running.stop();
  expect(running.lane.metrics.retries).toBeGreaterThan(0);
  expect(await origins(one, TOPIC)).toEqual(expected(40));
});

test('a server that hangs is asked again with the same cut, and a lane stops while it hangs', async () => {
  const running = runLane({ log, topic: TOPIC, clickhouse: one, limits });
  await send(0, 10);
  await caughtUp(log, TOPIC, 'archive', running.ended);
  await front.hang();
  await send(10, 20);
  await pause(1_500);
  expect(running.lane.metrics.retries).toBeGreaterThan(0);
  await running.stop();
  await front.serve();
  const next = runLane({ log, topic: TOPIC, clickhouse: one, limits });
  await caughtUp(log, TOPIC, 'archive', next.ended);
  await next.stop();
  expect(await origins(one, TOPIC)).toEqual(expected(20));
});

test('a server that was stopped does late what it was asked before: nothing is doubled', async () => {
  const running = runLane({ log, topic: TOPIC, clickhouse: one, limits });
  await send(0, 30);
  await pause(60);
  front.signal('SIGSTOP');
  await pause(2_500);
  front.signal('SIGCONT');
  await caughtUp(log, TOPIC, 'archive', running.ended);
  await running.stop();
  expect(running.lane.metrics.retries).toBeGreaterThan(0);
  expect(await origins(one, TOPIC)).toEqual(expected(30));
});

test.each([
  ['inserts', /INSERT INTO audit\.events/],
  ['journal entries', /INSERT INTO audit\.journal/],
])('lost answers to %s double nothing', async (_, pattern) => {
  await send(0, 40);
  await front.loseReplies(pattern, 7);
  const running = runLane({ log, topic: TOPIC, clickhouse: one, limits });
  await caughtUp(log, TOPIC, 'archive', running.ended);
  await running.stop();
  expect(running.lane.metrics.retries).toBeGreaterThanOrEqual(7);
  expect(await origins(one, TOPIC)).toEqual(expected(40));
});

test('a server killed in the middle keeps what it acknowledged, once', async () => {
  const running = runLane({ log, topic: TOPIC, clickhouse: one, limits });
  for (let turn = 0; turn < 3; turn++) {
    await send(turn * 30, (turn + 1) * 30);
    await pause(40 + turn * 35);
    await front.killAndRestart();
  }
  await caughtUp(log, TOPIC, 'archive', running.ended);
  await running.stop();
  expect(await origins(one, TOPIC)).toEqual(expected(90));
});

test('two archives at once fence each other and store each event once', async () => {
  await send(0, 30);
  const first = runLane({ log, topic: TOPIC, clickhouse: one, limits, group: 'first' });
  const second = runLane({ log, topic: TOPIC, clickhouse: two, limits: { ...limits, rows: 3 }, group: 'second' });
  await send(30, 60);
  await storedRows(120);
  await Promise.all([first.stop(), second.stop()]);
  expect(first.lane.metrics.fenced + second.lane.metrics.fenced).toBeGreaterThan(0);
  expect(await origins(one, TOPIC)).toEqual(expected(60));
});

/** Stops at the first insert until it is let go, as a process under SIGSTOP does. */
function paused(clickhouse: ClickHouse): { clickhouse: ClickHouse; reached: Promise<void>; resume(): void } {
  const reached = Promise.withResolvers<void>();
  const going = Promise.withResolvers<void>();
  return {
    clickhouse: {
      ...clickhouse,
      writer: {
        ...clickhouse.writer,
        async insert(insert) {
          reached.resolve();
          await going.promise;
          return clickhouse.writer.insert(insert);
        },
      },
    },
    reached: reached.promise,
    resume: () => going.resolve(),
  };
}

test('an archive paused in front of its insert stores nothing when it wakes, even when tokens are forgotten', async () => {
  await send(0, 20);
  const sleeper = paused(one);
  const zombie = runLane({ log, topic: TOPIC, clickhouse: sleeper.clickhouse, limits, group: 'zombie' });
  await sleeper.reached;
  const successor = runLane({ log, topic: TOPIC, clickhouse: two, limits, group: 'successor' });
  await storedRows(40);
  await successor.stop();
  await one.writer.run('ALTER TABLE audit.events MODIFY SETTING non_replicated_deduplication_window = 1');
  await one.writer.run('ALTER TABLE audit.journal MODIFY SETTING non_replicated_deduplication_window = 1');
  sleeper.resume();
  while (zombie.lane.metrics.fenced === 0) await pause(20);
  await zombie.stop();
  expect(await origins(one, TOPIC)).toEqual(expected(20));
});

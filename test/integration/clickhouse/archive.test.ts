import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ClickHouse, openClickHouse } from '../../../services/clickhouse/client.ts';
import { migrate } from '../../../services/clickhouse/migrate.ts';
import { type ArchivedTopic, TABLES } from '../../../services/clickhouse/tables.ts';
import { LogLost } from '../../../services/core/log.ts';
import { receiptOf, recordOf } from '../../clickhouse/receipts.ts';
import { caughtUp, hasty, origins, runLane } from '../../support/archive-bench.ts';
import { accountRecord, contentRecord, eventRecord } from '../../support/archived.ts';
import { type ClickHouseFront, clickhouseFront } from '../../support/clickhouse-front.ts';
import { type MemoryLog, memoryLog } from '../../support/memory-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-archive-'));
const topics = Object.keys(TABLES);
let front: ClickHouseFront;

beforeAll(async () => {
  front = await clickhouseFront(join(folder, 'server'));
});
afterAll(async () => {
  await front.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(['embedded', 'server'] as const)('%s', (driver) => {
  let clickhouse: ClickHouse;
  let patient: ClickHouse;
  let log: MemoryLog;

  beforeAll(async () => {
    const embedded = { driver: 'embedded', path: join(folder, 'store'), spool: join(folder, 'spool') } as const;
    clickhouse = await openClickHouse(driver === 'server' ? front.config : embedded);
    // Emptying a table of ninety partitions takes longer than a lane waits for an answer here.
    patient = driver === 'server' ? await openClickHouse({ ...front.config, requestTimeoutMs: 60_000 }) : clickhouse;
    await migrate(patient.writer);
  });
  afterAll(async () => {
    if (patient !== clickhouse) await patient.close();
    await clickhouse.close();
  });

  beforeEach(async () => {
    log = memoryLog(hasty, 10);
    await log.create(topics.map((name) => ({ name, partitions: 1, retentionMs: -1 })));
    for (const table of [...topics, 'audit.journal']) await patient.writer.run(`TRUNCATE TABLE ${table}`);
  });

  /** Runs a lane to the end of its topic and stops it. */
  async function archive(
    topic: ArchivedTopic,
    more: object = {},
  ): Promise<ReturnType<typeof runLane>['lane']['metrics']> {
    const running = runLane({ log, topic, clickhouse, ...more });
    await caughtUp(log, topic, 'archive', running.ended);
    await running.stop();
    return running.lane.metrics;
  }

  test('stores events as they were encoded, with where they came from', async () => {
    await log.append('audit.events', 0, [eventRecord({ offset: 4, text: 'ls\n' }), eventRecord({ offset: 5 })]);
    await archive('audit.events');
    const rows = await clickhouse.writer.rows(
      `SELECT event_id, command, actor_groups, guardrails, attributes, tokens_prompt, hex(personal_salt) AS salt,
         hex(content_commitment) AS commitment, occurred_at, retention_bucket, audit_partition, audit_offset
       FROM audit.events ORDER BY audit_offset`,
    );
    expect(rows[0]).toMatchObject({
      command: 'ls\n',
      actor_groups: ['platform', 'on-call'],
      guardrails: [{ name: 'pii', verdict: 'pass', categories: ['email'], masked_count: 1 }],
      attributes: { 'tool.version': '1.2' },
      tokens_prompt: null,
      salt: '09'.repeat(16),
      commitment: '03'.repeat(32),
      occurred_at: '2026-01-05 00:00:00.000004',
      retention_bucket: '2026-01-05',
      audit_partition: 0,
      audit_offset: 0,
    });
    expect(rows[1]).toMatchObject({ tokens_prompt: 5, audit_offset: 1 });
  });

  test('drops what was redelivered; the first copy wins, over cuts and restarts', async () => {
    const send = (offsets: readonly number[], text: string) =>
      log.append(
        'audit.events',
        0,
        offsets.map((offset) => eventRecord({ offset, text })),
      );
    await send([0, 1, 2, 3], 'first');
    expect(await archive('audit.events')).toMatchObject({ rows: 4, redelivered: 0 });
    await send([2, 3, 4], 'second');
    expect(await archive('audit.events')).toMatchObject({ rows: 1, redelivered: 2 });
    await log.append('audit.content', 0, [contentRecord([{ offset: 0 }, { offset: 0, ordinal: 1 }, { offset: 1 }])]);
    await log.append('audit.content', 0, [contentRecord([{ offset: 0, ordinal: 1 }, { offset: 1 }, { offset: 2 }])]);
    expect(await archive('audit.content')).toMatchObject({ rows: 4, redelivered: 2 });

    expect(await origins(clickhouse, 'audit.content')).toEqual(['0/0/0', '0/0/1', '0/1/0', '0/2/0']);
    const rows = await clickhouse.writer.rows('SELECT command FROM audit.events ORDER BY origin_offset');
    expect(rows.map(({ command }) => command)).toEqual(['first', 'first', 'first', 'first', 'second']);
  });

  test('trims accounts to what was not accounted for', async () => {
    const skip = (offset: number, count: number) => ({ offset, count, outcome: 'skipped', events: 0, reason: 'ping' });
    await log.append('audit.accounting', 0, [
      accountRecord(0, 10),
      accountRecord(5, 20, [skip(8, 4)]),
      accountRecord(25, 30),
    ]);
    expect(await archive('audit.accounting')).toMatchObject({ rows: 3, redelivered: 0, holes: 1 });
    expect(
      await clickhouse.writer.rows(
        'SELECT first, next, accepted, skipped, exceptions FROM audit.accounting ORDER BY first',
      ),
    ).toEqual([
      { first: 0, next: 10, accepted: 10, skipped: 0, exceptions: [] },
      { first: 10, next: 20, accepted: 8, skipped: 2, exceptions: [skip(10, 2)] },
      { first: 25, next: 30, accepted: 5, skipped: 0, exceptions: [] },
    ]);
  });

  test('trims receipts to what was not receipted, and keeps those of replays and states', async () => {
    const sent = [
      { first: 0, outcomes: [] },
      { first: 0, outcomes: ['delivered', 'buried', 'delivered'] },
      { first: 1, outcomes: ['delivered', 'filtered', 'filtered', 'filtered', 'buried'] },
      { first: 2, outcomes: ['buried'] },
      { first: 1, outcomes: ['delivered'], replay: 'r' },
      { first: 8, outcomes: ['delivered'], state: 'parked' },
    ] as const;
    await log.append(
      'audit.deliveries',
      0,
      sent.map((one) => recordOf(receiptOf(one))),
    );
    expect(await archive('audit.deliveries')).toMatchObject({ rows: 5, redelivered: 1, holes: 1 });
    expect(
      await clickhouse.writer.rows(
        `SELECT concat(first, ':', next, ' ', replay, state) AS receipt, [delivered, buried, filtered] AS counts
         FROM audit.deliveries ORDER BY log_offset`,
      ),
    ).toEqual([
      { receipt: '0:0 running', counts: [0, 0, 0] },
      { receipt: '0:3 running', counts: [2, 1, 0] },
      { receipt: '3:6 running', counts: [0, 1, 2] },
      { receipt: '1:2 rrunning', counts: [1, 0, 0] },
      { receipt: '8:9 parked', counts: [1, 0, 0] },
    ]);
  });

  test('cuts before 90 table partitions, and takes a record that is beyond them by itself', async () => {
    log = memoryLog(hasty, 1_000);
    await log.create(topics.map((name) => ({ name, partitions: 1, retentionMs: -1 })));
    const days = Array.from({ length: 120 }, (_, offset) => ({ offset, day: offset }));
    await log.append('audit.events', 0, days.map(eventRecord));
    await log.append('audit.content', 0, [contentRecord(days)]);
    expect(await archive('audit.events')).toMatchObject({ rows: 120, cuts: 2 });
    expect(await archive('audit.content')).toMatchObject({ rows: 120, cuts: 1 });
    expect(new Set(await origins(clickhouse, 'audit.content')).size).toBe(120);
  });

  test.each([
    ['nothing was stored', 'false'],
    ['one table partition was stored', "retention_bucket = '2026-01-06'"],
    ['all of it was stored and the answer lost', 'true'],
  ])('makes the journalled cut again when it ended after %s', async (_, stored) => {
    await log.append(
      'audit.events',
      0,
      Array.from({ length: 25 }, (_, offset) => eventRecord({ offset, day: offset % 3, text: 'first' })),
    );
    const limits = { rows: 4, bytes: 1e6, parts: 90 };
    const dying = runLane({ log, topic: 'audit.events', clickhouse: dyingAt(clickhouse, 4, stored), limits });
    while (dying.lane.metrics.retries === 0) await hasty.sleep(100, AbortSignal.timeout(60_000));
    await dying.stop();
    const journalled = await clickhouse.writer.rows(
      'SELECT cut, first, next FROM audit.journal ORDER BY cut DESC LIMIT 1',
    );

    const more = await archive('audit.events', { limits: { ...limits, rows: 100 } });
    const all = Array.from({ length: 25 }, (_, offset) => `0/${offset}/0`);
    expect(await origins(clickhouse, 'audit.events')).toEqual(all);
    expect(journalled).toEqual([{ cut: 3, first: 10, next: 14 }]);
    expect(more.cuts).toBe(stored === 'true' ? 2 : 3);
  });

  test('goes on when the log no longer holds a cut that is stored, and stops when it holds one that is not', async () => {
    await log.append(
      'audit.events',
      0,
      [0, 1, 2, 3].map((offset) => eventRecord({ offset })),
    );
    await archive('audit.events');
    log.truncate('audit.events', 0, 4);
    await log.append('audit.events', 0, [eventRecord({ offset: 4 })]);
    const second = runLane({ log, topic: 'audit.events', clickhouse, group: 'another' });
    await caughtUp(log, 'audit.events', 'another', second.ended);
    await second.stop();
    expect(await origins(clickhouse, 'audit.events')).toHaveLength(5);

    log.truncate('audit.events', 0, 5);
    await clickhouse.writer.run('ALTER TABLE audit.events DELETE WHERE audit_offset = 4 SETTINGS mutations_sync = 2');
    await expect(runLane({ log, topic: 'audit.events', clickhouse, group: 'third' }).ended).rejects.toThrow(LogLost);
  });

  test('stops at what it cannot read, after storing what lies before it', async () => {
    const unknown = Buffer.from(eventRecord({ offset: 1 }).value);
    unknown.writeUInt32BE(77, 1);
    await log.append('audit.events', 0, [
      eventRecord({ offset: 0 }),
      { ...eventRecord({ offset: 1 }), value: unknown },
    ]);
    const running = runLane({ log, topic: 'audit.events', clickhouse });
    await expect(running.ended).rejects.toThrow('audit.events/0 at offset 1: schema id 77 is not one of audit-event');
    expect(await origins(clickhouse, 'audit.events')).toEqual(['0/0/0']);
  });

  test('counts an absent offset as read', async () => {
    await log.append(
      'audit.events',
      0,
      [0, 1, 2].map((offset) => eventRecord({ offset })),
    );
    log.forget('audit.events', 0, 1);
    expect(await archive('audit.events')).toMatchObject({ rows: 2, cuts: 1 });
    log.forget('audit.events', 0, 2);
    await log.append('audit.events', 0, [eventRecord({ offset: 3 })]);
    expect(await archive('audit.events')).toMatchObject({ rows: 1 });
  });
});

/** A store whose insert number `count` fails after it stored the rows that match, and every later one before. */
function dyingAt(clickhouse: ClickHouse, count: number, stored: string): ClickHouse {
  let inserts = 0;
  return {
    ...clickhouse,
    writer: {
      ...clickhouse.writer,
      async insert(insert) {
        inserts++;
        if (inserts <= count)
          await clickhouse.writer.insert(
            inserts < count ? insert : { ...insert, where: `${insert.where} AND ${stored}` },
          );
        if (inserts >= count) throw new Error('the answer is lost');
      },
    },
  };
}

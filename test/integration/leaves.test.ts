import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveLane } from '../../services/clickhouse/archive.ts';
import { type ClickHouse, openClickHouse } from '../../services/clickhouse/client.ts';
import { migrate } from '../../services/clickhouse/migrate.ts';
import { storedLeaves } from '../../services/clickhouse/stored-leaves.ts';
import { commit } from '../../services/codec/event.ts';
import { repoSchemas } from '../../services/codec/schemas.ts';
import { silent } from '../../services/core/logger.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { openKeys } from '../../services/privacy/keys.ts';
import { bind, DEFAULT_TOPICS } from '../../services/processes/bindings.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { BROKEN } from '../../services/processes/demo/broken.ts';
import { demoDay, lastDay } from '../../services/processes/demo/day.ts';
import { ingest } from '../../services/processes/ingest/stage.ts';
import { retentionConfig } from '../../services/retention/config.ts';
import { nobodyListed } from '../support/identity.ts';
import { memoryLog } from '../support/memory-log.ts';

/** Ingest and archive over a log in memory and the engine in this process: what is stored is what was hashed. */

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-leaves-'));
const stop = new AbortController();
const log = memoryLog(systemClock, 2_000);
const bindings = bind(DEFAULT_TOPICS);
const AUDIT = ['audit.events', 'audit.content', 'audit.quarantine', 'audit.accounting'] as const;
let clickhouse: ClickHouse;
let running: Promise<unknown>;

beforeAll(async () => {
  clickhouse = await openClickHouse({ driver: 'embedded', path: join(folder, 'store'), spool: join(folder, 'spool') });
  await migrate(clickhouse.writer);
  const specs = [...bindings.keys(), ...AUDIT].map((name) => ({ name, partitions: 1, retentionMs: -1 }));
  await log.create(specs);
  for (const { topic, value, at } of demoDay(lastDay(new Date())))
    await log.append(topic, 0, [{ value, timestamp: new Date(at) }]);

  const parts = { log, clickhouse, schemas: repoSchemas(), logger: silent, clock: systemClock };
  const stage = ingest({
    ...parts,
    bindings,
    auditPartitions: 1,
    keys: openKeys(join(folder, 'keys')),
    retention: retentionConfig.parse({}),
    identity: nobodyListed,
    privacy: privacyConfig.parse({}),
    quarantineDays: 30,
    count() {},
  });
  const lanes = AUDIT.map((topic) => archiveLane({ ...parts, topic, group: 'archive', owner: 'test' }));
  running = Promise.all([stage, ...lanes].map(({ run }) => run(stop.signal)));
  await settled();
});

afterAll(async () => {
  stop.abort();
  await running;
  await clickhouse.close();
  rmSync(folder, { recursive: true });
});

async function settled(): Promise<void> {
  for (const [group, topics] of [
    ['trailhouse-ingest', [...bindings.keys()]],
    ['archive', AUDIT],
  ] as const)
    for (const topic of topics)
      for (;;) {
        const end = (await log.describe(topic))?.partitions[0]?.end ?? 0;
        if (((await log.committed(group, topic)).get(0)?.offset ?? 0) >= end) break;
        await systemClock.sleep(50, stop.signal);
      }
}

test('every leaf is reproduced from the columns, byte for byte', async () => {
  const leaves = new Map<number, string>();
  const reader = new AbortController();
  const topic = log.subscribe({ group: 'leaves', topics: ['audit.events'] });
  await topic.run(async ({ records, next }) => {
    for (const { offset, headers } of records) leaves.set(offset, Buffer.from(headers.leaf ?? []).toString('hex'));
    if (next === (await log.describe('audit.events'))?.partitions[0]?.end) reader.abort();
    return undefined;
  }, reader.signal);

  let rows = 0;
  const before = Math.max(...leaves.keys()) + 1;
  for await (const page of storedLeaves(clickhouse.writer, { partition: 0, from: 0, before }))
    for (const { auditOffset, leaf } of page.rows) {
      expect(Buffer.from(leaf).toString('hex')).toBe(leaves.get(auditOffset));
      rows++;
    }
  expect(rows).toBeGreaterThan(1_500);
});

test('every commitment is that of the stored content, and every content has its event', async () => {
  const rows = await clickhouse.writer.rows(
    `SELECT content, hex(content_salt) AS salt, hex(e.content_commitment) AS commitment, e.content_bytes AS bytes
     FROM audit.content AS c LEFT JOIN audit.events AS e ON e.event_id = c.event_id`,
  );
  expect(rows.length).toBeGreaterThan(500);
  for (const { content, salt, commitment, bytes } of rows) {
    const words = Buffer.from(String(content));
    expect(words.length).toBe(Number(bytes));
    expect(
      commit(Buffer.from(String(salt), 'hex'), words)
        .toString('hex')
        .toUpperCase(),
    ).toBe(commitment);
  }
  const [missing] = await clickhouse.writer.rows(
    `SELECT count() AS missing FROM audit.events
     WHERE content_commitment IS NOT NULL AND event_id NOT IN (SELECT event_id FROM audit.content)`,
  );
  expect(missing).toEqual({ missing: 0 });
});

test('accounts cover every raw offset and add up to what is stored', async () => {
  const accounts = await clickhouse.writer.rows(
    `SELECT origin_topic AS topic, min(a.first) AS first, max(a.next) AS next, sum(a.next - a.first) AS offsets,
            sum(a.accepted + a.skipped + a.quarantined + a.absent) AS counted, sum(a.events) AS events
     FROM audit.accounting AS a GROUP BY topic`,
  );
  for (const { topic, first, next, offsets, counted, events } of accounts) {
    const end = (await log.describe(String(topic)))?.partitions[0]?.end;
    expect({ first, next, offsets, counted }, String(topic)).toEqual({
      first: 0,
      next: end,
      offsets: end,
      counted: end,
    });
    const [stored] = await clickhouse.writer.rows(
      'SELECT count() AS events FROM audit.events WHERE origin_topic = {topic:String}',
      { topic },
    );
    expect(stored, String(topic)).toEqual({ events });
  }
  const [quarantined] = await clickhouse.writer.rows('SELECT count() AS messages FROM audit.quarantine');
  expect(quarantined).toEqual({ messages: BROKEN.length });
});

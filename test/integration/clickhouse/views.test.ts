import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ClickHouse, openClickHouse } from '../../../services/clickhouse/client.ts';
import { columnsOf } from '../../../services/clickhouse/columns.ts';
import { VIEWS } from '../../../services/clickhouse/gate-views.ts';
import { migrate } from '../../../services/clickhouse/migrate.ts';
import { newest } from '../../../services/codec/schemas.ts';
import { eventId } from '../../../services/core/origin.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-views-'));
let clickhouse: ClickHouse;

beforeAll(async () => {
  clickhouse = await openClickHouse({ driver: 'embedded', path: join(folder, 'store'), spool: join(folder, 'spool') });
  await migrate(clickhouse.writer);
});
beforeEach(async () => {
  for (const table of ['events', 'quarantine', 'accounting'])
    await clickhouse.writer.run(`TRUNCATE TABLE audit.${table}`);
});
afterAll(async () => {
  await clickhouse.close();
  rmSync(folder, { recursive: true, force: true });
});

const rows = (sql: string) => clickhouse.writer.rows(sql);

interface Stored {
  readonly topic?: string;
  readonly offset: number;
  readonly ordinal?: number;
  readonly source_event_id?: string;
  readonly action?: string;
  readonly cost?: number;
  /** Days from now. */
  readonly keptDays?: number;
}

const idOf = ({ topic = 'gateway.events', offset, ordinal = 0 }: Stored): string =>
  eventId({ epoch: 0, topic, partition: 0, offset, ordinal });

/** Stores an event; messages are received a second apart. */
async function store(event: Stored): Promise<void> {
  const { topic = 'gateway.events', offset, ordinal = 0, source_event_id = '', action = 'llm.request' } = event;
  await clickhouse.writer.run(
    `INSERT INTO audit.events
       (event_id, origin_topic, origin_offset, origin_ordinal, source_event_id, action, format, cost_micro_usd,
        occurred_at, received_at, retain_until, content_commitment, personal_salt)
     SELECT {id:UUID}, {topic:String}, {offset:Int64}, {ordinal:Int32}, {source:String}, {action:String}, 'litellm',
       {cost:Int64}, now64(6), toDateTime64('2026-01-05 10:00:00', 6, 'UTC') + {offset:Int64}, now64(6) + {kept:Int64} * 86400, repeat('\\xab', 32), repeat('s', 16)`,
    {
      ...{ id: idOf(event), topic, offset, ordinal, source: source_event_id, action },
      ...{ cost: event.cost ?? 0, kept: event.keptDays ?? 90 },
    },
  );
}

/** Accounts for a range in which every message that is not quarantined gave one event. */
async function settle(first: number, next: number, quarantined = 0): Promise<void> {
  await clickhouse.writer.run(
    `INSERT INTO audit.accounting (origin_topic, first, next, accepted, quarantined, events, settled_at)
     SELECT 'gateway.events', {first:Int64}, {next:Int64}, {accepted:Int64}, {quarantined:Int64}, {accepted:Int64}, now64(6)`,
    { first, next, accepted: next - first - quarantined, quarantined },
  );
}

async function quarantine(offset: number): Promise<void> {
  await clickhouse.writer.run(
    `INSERT INTO audit.quarantine (quarantine_id, origin_topic, origin_offset, reason, sealed, retain_until)
     SELECT {id:UUID}, 'gateway.events', {offset:Int64}, 'byte 3: is not UTF-8', 'sealed', now64(6) + 86400`,
    { id: idOf({ offset }), offset },
  );
}

test('the views are those the gate knows', async () => {
  const found = await rows("SELECT name FROM system.tables WHERE database = 'audit' AND engine = 'View' ORDER BY name");
  expect(found.map(({ name }) => name)).toEqual([...VIEWS].sort());
});

describe('trail', () => {
  test("has the event's columns in plain types, but for its salt", async () => {
    const columns = await rows('DESCRIBE audit.trail');
    const expected = columnsOf(newest('audit-event').json).filter(({ name }) => name !== 'personal_salt');
    expect(columns.map(({ name }) => name)).toEqual([
      ...expected.map(({ name }) => name),
      'audit_partition',
      'audit_offset',
      'erased',
      'corrected_by',
    ]);
    for (const { name, type } of columns) expect(type, String(name)).not.toMatch(/LowCardinality|Fixed|Enum/);
  });

  test('shows what is to be kept still, and no other view shows more', async () => {
    await store({ offset: 1, source_event_id: 'a', cost: 5 });
    await store({ offset: 2, source_event_id: 'a', cost: 5, keptDays: -1 });
    expect(await rows('SELECT event_id, content_commitment FROM audit.trail')).toEqual([
      { event_id: idOf({ offset: 1 }), content_commitment: 'ab'.repeat(32) },
    ]);
    expect(await rows('SELECT event_id FROM audit.costs')).toHaveLength(1);
    expect(await rows('SELECT event_id FROM audit.resends')).toEqual([]);
  });

  test('lets conditions reach the keys of the table', async () => {
    await store({ offset: 1 });
    const plan = await clickhouse.writer.text(
      `EXPLAIN indexes = 1 SELECT count() FROM audit.trail
       WHERE action = 'shell.exec' AND occurred_at > '2026-01-01' AND event_id = '${idOf({ offset: 1 })}'`,
      'TabSeparatedRaw',
    );
    const condition = /PrimaryKey[\s\S]*?Condition: (.*)/.exec(plan)?.[1];
    for (const key of ['action', 'occurred_at', 'event_id']) expect(condition).toContain(key);
    expect(plan).toContain('Name: by_event_id');
  });
});

describe('resends', () => {
  test('are later messages with the same id; the first counts', async () => {
    await store({ offset: 3, source_event_id: 'a', cost: 10 });
    await store({ offset: 7, source_event_id: 'a', cost: 10 });
    await store({ topic: 'mcp.events', offset: 9, source_event_id: 'a', cost: 10 });
    await store({ offset: 8, source_event_id: 'b', cost: 1 });
    const first = idOf({ offset: 3 });
    expect(await rows('SELECT origin_offset, duplicate_of FROM audit.resends ORDER BY origin_offset')).toEqual([
      { origin_offset: 7, duplicate_of: first },
      { origin_offset: 9, duplicate_of: first },
    ]);
    expect(await rows('SELECT sum(cost_micro_usd) AS cost FROM audit.costs')).toEqual([{ cost: 11 }]);
  });

  test('are not: events of one message, other acts under one id, events without an id', async () => {
    await store({ offset: 1, ordinal: 0, source_event_id: 'a' });
    await store({ offset: 1, ordinal: 1, source_event_id: 'a' });
    await store({ offset: 2, source_event_id: 'a', action: 'guardrail.fired' });
    await store({ offset: 3 });
    await store({ offset: 4 });
    expect(await rows('SELECT * FROM audit.resends')).toEqual([]);
  });

  test('of a message with many events are all its events', async () => {
    for (const offset of [1, 2]) for (const ordinal of [0, 1]) await store({ offset, ordinal, source_event_id: 'a' });
    expect(await rows('SELECT DISTINCT origin_offset, duplicate_of FROM audit.resends')).toEqual([
      { origin_offset: 2, duplicate_of: idOf({ offset: 1 }) },
    ]);
    expect(await rows('SELECT count() AS n FROM audit.resends')).toEqual([{ n: 2 }]);
  });
});

test('quarantined tells the reason and never the bytes', async () => {
  await quarantine(4);
  const [row] = await rows('SELECT * FROM audit.quarantined');
  expect(row).toMatchObject({ quarantine_id: idOf({ offset: 4 }), reason: 'byte 3: is not UTF-8' });
  expect(Object.keys(row ?? {})).not.toContain('sealed');
  expect(Object.keys(row ?? {})).not.toContain('key_id');
});

test('skipped lists stretches of offsets with their reason', async () => {
  await clickhouse.writer.run(
    `INSERT INTO audit.accounting (origin_topic, first, next, accepted, skipped, exceptions, settled_at)
     SELECT 'gateway.events', 0, 9, 4, 3, [(2, 3, 'skipped', 0, 'message: empty batch'), (7, 2, 'absent', 0, '')], now64(6)`,
  );
  expect(await rows('SELECT origin_offset, messages, reason FROM audit.skipped')).toEqual([
    { origin_offset: 2, messages: 3, reason: 'message: empty batch' },
  ]);
});

describe('coverage', () => {
  const coverage = async () => {
    const [row] = await rows('SELECT * FROM audit.coverage');
    return row;
  };
  const fill = async (...offsets: readonly number[]) => {
    for (const offset of offsets) await store({ offset });
  };

  test('is complete when every range is settled and stored', async () => {
    await settle(5, 8);
    await settle(8, 10, 1);
    await fill(5, 6, 7, 9);
    await quarantine(8);
    expect(await coverage()).toMatchObject({
      ...{ first: 5, next: 10, ranges: 2, accepted: 4, quarantined: 1, events: 4, events_stored: 4 },
      ...{ quarantined_stored: 1, ahead: 0, twice: 0, holes: [], short: [], complete: 1 },
    });
  });

  test('names holes between settled ranges', async () => {
    await settle(0, 2);
    await settle(5, 6);
    await settle(9, 10);
    await fill(0, 1, 5, 9);
    expect(await coverage()).toMatchObject({
      holes: [
        { first: 2, next: 5 },
        { first: 6, next: 9 },
      ],
      complete: 0,
    });
  });

  test('names ranges that store less than they promise', async () => {
    await settle(0, 2);
    await settle(2, 4);
    await settle(4, 6, 1);
    await fill(0, 1, 2, 4);
    expect(await coverage()).toMatchObject({
      short: [
        { first: 2, next: 4 },
        { first: 4, next: 6 },
      ],
      complete: 0,
    });
  });

  test('a lost event is not made up for by one that is there twice', async () => {
    await settle(0, 3);
    await fill(0, 1, 1);
    expect(await coverage()).toMatchObject({ events: 3, events_stored: 3, short: [], twice: 1, complete: 0 });
  });

  test('events ahead of their account are counted apart', async () => {
    await settle(0, 2);
    await fill(0, 1, 2, 3);
    expect(await coverage()).toMatchObject({ events_stored: 2, ahead: 2, complete: 1 });
  });
});

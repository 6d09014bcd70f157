import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClickHouse, openClickHouse } from '../../../services/clickhouse/client.ts';
import { columnsOf } from '../../../services/clickhouse/columns.ts';
import { ClickHouseFailure } from '../../../services/clickhouse/failure.ts';
import { MigrationChanged, migrate, migrations } from '../../../services/clickhouse/migrate.ts';
import { placeColumns, TABLES } from '../../../services/clickhouse/tables.ts';
import { newest } from '../../../services/codec/schemas.ts';
import { type ClickHouseFront, clickhouseFront } from '../../support/clickhouse-front.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-store-'));
const limits = { seconds: 5, memoryBytes: 2 ** 30, rows: 1_000, bytes: 2 ** 26 };
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
  const open = () =>
    openClickHouse(
      driver === 'server' ? front.config : { driver, path: join(folder, 'store'), spool: join(folder, 'spool') },
    );

  beforeAll(async () => {
    clickhouse = await open();
  });
  afterAll(() => clickhouse.close());

  test('migrates once, from two processes at a time, and refuses a file that changed', async () => {
    const all = migrations().map(({ file }) => file);
    const [one, two] = await Promise.all([migrate(clickhouse.writer), migrate(clickhouse.writer)]);
    expect([...one, ...two]).toEqual(expect.arrayContaining([...all]));
    expect(await migrate(clickhouse.writer)).toEqual([]);
    expect(await clickhouse.writer.rows('SELECT file FROM audit.migrations ORDER BY file')).toEqual(
      all.map((file) => ({ file })),
    );
    const changed = migrations().map((each) => ({ ...each, sql: `${each.sql} ` }));
    await expect(migrate(clickhouse.writer, changed)).rejects.toThrow(MigrationChanged);
    await expect(migrate(clickhouse.writer, changed)).rejects.toThrow('0001_tables.sql');
  });

  test('loses no row when a process that comes late runs everything again', async () => {
    await clickhouse.writer.run(
      `INSERT INTO audit.deliveries (sink, replay, state, exceptions) SELECT 'splunk', 'r', 'parked', [(1, 2, 'buried', 'id', 'why')]`,
    );
    const stored = () => clickhouse.writer.rows('SELECT * FROM audit.deliveries');
    const before = await stored();
    await clickhouse.writer.run('TRUNCATE TABLE audit.migrations');
    expect(await migrate(clickhouse.writer)).toEqual(migrations().map(({ file }) => file));
    expect(await stored()).toEqual(before);
    await clickhouse.writer.run('TRUNCATE TABLE audit.deliveries');
  });

  test('refuses a migration that could not run twice', async () => {
    const bad = [...migrations(), { file: '9999_bad.sql', sql: 'CREATE TABLE audit.x (a Int8) ENGINE = Memory' }];
    await expect(migrate(clickhouse.writer, bad)).rejects.toThrow('9999_bad.sql');
  });

  test.each(Object.values(TABLES))('$name has the columns of its schema', async (table) => {
    const columns = await clickhouse.writer.rows(
      "SELECT name, type FROM system.columns WHERE database || '.' || table = {name:String} ORDER BY position",
      { name: table.name },
    );
    // Takes the place of the personal part once that is erased.
    const erased = table.record === 'audit-event' ? [{ name: 'personal_hash', type: 'Nullable(FixedString(32))' }] : [];
    const expected = [...columnsOf(newest(table.record).json), ...placeColumns(table), ...erased];
    expect(columns).toEqual(expected);
  });

  test.each(Object.values(TABLES))(
    '$name is partitioned and synced as the archive expects',
    async ({ name, partitionKey }) => {
      const [table] = await clickhouse.writer.rows(
        "SELECT partition_key, create_table_query AS sql FROM system.tables WHERE database || '.' || name = {name:String}",
        { name },
      );
      expect(table?.partition_key).toBe(partitionKey);
      expect(table?.sql).toMatch(/non_replicated_deduplication_window = \d{5}, fsync_after_insert = 1, fsync_part_dir/);
    },
  );

  test('binds parameters and keeps integers exact', async () => {
    const store = clickhouse.reader(limits);
    const given = { text: "it's \\ ; -- \n", list: ["a'b", 'c'], number: 7 };
    const sql = 'SELECT {text:String} AS text, {list:Array(String)} AS list, {number:Int64} AS number';
    expect(await store.rows(`${sql}, 9007199254740993 AS large`, given)).toEqual([
      { ...given, large: '9007199254740993' },
    ]);
    expect(await store.text('SELECT {n:Int32} AS n', 'CSVWithNames', { n: 1 })).toBe('"n"\n1\n');
  });

  test('holds readings to their limits, and the writer to none', async () => {
    const store = clickhouse.reader({ ...limits, rows: 10 });
    await expect(store.rows('SELECT number FROM numbers(100)')).rejects.toMatchObject({ code: 396 });
    const few = clickhouse.reader({ ...limits, bytes: 1_000 });
    await expect(few.rows("SELECT repeat('a', number) FROM numbers(100)")).rejects.toMatchObject({ code: 396 });
    expect(await clickhouse.writer.rows('SELECT number FROM numbers(100)')).toHaveLength(100);
  });

  test('names the engine’s error code', async () => {
    const asked = clickhouse.writer.rows('SELECT * FROM audit.nowhere');
    await expect(asked).rejects.toThrow(ClickHouseFailure);
    await expect(asked).rejects.toMatchObject({ code: 60 });
  });

  test('closes while a statement is under way, and opens again', async () => {
    const busy = clickhouse.reader(limits).rows('SELECT sum(sipHash64(number)) AS s FROM numbers(3000000)');
    const settled = busy.then(() => 'answered').catch(() => 'unknown');
    await clickhouse.close();
    if (driver === 'embedded') expect(await settled).toBe('answered');
    clickhouse = await open();
    expect(await clickhouse.writer.rows('SELECT count() AS n FROM audit.events')).toEqual([{ n: 0 }]);
    if (driver === 'embedded') expect(readdirSync(join(folder, 'spool'))).toEqual([]);
  });
});

test('a server that is gone is a failure without a code', async () => {
  await front.goAway();
  const clickhouse = await openClickHouse(front.config);
  await expect(clickhouse.writer.rows('SELECT 1')).rejects.toMatchObject({ code: undefined });
  await front.serve();
  expect(await clickhouse.writer.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await clickhouse.close();
});

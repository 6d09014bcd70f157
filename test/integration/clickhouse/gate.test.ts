import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClickHouse, openClickHouse } from '../../../services/clickhouse/client.ts';
import { checkQuery, gate } from '../../../services/clickhouse/gate.ts';
import { readTree } from '../../../services/clickhouse/gate-ast.ts';
import { migrate } from '../../../services/clickhouse/migrate.ts';
import { queries } from '../../../services/clickhouse/queries/index.ts';
import type { Store } from '../../../services/core/store.ts';
import { ATTACKS, HONEST } from '../../clickhouse/gate-questions.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-gate-'));
let clickhouse: ClickHouse;
let store: Store;

beforeAll(async () => {
  clickhouse = await openClickHouse({ driver: 'embedded', path: join(folder, 'store'), spool: join(folder, 'spool') });
  await migrate(clickhouse.writer);
  store = clickhouse.reader({ seconds: 20, memoryBytes: 2 ** 30, rows: 10_000, bytes: 2 ** 24 });
});
afterAll(async () => {
  await clickhouse.close();
  rmSync(folder, { recursive: true, force: true });
});

const explain = (statement: string): Promise<string> => store.text(statement, 'TabSeparatedRaw');
const names = async (sql: string): Promise<readonly string[]> =>
  (await store.rows(sql)).map(({ name }) => String(name));

/** Values for the parameters of the honest questions. */
const PARAMS = {
  from: '2026-01-05 00:00:00',
  to: '2026-01-06 00:00:00',
  who: "['a@example.com']",
  limit: '5',
  team: 'platform',
};

test.each(HONEST)('passes and runs: %j', async (sql) => {
  const gated = await gate(sql, explain);
  expect(gated).toMatchObject({ ok: true });
  if (gated.ok) await store.text(gated.sql, 'JSONEachRow', PARAMS);
});

test.each(ATTACKS)('refuses %j', async (sql) => expect(await gate(sql, explain)).toMatchObject({ ok: false }));

describe('the second lock without the first', () => {
  /** What the tree does not show: names that are functions, names of files, heredocs. A second statement would be run. */
  const UNSEEN =
    /current_user|session_user|currentDatabase|SELECT user|AggregateFunction|`audit\.trail`|;|\$|\/\*|\u200b|‘/;

  test.each(ATTACKS.filter((sql) => !UNSEEN.test(sql)))('refuses %j', async (sql) => {
    const tree = await explain(`EXPLAIN AST ${sql}`).catch(() => '');
    expect(readTree(tree, [])).toMatchObject({ ok: false });
  });
});

describe('named queries', () => {
  test.each(queries)('$name passes and runs on an empty store', async ({ sql, usage, bind }) => {
    const gated = await gate(sql, explain);
    expect(gated).toMatchObject({ ok: true });
    const required = [...usage.matchAll(/(\w+)=\(required\)/g)].map(([, param = '']) => [param, 'x']);
    const bound = bind(Object.fromEntries(required));
    expect(bound).toMatchObject({ ok: true });
    if (gated.ok && bound.ok) expect(await store.rows(gated.sql, bound.params)).toEqual([]);
  });
});

describe('what this engine offers', () => {
  test('every table function is refused', async () => {
    const all = await names('SELECT name FROM system.table_functions');
    expect(all.length).toBeGreaterThan(80);
    for (const name of all)
      for (const sql of [`SELECT * FROM ${name}('x')`, `SELECT 1 FROM audit.trail AS t, ${name}(1)`]) {
        expect(checkQuery(sql), sql).toMatchObject({ ok: false });
        expect(await gate(sql, explain), sql).toMatchObject({ ok: false });
      }
  });

  test('no function passes that is anything but a function of its arguments, or the clock', async () => {
    const refused = `categories IN ('Dictionary', 'Embedded Dictionary', 'AI', 'Introspection', 'Encryption', 'Internal',
      'Random Number', 'Machine Learning', 'Time Series') AND name NOT IN ('caseWithExpression')`;
    for (const name of await names(`SELECT name FROM system.functions WHERE ${refused}`))
      expect(checkQuery(`SELECT ${name}(1)`), name).toMatchObject({ ok: false });

    const changing = await names('SELECT name FROM system.functions WHERE deterministic = 0');
    const passed = changing.filter((name) => checkQuery(`SELECT ${name}(1)`).ok);
    // arrayJoin makes rows of an array's items: deterministic in all but name.
    const known = /^(arrayJoin|now(64)?|today|yesterday|curdate|UTCTimestamp|current_(date|timestamp))$/i;
    expect(passed.filter((name) => !known.test(name))).toEqual([]);
  });

  test('names that answer without brackets tell nothing but the time', async () => {
    const bare: string[] = [];
    for (const name of await names('SELECT name FROM system.functions')) {
      const gated = checkQuery(`SELECT ${name}`);
      if (gated.ok && (await store.text(gated.sql, 'Null').then(Boolean, () => undefined)) !== undefined)
        bare.push(name);
    }
    expect(bare.sort()).toEqual([
      'curdate',
      'current_date',
      'current_timestamp',
      'localtime',
      'localtimestamp',
      'now',
      'today',
    ]);
  });
});

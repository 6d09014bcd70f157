import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessStatements, SERVER_ROLES } from '../../../services/clickhouse/access.ts';
import { type ClickHouse, openClickHouse } from '../../../services/clickhouse/client.ts';
import { ANALYST_VIEWS, VIEWS } from '../../../services/clickhouse/gate-views.ts';
import { migrate } from '../../../services/clickhouse/migrate.ts';

/** No server here runs these statements: the engine's parser reads them, and what they grant is read from the text. */

const OWNER = "trail`house'\\";
const statements = accessStatements(OWNER);
const quoted = "`trail\\`house'\\\\`";
const roles = Object.keys(SERVER_ROLES);

const starting = (words: string): readonly string[] => statements.filter((statement) => statement.startsWith(words));

/** What a role is granted: privilege and place. */
function grantsOf(role: string): readonly (readonly [string, string])[] {
  const [given = '', ...more] = starting('GRANT ').filter((statement) => statement.includes(` TO ${role} `));
  expect(more).toEqual([]);
  const [, list = ''] = /^GRANT (.*) TO \w+ WITH REPLACE OPTION$/.exec(given) ?? [];
  return list.split(', ').map((grant) => {
    const [, privilege = '', place = ''] = /^([A-Z ]+) ON ([\w.*]+)$/.exec(grant) ?? [];
    return [privilege, place];
  });
}

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-access-'));
let clickhouse: ClickHouse;
let inDatabase: readonly { readonly name: string; readonly engine: string }[];

beforeAll(async () => {
  clickhouse = await openClickHouse({ driver: 'embedded', path: join(folder, 'store'), spool: join(folder, 'spool') });
  await migrate(clickhouse.writer);
  const rows = await clickhouse.writer.rows("SELECT name, engine FROM system.tables WHERE database = 'audit'");
  inDatabase = rows.map(({ name, engine }) => ({ name: String(name), engine: String(engine) }));
});
afterAll(async () => {
  await clickhouse.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the engine reads every statement', async () => {
  for (const sql of statements) {
    const [row] = await clickhouse.writer.rows('SELECT formatQuery({sql:String}) AS read', { sql });
    expect(String(row?.read)).not.toBe('');
  }
});

describe.each(roles)('%s', (role) => {
  test('may read its views, and no table', () => {
    const readable = new Set(grantsOf(role).map(([, place]) => place));
    for (const { name, engine } of inDatabase) {
      const isAllowed = engine === 'View' && (role === 'trailhouse_analyst' ? ANALYST_VIEWS : VIEWS).has(name);
      expect(readable.has(`audit.${name}`), name).toBe(isAllowed);
    }
    expect(readable.size).toBe(role === 'trailhouse_analyst' ? ANALYST_VIEWS.size : VIEWS.size);
  });

  test('has SELECT and nothing else: no table function that reaches files, addresses or servers', async () => {
    expect([...new Set(grantsOf(role).map(([privilege]) => privilege))]).toEqual(['SELECT']);
    const sources = await clickhouse.writer.rows('SELECT upper(name) AS name FROM system.table_functions');
    expect(sources.length).toBeGreaterThan(50);
    const given = starting('GRANT ').join(' ');
    for (const { name } of sources) expect(given).not.toMatch(new RegExp(`\\b${name}\\b ON`));
    expect(given).not.toMatch(/\*|CREATE TEMPORARY TABLE|SOURCES|GRANT OPTION/);
  });

  test('is bound by the profile and the quota', () => {
    for (const words of ['CREATE SETTINGS PROFILE', 'CREATE QUOTA']) {
      const [made = '', ...more] = starting(words);
      expect(more).toEqual([]);
      expect(made.split(' TO ').at(-1)?.split(', ')).toContain(role);
    }
  });
});

test('rows of every table are shown to the account of Trailhouse alone', () => {
  const [policy = ''] = starting('CREATE ROW POLICY');
  const [, list = '', who] = /ON (.*) USING 0 TO ALL EXCEPT (.*)$/.exec(policy) ?? [];
  const tables = inDatabase.filter(({ engine }) => engine !== 'View').map(({ name }) => `audit.${name}`);
  expect(list.split(', ')).toEqual(expect.arrayContaining(tables));
  expect(who).toBe(quoted);
});

test('every view reads its tables as the account of Trailhouse', () => {
  const views = inDatabase.filter(({ engine }) => engine === 'View').map(({ name }) => name);
  expect([...VIEWS].sort()).toEqual(views.sort());
  for (const view of views)
    expect(statements).toContain(`ALTER TABLE audit.${view} MODIFY DEFINER = ${quoted} SQL SECURITY DEFINER`);
});

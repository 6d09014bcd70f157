import { expect, test } from 'vitest';
import { checkQuery } from '../../services/clickhouse/gate.ts';
import { asSelect } from '../../services/clickhouse/gate-statements.ts';
import { allowedFor } from '../../services/clickhouse/gate-system.ts';
import { ANALYST_VIEWS, VIEWS } from '../../services/clickhouse/gate-views.ts';

const about = { version: '26.7.2.1', revision: 54_513, timezone: 'UTC', displayName: 'trailhouse' };
const allowed = allowedFor(VIEWS, "o'neill", about);
const analyst = allowedFor(ANALYST_VIEWS, 'ada', about);

test.each([
  ['SHOW DATABASES;', 'SELECT name FROM system.databases WHERE 1 ORDER BY name'],
  ['show tables', "SELECT name FROM system.tables WHERE database = 'audit' ORDER BY name"],
  [
    "SHOW TABLES FROM `x'y` NOT LIKE 'a%'",
    "SELECT name FROM system.tables WHERE database = 'x\\'y' AND name NOT LIKE 'a%' ORDER BY name",
  ],
  ['EXISTS audit.trail', 'SELECT toUInt8(1) AS result'],
  ['EXISTS TABLE content', 'SELECT toUInt8(0) AS result'],
  ['SELECT 1', 'SELECT 1'],
])('%j', (sql, select) => {
  expect(asSelect(sql, allowed)).toEqual({ ok: true, sql: select });
  expect(checkQuery(select, allowed)).toMatchObject({ ok: true });
});

test.each([
  'SHOW TABLES FROM',
  'SHOW TABLES LIKE trail',
  'SHOW TABLES; DROP TABLE x',
  'DESCRIBE audit.content',
  'DESC file(x)',
  'DESCRIBE TABLE audit.trail, audit.content',
  'EXISTS (SELECT 1)',
  'EXISTS a.b.c',
])('%j is not understood', (sql) => expect(asSelect(sql, allowed)).toMatchObject({ ok: false }));

test('a description is of a view the asker may read', () => {
  expect(asSelect('DESC holds', allowed)).toMatchObject({ ok: true });
  expect(asSelect('DESC holds', analyst)).toMatchObject({ ok: false, reason: expect.stringContaining('audit.holds') });
});

test.each([
  ['SELECT version()', `SELECT '26.7.2.1' AS "version()"`],
  ['SELECT timezone() AS tz, currentUser()', `SELECT 'UTC' AS tz, 'o\\'neill' AS "currentUser()"`],
  ["SELECT concat(version(), 'x')", "SELECT concat('26.7.2.1', 'x')"],
])('%j is answered by us', (sql, run) => expect(checkQuery(sql, allowed)).toEqual({ ok: true, sql: run }));

test.each(['SELECT user', 'SELECT version(1)', 'SELECT uptime()', "SELECT getSetting('x')"])('%j is not', (sql) =>
  expect(checkQuery(sql, allowed)).toMatchObject({ ok: false }),
);

test('catalogues are read through what may be seen of them', () => {
  const plain = checkQuery('SELECT tables.name FROM system.tables', allowed);
  expect(plain.ok && plain.sql).toMatch(/^SELECT tables\.name FROM \(SELECT .* IN \('trail', .*\)\) AS tables$/s);
  const named = checkQuery('SELECT t.name FROM system.tables AS t, system.columns c', allowed);
  expect(named.ok && named.sql).toMatch(/\) AS t, \(SELECT .*\) c$/s);
  for (const sql of ['SELECT * FROM system.users', 'SELECT * FROM system.tables(1)', 'SELECT * FROM `system.tables`'])
    expect(checkQuery(sql, allowed)).toMatchObject({ ok: false });
  expect(checkQuery('SELECT * FROM system.tables')).toMatchObject({ ok: false });
});

test('an analyst asks fewer views, by any way', () => {
  for (const sql of ['SELECT * FROM holds', 'SELECT * FROM audit.certificates', 'SELECT (SELECT 1 FROM audit.holds)'])
    expect(checkQuery(sql, analyst)).toMatchObject({ ok: false });
  expect([...ANALYST_VIEWS].filter((view) => !VIEWS.has(view))).toEqual([]);
});

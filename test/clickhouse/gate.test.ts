import { describe, expect, test } from 'vitest';
import { ClickHouseFailure } from '../../services/clickhouse/failure.ts';
import { checkQuery, gate } from '../../services/clickhouse/gate.ts';
import { readTree } from '../../services/clickhouse/gate-ast.ts';
import { ATTACKS, HONEST } from './gate-questions.ts';

test.each(ATTACKS)('refuses %j', (sql) => expect(checkQuery(sql)).toMatchObject({ ok: false }));

test.each(HONEST)('lets pass %j', (sql) => expect(checkQuery(sql)).toMatchObject({ ok: true }));

test('there are enough of both', () => {
  expect(new Set(ATTACKS).size).toBeGreaterThanOrEqual(140);
  expect(new Set(HONEST).size).toBeGreaterThanOrEqual(50);
});

describe('what is run', () => {
  test.each([
    ['SELECT 1 -- why\n;', 'SELECT 1'],
    ['SELECT/* a */count()FROM trail', 'SELECT count()FROM audit.trail'],
    ['SELECT trail.action FROM `trail`, costs', 'SELECT trail.action FROM audit.`trail`, audit.costs'],
    ['SELECT a FROM audit.trail JOIN skipped AS s ON 1=1', 'SELECT a FROM audit.trail JOIN audit.skipped AS s ON 1=1'],
    ["SELECT ' -- ' , {a:String}", "SELECT ' -- ' , {a:String}"],
  ])('%j', (sql, run) => expect(checkQuery(sql)).toEqual({ ok: true, sql: run }));
});

describe('says why', () => {
  test.each([
    ['SELECT * FROM audit.content', 'audit.content is not a view; there are audit.trail, audit.coverage, '],
    ["SELECT file('/etc/passwd')", 'function file is not listed (character 8)'],
    ['SELECT 1; SELECT 2', 'one statement at a time (character 9)'],
    ['SELECT \u00a01', '"\u00a0" is not understood here (character 8)'],
    ['SELECT * FROM {t:Identifier}', 'a parameter of type Identifier is not taken (character 15)'],
  ])('%j', (sql, reason) => expect(checkQuery(sql)).toMatchObject({ reason: expect.stringContaining(reason) }));
});

describe('the second lock', () => {
  const select = (...lines: readonly string[]) =>
    ['SelectWithUnionQuery (children 1)', ' ExpressionList (children 1)', ...lines].join('\n');
  const from = (table: string) =>
    select(
      '  SelectQuery (children 2)',
      '   ExpressionList (children 1)',
      '    Asterisk',
      '   TablesInSelectQuery (children 1)',
      '    TablesInSelectQueryElement (children 1)',
      '     TableExpression (children 1)',
      `      ${table}`,
    );

  test.each([
    ['a view', from('TableIdentifier audit.trail'), true],
    ['a view with an alias', from('TableIdentifier audit.trail (alias t)'), true],
    ['a table', from('TableIdentifier audit.content'), false],
    ['a view without its database', from('TableIdentifier trail'), false],
    ['a table function', from('Function now (children 1)\n       ExpressionList'), false],
    ['a name of no WITH', from('TableIdentifier x'), false],
    ['another statement', 'DropQuery  audit', false],
    ['a node it does not know', from('TableIdentifier audit.trail').replace('Asterisk', 'Set'), false],
    ['lines that do not add up', `${from('TableIdentifier audit.trail')}\n      Asterisk`, false],
    ['no tree', '', false],
    ['a broken tree', 'SelectWithUnionQuery (children 1)\n   Asterisk', false],
  ])('%s', (_, explained, ok) => expect(readTree(explained, [])).toMatchObject({ ok }));

  test('asks the parser with NULL for the parameters', async () => {
    const asked: string[] = [];
    const explain = async (statement: string) => {
      asked.push(statement);
      return from('TableIdentifier audit.trail');
    };
    expect(await gate('SELECT * FROM trail LIMIT {n:UInt8}', explain)).toEqual({
      ok: true,
      sql: 'SELECT * FROM audit.trail LIMIT {n:UInt8}',
      tables: ['audit.trail'],
      parameters: new Map([['n', 'UInt8']]),
      streams: true,
    });
    expect(asked).toEqual(['EXPLAIN AST SELECT * FROM audit.trail LIMIT NULL']);
  });

  test('a question the parser cannot read is refused; no answer is an error', async () => {
    const fails = (code: number | undefined) =>
      gate('SELECT 1 1', () => Promise.reject(new ClickHouseFailure('x', code, 0)));
    expect(await fails(62)).toEqual({ ok: false, reason: 'ClickHouse cannot read this: x', code: 62 });
    await expect(fails(undefined)).rejects.toThrow(ClickHouseFailure);
  });
});

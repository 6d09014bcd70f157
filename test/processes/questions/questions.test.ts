import { describe, expect, test } from 'vitest';
import { ClickHouseFailure } from '../../../services/clickhouse/failure.ts';
import { type Ask, TooManyQueries } from '../../../services/clickhouse/streams.ts';
import type { Principal, Request } from '../../../services/console/clickhouse/counter.ts';
import { envelope } from '../../../services/formats/envelope/index.ts';
import { judge } from '../../../services/processes/ingest/judge.ts';
import { newOperator, tokenHash } from '../../../services/processes/operators.ts';
import { openQuestions } from '../../../services/processes/questions/index.ts';
import { fakeClock } from '../../support/clock.ts';
import { memoryLog } from '../../support/memory-log.ts';

const LIMITS = { seconds: 60, memoryBytes: 1e9, rows: 1000, bytes: 1e6 };
const asker = { id: 'local', address: '127.0.0.1', userAgent: 'test' };
const local: Principal = { name: 'local', role: 'administrator', operator: false };
const TREE = (table: string) =>
  [
    'SelectWithUnionQuery (children 1)',
    ' ExpressionList (children 1)',
    '  SelectQuery (children 2)',
    '   ExpressionList (children 1)',
    '    Asterisk',
    '   TablesInSelectQuery (children 1)',
    '    TablesInSelectQueryElement (children 1)',
    '     TableExpression (children 1)',
    `      TableIdentifier ${table}`,
  ].join('\n');

const ask = (sql: string, more: Partial<Request> = {}): Request => ({
  ...{ id: 'q1', fault: undefined, sql, format: 'TabSeparated', params: {}, settings: {}, revision: 0 },
  ...more,
});

/** A store whose every answer is `1`, or an error; `isFull`: the trail takes nothing. */
async function open({ fails, isFull = false }: { readonly fails?: Error; readonly isFull?: boolean } = {}) {
  const clock = fakeClock();
  const asked: Ask[] = [];
  const told: Record<string, unknown>[] = [];
  const { token } = newOperator('ada', 'analyst');
  const counter = await openQuestions({
    store: {
      rows: async () => [{ version: '26.7.2.1', timezone: 'UTC', revision: 54_513 }],
      text: async (sql) => TREE(/audit\.(\w+)/.exec(sql)?.[0] ?? 'audit.trail'),
    },
    streams: {
      async *ask(question) {
        asked.push(question);
        if (fails !== undefined) throw fails;
        yield { bytes: Buffer.from('1\n'), rows: 1 };
      },
    },
    limits: LIMITS,
    log: {
      ...memoryLog(clock),
      async append(_, __, records) {
        if (isFull) throw new Error('disk full');
        for (const { value } of records) {
          expect(judge(value, 'json', [envelope])).toMatchObject({ kind: 'accepted' });
          told.push(JSON.parse(Buffer.from(value).toString()));
        }
        return told.length - 1;
      },
    },
    clock,
    operators: { ada: { role: 'analyst', token_sha256: tokenHash(token) } },
    count() {},
  });
  const put = (request: Request, principal = local) =>
    counter.ask(request, principal, principal.operator ? { ...asker, id: '' } : asker, AbortSignal.timeout(5_000));
  return { counter, put, asked, told, clock, token };
}

test('a question is told with what became of it', async () => {
  const { put, told } = await open();
  expect(await put(ask('SELECT * FROM costs', { params: { a: 'x' } }))).toMatchObject({ kind: 'answer', rows: 1 });
  expect(told).toMatchObject([
    {
      action: 'audit.query',
      outcome: 'success',
      actor: { id: 'local', basis: 'device' },
      attributes: { views: 'audit.costs', rows: 1, bytes: 2, phase: 'whole', query_id: 'q1', format: 'TabSeparated' },
      content: { sql: 'SELECT * FROM costs', params: [{ name: 'a', value: 'x' }] },
    },
  ]);
});

test('an operator is told by name, and asks what the role may', async () => {
  const { counter, put, told, asked, token } = await open();
  const ada = counter.holder(token);
  expect(ada).toEqual({ name: 'ada', role: 'analyst', operator: true });
  expect(counter.holder('thop_of_nobody')).toBeUndefined();
  if (ada === undefined) return;
  expect(await put(ask('SELECT * FROM holds'), ada)).toMatchObject({ kind: 'failed', code: 497 });
  expect(await put(ask('SELECT * FROM trail'), ada)).toMatchObject({ kind: 'answer' });
  expect(told).toMatchObject([
    { outcome: 'denied', actor: { id: 'ada', basis: 'gateway_key' } },
    { outcome: 'success', actor: { id: 'ada', basis: 'gateway_key' } },
  ]);
  expect(asked.map(({ sql }) => sql)).toEqual(['SELECT * FROM audit.trail']);
});

test('without its act there is no answer', async () => {
  const { put } = await open({ isFull: true });
  await expect(put(ask('SELECT * FROM trail'))).rejects.toThrow('disk full');
  await expect(put(ask('SELECT * FROM audit.content'))).rejects.toThrow('disk full');
});

describe('a dashboard', () => {
  const at = (seconds: number) => ask(`SELECT * FROM trail WHERE occurred_at < toDateTime(${1_767_571_200 + seconds})`);

  test('is told once a minute for each question, whoever else asks', async () => {
    const { put, told, clock } = await open();
    for (const seconds of [1, 2, 30]) await put(at(seconds));
    expect(told).toHaveLength(1);
    await put(ask('SELECT * FROM trail'));
    await put(at(3), { ...local, name: 'ada', operator: true });
    expect(told).toHaveLength(3);
    clock.advance(60_000);
    await put(at(4));
    expect(told).toHaveLength(4);
  });
});

describe('what is refused, and told', () => {
  const fault = { kind: 'failed', code: 164, message: "Cannot modify 'x' (READONLY)" } as const;
  test.each([
    ['a table', ask('SELECT * FROM audit.content'), 497, 'denied'],
    ['a setting', ask('SELECT 1', { fault }), 164, 'denied'],
    ['a format', ask('SELECT 1', { format: 'Template' }), 73, 'failure'],
    ['a parameter', ask('SELECT {a:Array(String)} FROM trail', { params: { a: 'x' } }), 457, 'failure'],
    ['nothing', ask(''), 497, 'denied'],
  ])('%s', async (_, request, code, outcome) => {
    const { put, told, asked } = await open();
    expect(await put(request)).toMatchObject({ kind: 'failed', code });
    expect(told).toMatchObject([{ outcome, content: { sql: request.sql, reason: expect.any(String) } }]);
    expect(asked).toEqual([]);
  });

  test.each([
    [
      new ClickHouseFailure("Cannot parse 'secret' (CANNOT_PARSE_TEXT) (version 26.7.2.1). (X)", 6, undefined),
      { code: 6, message: "Cannot parse 'secret' (CANNOT_PARSE_TEXT)" },
    ],
    [
      new ClickHouseFailure('no x ', 47, Object.assign(new Error('no x'), { type: 'UNKNOWN_IDENTIFIER' })),
      { code: 47, message: 'no x (UNKNOWN_IDENTIFIER)' },
    ],
    [
      new ClickHouseFailure('socket hang up', undefined, undefined),
      { code: 1002, message: 'the store does not answer (UNKNOWN_EXCEPTION)' },
    ],
    [new TooManyQueries('100 wait'), { code: 202, message: '100 wait (TOO_MANY_SIMULTANEOUS_QUERIES)' }],
  ])('%s', async (fails, failure) => {
    const { put, told } = await open({ fails });
    expect(await put(ask('SELECT * FROM trail'))).toEqual({ kind: 'failed', ...failure });
    expect(told).toMatchObject([{ outcome: 'failure' }]);
    // ClickHouse's words may quote a row: they are the asker's alone.
    expect(JSON.stringify(told)).not.toMatch(/secret|socket/);
  });
});

test('who shows the token of nobody is told once a minute', async () => {
  const { counter, told } = await open();
  for (const userAgent of ['a', 'b', 'c']) await counter.turnedAway({ ...asker, id: '', userAgent });
  await counter.turnedAway({ ...asker, id: '', address: '10.0.0.7' });
  expect(told).toMatchObject([
    { action: 'auth.login', outcome: 'denied', client: { address: '127.0.0.1' } },
    { action: 'auth.login', outcome: 'denied', client: { address: '10.0.0.7' } },
  ]);
});

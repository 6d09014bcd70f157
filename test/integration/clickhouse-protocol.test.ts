import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ReadLimits } from '../../services/clickhouse/client.ts';
import { gate } from '../../services/clickhouse/gate.ts';
import { isListed } from '../../services/clickhouse/gate-functions.ts';
import { allowedFor } from '../../services/clickhouse/gate-system.ts';
import { VIEWS } from '../../services/clickhouse/gate-views.ts';
import { type ClickHouseServer, clickhouseServer } from '../../services/console/clickhouse/index.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { newOperator, tokenHash } from '../../services/processes/operators.ts';
import { openQuestions } from '../../services/processes/questions/index.ts';
import { ATTACKS } from '../clickhouse/gate-questions.ts';
import { openPipeline, type Pipeline } from '../support/pipeline.ts';

/** The protocol over the engine, by the clients people have. */

const LIMITS: ReadLimits = { seconds: 60, memoryBytes: 2 ** 31, rows: 3_000_000, bytes: 2 ** 28 };
const run = promisify(execFile);

let pipeline: Pipeline;
const servers: ClickHouseServer[] = [];
let [open, closed] = [0, 0];
const ada = newOperator('ada', 'analyst').token;

beforeAll(async () => {
  pipeline = await openPipeline('protocol');
  await pipeline.send('endpoint.events', [
    { trailhouse: 1, time: new Date().toISOString(), action: 'shell.exec', outcome: 'success', command: 'ls' },
  ]);
  await pipeline.settled();
  const { clickhouse, log } = pipeline;
  const counter = await openQuestions({
    ...{ store: clickhouse.reader(LIMITS), streams: clickhouse.streams(LIMITS, 2), limits: LIMITS },
    ...{ log, clock: systemClock, count() {} },
    operators: { ada: { role: 'analyst', token_sha256: tokenHash(ada) } },
  });
  for (const isOpen of [true, false]) servers.push(clickhouseServer(counter, { open: isOpen, stallMs: 60_000 }));
  [open = 0, closed = 0] = await Promise.all(servers.map((server) => server.listen({ host: '127.0.0.1', port: 0 })));
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await pipeline.close();
});

async function ask(sql: string, query = ''): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`http://127.0.0.1:${open}/?${query}`, { method: 'POST', body: sql });
  return { status: response.status, text: await response.text() };
}

/** Many blocks, and an error after most of them. */
const BREAKS = `SELECT if(a * 1000 + b = 1900000, toUInt8(concat('x', toString(a))), 1) AS v, repeat('x', 50) AS x
  FROM (SELECT arrayJoin(range(2000)) AS a) AS l CROSS JOIN (SELECT arrayJoin(range(1000)) AS b) AS r`;
const MANY = BREAKS.replace('1900000', '-1');

describe('@clickhouse/client', () => {
  const log = { level: ClickHouseLogLevel.OFF };
  let client: ClickHouseClient;
  beforeAll(() => {
    client = createClient({
      url: `http://127.0.0.1:${closed}`,
      ...{ username: 'ada', password: ada, database: 'audit', log },
      compression: { response: true, request: false },
    });
  });
  afterAll(() => client.close());

  const rows = async (query: string, query_params: Record<string, unknown> = {}) =>
    (await client.query({ query, query_params, format: 'JSONEachRow' })).json();

  const read = async (from: ClickHouseClient): Promise<void> => {
    const answer = await from.query({ query: BREAKS, format: 'JSONEachRow' });
    for await (const _ of answer.stream());
  };

  test('pings, and asks rows and documents', async () => {
    expect(await client.ping()).toEqual({ success: true });
    expect(await client.ping({ select: true })).toEqual({ success: true });
    expect(await rows('SELECT command FROM trail WHERE action = {action:String}', { action: 'shell.exec' })).toEqual([
      { command: 'ls' },
    ]);
    const document = await client.query({ query: 'SELECT 1 AS one', format: 'JSON' });
    expect(await document.json()).toMatchObject({ data: [{ one: 1 }], rows: 1 });
    expect(document.response_headers['content-encoding']).toBe('gzip');
  });

  test('binds parameters of every kind', async () => {
    const values = { s: "it's\ta\n\\ {x}", n: null, a: ["x'y", 'z\\'], i: [1, 2], d: new Date('2026-01-05T10:00:00Z') };
    const sql = `SELECT {s:String} AS s, {n:Nullable(String)} AS n, {a:Array(String)} AS a, {i:Array(UInt64)} AS i,
      toString({d:DateTime('UTC')}) AS d`;
    expect(await rows(sql, values)).toEqual([{ ...values, d: '2026-01-05 10:00:00' }]);
  });

  test('reads an answer of many pieces as it comes', async () => {
    const answer = await client.query({ query: MANY, format: 'JSONCompactEachRow' });
    let count = 0;
    for await (const batch of answer.stream()) count += batch.length;
    expect(count).toBe(2_000_000);
  });

  test('hears of what is refused, and of an answer that breaks off', async () => {
    await expect(client.query({ query: 'SELECT * FROM audit.holds' })).rejects.toMatchObject({
      code: '497',
      type: 'ACCESS_DENIED',
    });
    await expect(client.query({ query: 'SELECT 1 1' })).rejects.toMatchObject({ code: '62', type: 'SYNTAX_ERROR' });
    await expect(client.insert({ table: 'trail', values: [{ a: 1 }] })).rejects.toThrow(ClickHouseError);
    await expect(client.command({ query: 'DROP TABLE trail' })).rejects.toThrow(ClickHouseError);
    // Packed, an answer without its end is one that was cut off; plain, it says why.
    await expect(read(client)).rejects.toThrow();
    const plain = createClient({ url: `http://127.0.0.1:${closed}`, username: 'ada', password: ada, log });
    await expect(read(plain)).rejects.toThrow(/x1900/);
    await plain.close();
  });

  test('a token of nobody is turned away', async () => {
    const stranger = createClient({ url: `http://127.0.0.1:${closed}`, username: 'ada', password: 'thop_no', log });
    await expect(stranger.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' });
    await stranger.close();
  });
});

describe('what an answer is made of', () => {
  test.each([
    ['CSVWithNames', '"a","s"\n', 300_001],
    ['TSVWithNamesAndTypes', 'a\ts\nUInt64\tString\n', 300_002],
    ['JSONCompactEachRowWithNames', '["a", "s"]\n', 300_001],
  ])('%s has one head', async (format, head, lines) => {
    const { text } = await ask(
      `SELECT l.a * 1000 + r.b AS a, 'x' AS s FROM (SELECT toUInt16(arrayJoin(range(300))) AS a) AS l
       CROSS JOIN (SELECT toUInt16(arrayJoin(range(1000))) AS b) AS r FORMAT ${format}`,
    );
    expect(text.slice(0, head.length).replaceAll('","', '", "')).toBe(head.replaceAll('","', '", "'));
    expect(text.trimEnd().split('\n')).toHaveLength(lines);
    expect(text.split(head)).toHaveLength(2);
  });

  test('totals and scalar subqueries are in it', async () => {
    const totals = 'SELECT 1 AS k, count() AS n FROM system.one GROUP BY k WITH TOTALS';
    expect(JSON.parse((await ask(`${totals} FORMAT JSON`)).text)).toMatchObject({ totals: { n: 1 } });
    expect((await ask('SELECT (SELECT max(1) FROM audit.trail) AS x')).text).toBe('1\n');
  });

  test('limits hold, and settings narrow them', async () => {
    for (const sql of ['SELECT arrayJoin(range(100))', 'SELECT name FROM system.columns'])
      expect((await ask(sql, 'max_result_rows=10')).text).toMatch(/^Code: 396\./);
    const much = 'SELECT arrayJoin(range(4000000)) AS n FORMAT JSONCompactColumns';
    expect((await ask(much, 'max_result_rows=99999999')).text).toMatch(/^Code: 396\./);
    const slow = `SELECT sum(bitCount(a + b)) FROM (SELECT arrayJoin(range(100000)) AS a) AS l
      CROSS JOIN (SELECT arrayJoin(range(1000000)) AS b) AS r`;
    expect(await ask(slow, 'max_execution_time=1')).toMatchObject({
      status: 408,
      text: expect.stringMatching(/^Code: 159\./),
    });
  });

  test('answers of another who asks at the same time are another’s', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => ask('SELECT {n:UInt8} FROM system.one', `param_n=${index}`)),
    );
    expect(answers.map(({ text }) => text.trim())).toEqual(Array.from({ length: 12 }, (_, index) => String(index)));
    expect((await ask('SELECT {n:UInt8}')).text).toMatch(/^Code: 456\./);
  });
});

describe('the gate, from outside', () => {
  /** What looks something up is answered from the catalogues, FORMAT is the protocol's, who asks is told their own name. */
  const ANSWERED =
    /^(?:SHOW TABLES|DESCRIBE audit\.trail|SELECT 1 FORMAT JSON|SELECT currentUser\(\)|SELECT \* FROM audit\.trail AS t, system\.one)$/;

  test.each(ATTACKS.filter((sql) => !ANSWERED.test(sql)))('refuses %j', async (sql) => {
    const { status, text } = await ask(sql);
    expect([status, text]).toEqual([expect.any(Number), expect.stringMatching(/^Code: \d+\. DB::Exception: /)]);
    expect(status).toBeGreaterThanOrEqual(400);
  });

  test('tells who asks of the server what we say of it', async () => {
    const { text } = await ask('SELECT currentUser(), currentDatabase(), hostName(), displayName()');
    expect(text).toBe('local\taudit\ttrailhouse\ttrailhouse\n');
  });

  test('catalogues show our views and nothing else', async () => {
    expect((await ask('SHOW DATABASES')).text).toBe('audit\n');
    const views = [...VIEWS].toSorted();
    expect((await ask('SHOW TABLES')).text.trim().split('\n')).toEqual(views);
    expect((await ask('SELECT DISTINCT table FROM system.columns ORDER BY table')).text.trim().split('\n')).toEqual(
      views,
    );
    const paths = await ask(
      "SELECT countIf(create_table_query != ''), countIf(database != 'audit') FROM system.tables WHERE name != ''",
    );
    expect(paths.text).toBe('0\t0\n');
    for (const table of await names("SELECT name FROM system.tables WHERE database = 'system'"))
      if (!['one', 'databases', 'tables', 'columns'].includes(table))
        expect((await ask(`SELECT * FROM system.${table}`)).status, table).toBe(403);
  });

  test('of everything the engine can call, what is listed passes and nothing else', async () => {
    const about = { version: '26', revision: 54_513, timezone: 'UTC', displayName: 'trailhouse' };
    const allowed = allowedFor(VIEWS, 'local', about);
    const store = pipeline.clickhouse.reader(LIMITS);
    const explain = (statement: string) => store.text(statement, 'TabSeparatedRaw');
    const functions = await names('SELECT name FROM system.functions');
    const tables = await names('SELECT name FROM system.table_functions');
    expect(functions.length).toBeGreaterThan(1_500);
    expect(tables.length).toBeGreaterThan(80);
    for (const name of functions) {
      const { ok } = await gate(`SELECT \`${name}\`(1)`, explain, allowed);
      expect([name, ok]).toEqual([name, ok && isListed(name)]);
    }
    for (const name of tables)
      for (const sql of [
        `SELECT * FROM ${name}('x')`,
        `SELECT * FROM system.one, ${name}(1)`,
        `DESCRIBE TABLE ${name}('x')`,
      ])
        expect((await gate(sql, explain, allowed)).ok, sql).toBe(false);
  });
});

describe('the trail', () => {
  const acts = async (id: string) => {
    await pipeline.settled();
    return pipeline.clickhouse.writer.rows(
      `SELECT outcome, actor_id, attributes['attributes.phase'] AS phase, attributes['attributes.views'] AS views,
         attributes['attributes.rows'] AS rows FROM audit.trail
       WHERE action = 'audit.query' AND attributes['attributes.query_id'] = {id:String} ORDER BY occurred_at, phase`,
      { id },
    );
  };

  test('holds every question, with what became of it', async () => {
    await ask('SELECT action FROM trail LIMIT 1', 'query_id=short');
    await ask(`${MANY} FORMAT RowBinary`, 'query_id=long');
    await ask(`${BREAKS} FORMAT RowBinary`, 'query_id=broken').catch(() => {});
    await ask('SELECT content FROM audit.content', 'query_id=refused');
    const local = { actor_id: 'local', views: '' };
    expect(await acts('short')).toEqual([
      { ...local, outcome: 'success', phase: 'whole', views: 'audit.trail', rows: '1' },
    ]);
    expect(await acts('long')).toMatchObject([
      { ...local, outcome: 'unknown', phase: 'began' },
      { ...local, outcome: 'success', phase: 'ended', rows: '2000000' },
    ]);
    expect(await acts('broken')).toMatchObject([
      { outcome: 'unknown', phase: 'began' },
      { outcome: 'failure', phase: 'ended' },
    ]);
    expect(await acts('refused')).toMatchObject([{ outcome: 'denied' }]);
    const { text } = await ask(
      "SELECT principal, outcome, views, rows, bytes FROM access_log WHERE query_id = 'short' FORMAT JSONCompactEachRow",
    );
    expect(JSON.parse(text)).toEqual(['local', 'success', ['audit.trail'], 1, expect.any(Number)]);
  });

  test('knows of a client that left', async () => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const url = `http://127.0.0.1:${open}/?query_id=left`;
    const response = await fetch(url, { method: 'POST', body: `${MANY} WHERE a >= 0 FORMAT TSV`, signal });
    await response.body?.getReader().read();
    leaving.abort();
    // Whatever is asked next waits for its turn, or finds the session free: both work.
    expect((await ask('SELECT 1')).text).toBe('1\n');
    await expect
      .poll(() => acts('left'), { timeout: 30_000 })
      .toMatchObject([{ phase: 'began' }, { outcome: 'failure', phase: 'ended' }]);
  });
});

describe('programs', () => {
  const has = (program: string, version: string): Promise<boolean> =>
    run(program, [version]).then(
      () => true,
      () => false,
    );

  test('curl', async ({ skip }) => {
    if (!(await has('curl', '--version'))) skip('there is no curl on this machine');
    const url = `http://127.0.0.1:${closed}/?default_format=CSV`;
    const { stdout } = await run('curl', [
      '-sSf',
      '--compressed',
      '-u',
      `ada:${ada}`,
      '--data-binary',
      "SELECT 1, 'a'",
      url,
    ]);
    expect(stdout).toBe('1,"a"\n');
    const broken = run('curl', ['-sS', '-u', `ada:${ada}`, '--data-binary', BREAKS, url], { maxBuffer: 2 ** 28 });
    // Transfer closed with outstanding data.
    await expect(broken).rejects.toMatchObject({ code: 18 });
  });

  test('clickhouse-go', { timeout: 600_000 }, async ({ skip }) => {
    const cwd = new URL('../console/clickhouse-go/', import.meta.url).pathname;
    if (!(await has('go', 'version'))) skip('there is no Go on this machine');
    if (
      await run('go', ['mod', 'download'], { cwd }).then(
        () => false,
        () => true,
      )
    )
      skip('Go finds its modules nowhere');
    const { stdout } = await run('go', ['run', '.', `127.0.0.1:${closed}`, 'ada', ada], { cwd });
    const answers = goAnswers.parse(JSON.parse(stdout));
    expect(answers.map(({ compression }) => compression)).toEqual(['none', 'lz4', 'zstd', 'gzip', 'deflate', 'br']);
    for (const { compression: _, types, ...answer } of answers) {
      expect(answer).toEqual({
        ...{ server: expect.stringMatching(/^trailhouse 26\./), rows: 300_000, sum: 44_999_850_000 },
        ...{ bound: ["it's\ta \\ tab", 'a', 'b'], tables: ['trail'], refused: 497, broken: 6, empty: 0 },
      });
      expect(types).toEqual(TYPES);
    }
  });

  const goAnswers = z.array(z.object({ compression: z.string(), types: z.record(z.string(), z.unknown()) }).loose());
});

/** The row of clickhouse-go/main.go, by column and type. Bytes are base64: Go writes `[]uint8` so. */
const TYPES = {
  'u8 UInt8': 1,
  'i64 Int64': -5,
  'f64 Float64': 1.5,
  's String': 'text',
  'fixed FixedString(3)': 'ab\0',
  'absent Nullable(String)': null,
  'present Nullable(String)': 'x',
  'list Array(String)': ['a', 'b'],
  'lists Array(Array(UInt8))': ['AQI=', ''],
  'words Array(LowCardinality(String))': ['p', 'q', 'p'],
  'low LowCardinality(String)': 'low',
  'lowest LowCardinality(Nullable(String))': null,
  'pairs Map(String, String)': { k: 'v' },
  'both Tuple(UInt8, String)': [1, 'two'],
  'id UUID': '00000000-0000-4000-8000-000000000001',
  "at DateTime64(6, 'UTC')": '2026-01-05T10:00:00.123456Z',
  'second DateTime': '2026-01-05T10:00:00Z',
  'day Date': '2026-01-05T00:00:00Z',
  'yes Bool': true,
  'amount Decimal(18, 2)': '1.25',
  "choice Enum8('a' = 1, 'b' = 2)": 'b',
  'records Array(Tuple(name String, n Int32))': [{ name: 'n', n: 1 }],
};

async function names(sql: string): Promise<readonly string[]> {
  return (await pipeline.clickhouse.writer.rows(sql)).map(({ name }) => String(name));
}

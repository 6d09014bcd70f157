import { expect, test } from 'vitest';
import type { Answer, Asker, Desk, Question } from '../../services/console/desk.ts';
import { queryServer, splitFormat } from '../../services/console/query.ts';

const headers = { host: '127.0.0.1:8123' };

function server(answer: Answer) {
  const asked: { question: Question; asker: Asker }[] = [];
  const refused: Answer = { kind: 'refused', reason: 'not here' };
  const desk: Desk = {
    async select(question, asker) {
      asked.push({ question, asker });
      return answer;
    },
    named: async () => refused,
    quarantined: async () => refused,
    retry: async () => refused,
    operate: async () => refused,
    hold: async () => refused,
    reveal: async () => refused,
    review: async () => refused,
  };
  return { asked, http: queryServer(desk, 8123) };
}

test('GET and POST reach the desk, with format and parameters', async () => {
  const { asked, http } = server({ kind: 'text', text: '1\n', rows: 1 });
  const got = await http.inject({ url: '/', headers, query: { query: 'SELECT {a:Int32} FORMAT CSV', param_a: '1' } });
  expect([got.statusCode, got.body]).toEqual([200, '1\n']);
  await http.inject({ method: 'POST', url: '/?default_format=JSON', headers, payload: 'SELECT 2' });
  expect(asked.map(({ question }) => question)).toEqual([
    { sql: 'SELECT {a:Int32}', format: 'CSV', params: { a: '1' } },
    { sql: 'SELECT 2', format: 'JSON', params: {} },
  ]);
});

test("errors have ClickHouse's form", async () => {
  const { http } = server({ kind: 'refused', reason: 'audit.content is not a view' });
  const got = await http.inject({ url: '/', headers, query: { query: 'SELECT 1' } });
  expect(got.statusCode).toBe(403);
  expect(got.headers['x-clickhouse-exception-code']).toBe('497');
  expect(got.body).toBe('Code: 497. DB::Exception: audit.content is not a view (ACCESS_DENIED)\n');
});

test('/ping answers, other names and web pages are turned away', async () => {
  const { asked, http } = server({ kind: 'text', text: '', rows: 0 });
  expect((await http.inject({ url: '/ping', headers })).body).toBe('Ok.\n');
  const image = { ...headers, 'sec-fetch-site': 'cross-site' };
  for (const other of [{ host: 'evil.example' }, { ...headers, origin: 'https://evil.example' }, image])
    expect((await http.inject({ url: '/?query=SELECT+1', headers: other })).statusCode).toBe(403);
  expect(asked).toEqual([]);
});

test('an error is named, its words stay here', async () => {
  const refused: Answer = { kind: 'refused', reason: 'not here' };
  const broken = () => Promise.reject(new TypeError('prompt: my password is'));
  const willing = async () => refused;
  const desk = {
    select: broken,
    named: broken,
    quarantined: broken,
    retry: willing,
    operate: willing,
    hold: willing,
    reveal: willing,
    review: willing,
  };
  const http = queryServer(desk, 8123);
  const got = await http.inject({ url: '/?query=SELECT+1', headers });
  expect([got.statusCode, got.body]).toEqual([500, 'Code: 1002. DB::Exception: failed with TypeError\n']);
});

test.each([
  ['SELECT 1', 'TabSeparated', 'SELECT 1'],
  ['SELECT 1 FORMAT JSONEachRow', 'JSONEachRow', 'SELECT 1'],
  ['SELECT 1\nformat CSV;', 'CSV', 'SELECT 1'],
  ["SELECT ' FORMAT x'", 'TabSeparated', "SELECT ' FORMAT x'"],
])('%j is answered as %s', (text, format, sql) => expect(splitFormat(text, 'TabSeparated')).toEqual({ sql, format }));

import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync, gzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { decompressFrameSync } from 'lz4-napi';
import { afterEach, describe, expect, test } from 'vitest';
import type { Failure, Part } from '../../../services/console/clickhouse/counter.ts';
import { framed, unframe } from '../../../services/console/clickhouse/framing.ts';
import { type ClickHouseServer, clickhouseServer } from '../../../services/console/clickhouse/index.ts';
import { counterOf, part } from './counter.ts';

const servers: ClickHouseServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(answer: readonly Part[] | Failure | Error = [part('1\n')], open = true) {
  const { counter, asked, turnedAway } = counterOf(answer);
  const server = clickhouseServer(counter, { open, stallMs: 5_000 });
  servers.push(server);
  const port = await server.listen({ host: '127.0.0.1', port: 0 });
  const ask = (path: string, more: Sent = {}): Promise<Got> => send(port, path, more);
  return { asked, turnedAway, ask };
}

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

interface Got {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether the answer came to its end. */
  readonly whole: boolean;
}

function send(port: number, path: string, { method = 'GET', headers = {}, body }: Sent): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      const done = (whole: boolean) =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks), whole });
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => done(true)).once('error', () => done(false));
    });
    request.once('error', reject).end(body);
  });
}

describe('the interface', () => {
  test.each([
    ['/ping', 'GET', 200, 'Ok.\n'],
    ['/replicas_status', 'GET', 200, 'Ok.\n'],
    ['/', 'GET', 200, 'Ok.\n'],
    ['/ping', 'HEAD', 200, ''],
    ['/nothing?query=SELECT+1', 'GET', 404, expect.stringContaining('/?query=')],
    ['/?query=SELECT+1', 'DELETE', 405, 'GET, HEAD or POST\n'],
  ])('%s by %s', async (path, method, status, body) => {
    const { ask, asked } = await serve();
    const got = await ask(path, { method });
    expect([got.status, got.body.toString()]).toEqual([status, body]);
    expect(asked).toEqual([]);
  });

  test('a question comes by GET or POST, with its format and parameters', async () => {
    const { ask, asked } = await serve();
    await ask('/?query=SELECT+%7Ba:Int32%7D+FORMAT+CSV&param_a=1&database=default&client_protocol_version=54460');
    await ask('/?default_format=JSON&query_id=mine', { method: 'POST', body: 'SELECT 2' });
    await ask('/?query=SELECT', { method: 'POST', body: ' 3\nformat TSV;' });
    expect(asked.map(({ request }) => request)).toMatchObject([
      { sql: 'SELECT {a:Int32}', format: 'CSV', params: { a: '1' }, revision: 54_460, fault: undefined },
      { sql: 'SELECT 2', format: 'JSON', params: {}, id: 'mine', revision: 0 },
      { sql: 'SELECT\n 3', format: 'TSV' },
    ]);
  });

  test('Java’s clients name database and format in headers', async () => {
    const { ask, asked } = await serve();
    const headers = { 'x-clickhouse-database': 'other', 'x-clickhouse-format': 'RowBinaryWithNamesAndTypes' };
    await ask('/?query=SELECT+1', { headers });
    await ask('/?query=SELECT+1&database=audit&result_overflow_mode=break&max_result_rows=200', { headers });
    expect(asked.map(({ request }) => request)).toMatchObject([
      { format: 'RowBinaryWithNamesAndTypes', fault: { code: 81 } },
      { fault: undefined, settings: { result_overflow_mode: 'break', max_result_rows: 200 } },
    ]);
  });

  test('an answer names itself as ClickHouse does', async () => {
    const { ask } = await serve();
    const got = await ask('/?query=SELECT+1&query_id=q1&send_progress_in_http_headers=1');
    const summary = JSON.stringify({ result_rows: '3', result_bytes: '12', elapsed_ns: '1500000' });
    expect(got.headers).toMatchObject({
      'content-type': 'text/tab-separated-values; charset=UTF-8',
      'x-clickhouse-query-id': 'q1',
      'x-clickhouse-format': 'TabSeparated',
      'x-clickhouse-timezone': 'UTC',
      'x-clickhouse-server-display-name': 'trailhouse',
      'x-clickhouse-summary': summary,
      'x-clickhouse-progress': summary,
    });
    expect(got.body.toString()).toBe('1\n');
  });

  test('a failure has the form of ClickHouse', async () => {
    const { ask } = await serve({ kind: 'failed', code: 60, message: 'no table x (UNKNOWN_TABLE)' });
    const got = await ask('/?query=SELECT+1');
    expect([got.status, got.headers['x-clickhouse-exception-code']]).toEqual([404, '60']);
    expect(got.body.toString()).toBe('Code: 60. DB::Exception: no table x (UNKNOWN_TABLE) (version 26.7.2.1)\n');
  });

  test('an error is named, its words stay here', async () => {
    const { ask } = await serve(new TypeError('prompt: my password is'));
    const got = await ask('/?query=SELECT+1');
    expect([got.status, got.body.toString()]).toEqual([
      500,
      'Code: 1002. DB::Exception: failed with TypeError (UNKNOWN_EXCEPTION) (version 26.7.2.1)\n',
    ]);
  });

  test('an answer that fails on the way says so and has no end', async () => {
    const { ask } = await serve([part('1\n'), { kind: 'failed', code: 159, message: 'Timeout (TIMEOUT_EXCEEDED)' }]);
    const got = await ask('/?query=SELECT+1');
    const tag = got.headers['x-clickhouse-exception-tag']?.toString() ?? '';
    const words = 'Code: 159. DB::Exception: Timeout (TIMEOUT_EXCEEDED) (version 26.7.2.1)\n';
    expect(tag).toHaveLength(16);
    expect(got.whole).toBe(false);
    expect(got.body.toString()).toBe(
      `1\n\r\n__exception__\r\n${tag}\r\n${words}${words.length} ${tag}\r\n__exception__\r\n`,
    );
  });

  test.each([
    ['/?query=SELECT+1&allow_ddl=1', 164],
    ['/?query=SELECT+1&additional_table_filters=x', 164],
    ['/?query=SELECT+1&output_format_schema=/tmp/x', 164],
    ['/?query=SELECT+1&max_execution_time=x', 36],
    ['/?query=SELECT+1&format_csv_delimiter=%00', 36],
    ['/?query=SELECT+1&database=system', 81],
    ['/?query=SELECT+1&query_id=a%20b', 36],
    ['/?query=SELECT+1&client_protocol_version=x', 36],
  ])('%s is not to be answered', async (path, code) => {
    const { ask, asked } = await serve();
    await ask(path);
    expect(asked).toMatchObject([{ request: { fault: { code } } }]);
  });

  test('settings narrow and never widen', async () => {
    const { ask, asked } = await serve();
    await ask('/?query=x&max_execution_time=5&max_result_rows=999999&max_threads=64&session_timezone=Europe/Paris');
    await ask('/?query=x&max_execution_time=0&wait_end_of_query=1&output_format_json_quote_64bit_integers=1');
    expect(asked.map(({ request }) => request.settings)).toEqual([
      { max_execution_time: 5, max_result_rows: 1000, session_timezone: 'Europe/Paris' },
      { output_format_json_quote_64bit_integers: '1' },
    ]);
  });
});

describe('who asks', () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  const LOCAL = { name: 'local', role: 'administrator', operator: false };

  test.each([
    ['nobody says so', {}, '', LOCAL],
    ['clients say default', basic('default:'), '', LOCAL],
    ['headers', { 'x-clickhouse-user': 'ada', 'x-clickhouse-key': 'thop_ada' }, '', { name: 'ada', operator: true }],
    ['Basic', basic('ada:thop_ada'), '', { name: 'ada' }],
    ['a token alone', basic('default:thop_ada'), '', { name: 'ada' }],
    ['the URL', {}, '&user=ada&password=thop_ada', { name: 'ada' }],
  ])('%s', async (_, headers, query, principal) => {
    const { ask, asked } = await serve();
    expect((await ask(`/?query=SELECT+1${query}`, { headers })).status).toBe(200);
    expect(asked).toMatchObject([{ principal }]);
    expect(JSON.stringify(asked)).not.toContain('thop_ada');
  });

  test.each([
    ['a token of nobody', basic('ada:thop_eve'), '', 403],
    ['the token of another', basic('eve:thop_ada'), '', 403],
    ['two ways at once', basic('ada:thop_ada'), '&user=ada&password=thop_ada', 403],
    ['another scheme', { authorization: 'Bearer thop_ada' }, '', 403],
    ['a name alone', basic('ada:'), '', 401],
  ])('%s is turned away', async (_, headers, query, status) => {
    const { ask, asked, turnedAway } = await serve();
    const got = await ask(`/?query=SELECT+1${query}`, { headers });
    expect(got.status).toBe(status);
    expect(got.body.toString()).not.toMatch(/thop_/);
    expect(asked).toEqual([]);
    expect(turnedAway).toHaveLength(status === 403 ? 1 : 0);
  });

  test('off loopback everybody shows a token', async () => {
    const { ask, asked } = await serve([part('1\n')], false);
    const got = await ask('/?query=SELECT+1');
    expect([got.status, got.headers['www-authenticate']]).toEqual([401, 'Basic realm="ClickHouse server HTTP API"']);
    const headers = { host: 'trail.corp.example', ...basic('ada:thop_ada') };
    expect((await ask('/?query=SELECT+1', { headers })).status).toBe(200);
    expect(asked).toHaveLength(1);
  });

  test.each([{ host: 'evil.example' }, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])(
    'a web page is turned away: %j',
    async (headers) => {
      const { ask, asked } = await serve();
      expect((await ask('/?query=SELECT+1', { headers })).status).toBe(403);
      expect(asked).toEqual([]);
    },
  );
});

describe('compression', () => {
  const text = 'row of an answer\n'.repeat(10_000);
  const lz4 = (bytes: Buffer) => decompressFrameSync(bytes);

  test.each([
    ['gzip', gunzipSync, 'gzip'],
    ['deflate', inflateSync, 'deflate'],
    ['br', brotliDecompressSync, 'br'],
    ['zstd', zstdDecompressSync, 'zstd'],
    ['lz4', lz4, 'lz4'],
    ['gzip, deflate, br, zstd', zstdDecompressSync, 'zstd'],
    ['zstd;q=0, gzip;q=0.5', gunzipSync, 'gzip'],
  ])('Accept-Encoding: %s', async (header, decode, coding) => {
    const { ask } = await serve([part(text)]);
    const got = await ask('/?query=SELECT+1', { headers: { 'accept-encoding': header } });
    expect(got.headers['content-encoding']).toBe(coding);
    expect(decode(got.body).toString()).toBe(text);
  });

  test('of HTTP only where it is asked for', async () => {
    const { ask } = await serve([part(text)]);
    for (const [path, header] of [
      ['/?query=SELECT+1', 'identity'],
      ['/?query=SELECT+1&enable_http_compression=0', 'gzip'],
    ] as const) {
      const got = await ask(path, { headers: { 'accept-encoding': header } });
      expect([got.headers['content-encoding'], got.body.toString()]).toEqual([undefined, text]);
    }
  });

  test.each(['LZ4', 'ZSTD', 'NONE'])('ClickHouse’s own blocks: %s', async (method) => {
    const { ask } = await serve([part(text), part(text)]);
    const got = await ask(`/?query=SELECT+1&compress=1&network_compression_method=${method}`);
    const plain = unframe(got.body, 1e7);
    expect(plain.ok && plain.plain.toString()).toBe(text + text);
    got.body[40] = (got.body[40] ?? 0) ^ 1;
    expect(unframe(got.body, 1e7)).toEqual({ ok: false, reason: 'a block does not match its checksum' });
  });

  test('what went wrong is packed as the answer would have been', async () => {
    const { ask } = await serve({ kind: 'failed', code: 62, message: 'x (SYNTAX_ERROR)' });
    const got = await ask('/?query=SELECT+1&compress=1');
    const plain = unframe(got.body, 1e6);
    expect(plain.ok && plain.plain.toString()).toMatch(/^Code: 62\./);
  });

  test('questions come packed too', async () => {
    const { ask, asked } = await serve();
    const body = Buffer.from('SELECT 7');
    await ask('/', { method: 'POST', body: gzipSync(body), headers: { 'content-encoding': 'gzip' } });
    const blocks: Uint8Array[] = [];
    for await (const block of framed(one(body), 'LZ4')) blocks.push(block);
    await ask('/?decompress=1', { method: 'POST', body: Buffer.concat(blocks) });
    expect(asked.map(({ request }) => request.sql)).toEqual(['SELECT 7', 'SELECT 7']);
  });

  test.each([
    ['/', { 'content-encoding': 'gzip' }, Buffer.from('no gzip'), 271],
    ['/', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(2 * 1024 * 1024)), 271],
    ['/', { 'content-encoding': 'snappy' }, Buffer.from('x'), 271],
    ['/?decompress=1', {}, Buffer.from('short'), 271],
    ['/', {}, Buffer.alloc(2 * 1024 * 1024, 'x'), 229],
    ['/', { 'content-type': 'multipart/form-data; boundary=x' }, Buffer.from('x'), 36],
    ['/?compress=1&network_compression_method=DEFLATE', {}, Buffer.from('SELECT 1'), 89],
  ])('%s %j is refused', async (path, headers: Record<string, string>, body, code) => {
    const { ask, asked } = await serve();
    const got = await ask(path, { method: 'POST', headers, body });
    expect(got.headers['x-clickhouse-exception-code']).toBe(String(code));
    expect(asked).toEqual([]);
  });
});

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

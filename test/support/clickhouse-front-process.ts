import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Session } from 'chdb';
import { z } from 'zod';

/** The process behind clickhouse-front.ts: `node clickhouse-front-process.ts DIRECTORY PORT`, controlled over IPC. */

const [directory = '', port = '0'] = process.argv.slice(2);
const spool = join(directory, 'spool');
rmSync(spool, { recursive: true, force: true });
mkdirSync(spool, { recursive: true });

/** Several, so that two clients' statements run at once as they do on a server. */
const sessions = Array.from({ length: 4 }, () => new Session(join(directory, 'store')));
let requests = 0;

const order = z.union([
  z.object({ mode: z.enum(['serve', 'hang', 'gone']) }),
  z.object({ lose: z.object({ pattern: z.string(), times: z.number() }) }),
]);
let mode: 'serve' | 'hang' = 'serve';
let losing = { pattern: /$^/, times: 0 };

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    response.destroy(error instanceof Error ? error : undefined);
  });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/ping') return void response.end('Ok.\n');
  const body = await buffer(request);
  if (mode === 'hang') return;

  const { sql, file, format: read = '' } = statement(url.searchParams.get('query') ?? '', body);
  const session = sessions[requests++ % sessions.length];
  try {
    const format = url.searchParams.get('default_format') ?? 'TabSeparated';
    const text = await session?.queryBindAsync(
      sql + settings(sql, url.searchParams) + read,
      params(sql, url.searchParams),
      { format },
    );
    if (losing.times > 0 && losing.pattern.test(sql)) {
      losing.times--;
      return void response.destroy();
    }
    response.end(text?.bytes());
  } catch (error) {
    refuse(response, error instanceof Error ? error.message : String(error));
  } finally {
    if (file !== undefined) rmSync(file, { force: true });
  }
}

interface Statement {
  readonly sql: string;
  /** Where the input waits. */
  readonly file?: string;
  /** Follows the settings. */
  readonly format?: string;
}

/** A statement in the URL has its input in the body; without one the body is the statement. */
function statement(query: string, body: Buffer): Statement {
  if (query === '') return { sql: body.toString() };
  const [, rows] = /^(INSERT .*)\sFORMAT\s+JSONEachRow\s*$/is.exec(query) ?? [];
  if (rows !== undefined) {
    const file = join(spool, `${requests}.json`);
    writeFileSync(file, body);
    return { sql: `${rows} FROM INFILE '${file}'`, file, format: ' FORMAT JSONEachRow' };
  }
  if (!/\sFORMAT\s+Avro\s*$/i.test(query)) return { sql: `${query}\n${body.toString()}` };
  const file = join(spool, `${requests}.avro`);
  writeFileSync(file, body);
  const insert = query.replace(/\sFORMAT\s+Avro\s*$/i, '');
  if (insert.includes('FROM input('))
    return { sql: insert.replace('FROM input(', `FROM file('${file}', 'Avro', `), file };
  const columns = /\(([^)]*)\)\s*$/.exec(insert)?.[1] ?? '*';
  return { sql: `${insert} SELECT ${columns} FROM file('${file}', 'Avro')`, file };
}

/** Parameters of the HTTP interface that are not settings of the engine. */
const NOT_SETTINGS = /^(query|query_id|session_id|database|default_format|wait_end_of_query|param_.*)$/;

function settings(sql: string, given: URLSearchParams): string {
  if (!/^\s*(SELECT|WITH|INSERT)\b/i.test(sql)) return '';
  const all = [...given].filter(([name]) => !NOT_SETTINGS.test(name) && !name.startsWith('enable_http'));
  return all.length === 0 ? '' : ` SETTINGS ${all.map(([name, value]) => `${name} = ${literal(value)}`).join(', ')}`;
}

const literal = (value: string): string => (/^\d+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`);

function params(sql: string, given: URLSearchParams): Record<string, unknown> {
  const bound = [...given].filter(([name]) => name.startsWith('param_'));
  return Object.fromEntries(
    bound.map(([full, value]) => {
      const name = full.slice('param_'.length);
      return [name, sql.includes(`{${name}:Array(`) ? items(value) : unescaped(value)];
    }),
  );
}

/** Values come in ClickHouse's `Escaped` form, an array as a literal of it. */
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', 0: '\0' };
const unescaped = (value: string): string => value.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter);
const items = (value: string): string[] =>
  [...value.matchAll(/'((?:\\.|[^'\\])*)'|([^,[\]\s]+)/gs)].map(([, quoted, plain]) =>
    unescaped(quoted ?? plain ?? ''),
  );

/** ClickHouse's own mapping of the codes that occur here. */
const STATUS: Readonly<Record<string, number>> = { 60: 404, 81: 404, 47: 404, 62: 400, 241: 500, 516: 403 };

function refuse(response: ServerResponse, message: string): void {
  const code = /Code: (\d+)\./.exec(message)?.[1] ?? '1002';
  response.writeHead(STATUS[code] ?? 500, { 'X-ClickHouse-Exception-Code': code });
  response.end(message.startsWith('Code:') ? message : `Code: ${code}. DB::Exception: ${message}`);
}

function listen(at: number): void {
  server.listen(at, '127.0.0.1', () => {
    const address = server.address();
    process.send?.({ port: typeof address === 'object' ? address?.port : at });
  });
}

let listening = Number(port);
process.on('message', (message) => {
  const wanted = order.parse(message);
  if ('lose' in wanted) losing = { pattern: new RegExp(wanted.lose.pattern), times: wanted.lose.times };
  else if (wanted.mode === 'gone') {
    const address = server.address();
    if (typeof address === 'object' && address !== null) listening = address.port;
    server.close();
    server.closeAllConnections();
    process.send?.({ port: listening });
    return;
  } else {
    if (mode === 'hang') server.closeAllConnections();
    mode = wanted.mode;
    if (!server.listening) return listen(listening);
  }
  process.send?.({ port: listening });
});
process.on('disconnect', () => process.exit(0));
listen(listening);

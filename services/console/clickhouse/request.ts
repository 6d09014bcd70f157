import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Failure, Request } from './counter.ts';
import { decoded } from './encodings.ts';
import { failed } from './failures.ts';
import { type Method, unframe } from './framing.ts';
import { readSettings } from './settings.ts';

/** A question is short; what binds to it may be long. */
const LONGEST_BODY = 1024 * 1024;

/** Parameters of the URL, of one that is given twice the last; Java's clients send two of them as headers. */
export function parametersOf(url: URL, headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const [database, format] = [headers['x-clickhouse-database'], headers['x-clickhouse-format']];
  return {
    ...(database === undefined ? {} : { database: database.toString() }),
    ...(format === undefined ? {} : { default_format: format.toString() }),
    ...Object.fromEntries(url.searchParams),
  };
}

export type Body = { readonly kind: 'body'; readonly text: string } | Failure;

export async function readBody(
  incoming: IncomingMessage,
  { decompress = '0' }: Readonly<Record<string, string>>,
): Promise<Body> {
  const { 'content-length': length, 'transfer-encoding': transfer, 'content-type': type = '' } = incoming.headers;
  if (incoming.method === 'POST' && length === undefined && transfer === undefined)
    return failed('HTTP_LENGTH_REQUIRED', 'a POST says how long it is or comes in chunks');
  if (/^multipart\//i.test(type)) return failed('BAD_ARGUMENTS', 'external tables and forms are not taken');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes > LONGEST_BODY) return failed('QUERY_IS_TOO_LARGE', `a request holds at most ${LONGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  const plain = await decoded(Buffer.concat(chunks), incoming.headers['content-encoding'], LONGEST_BODY);
  if (!plain.ok) return failed('CANNOT_DECOMPRESS', plain.reason);
  const unpacked = isOn(decompress) ? unframe(plain.plain, LONGEST_BODY) : plain;
  return unpacked.ok
    ? { kind: 'body', text: unpacked.plain.toString() }
    : failed('CANNOT_DECOMPRESS', `the body: ${unpacked.reason}`);
}

/** ClickHouse's clients send `default` where nobody chose. */
const DATABASES = new Set(['', 'default', 'audit']);
const ID = /^[\x21-\x7e]{1,128}$/;

/** What the URL and the body ask together; `id` where the client has none of its own. */
export function readRequest(
  query: Readonly<Record<string, string>>,
  body: string,
  id: string,
  limits: Readonly<Record<string, string | number>>,
): Request {
  const { query_id: own = id, client_protocol_version: revision = '0' } = query;
  const read = readSettings(query, limits);
  const text = [query.query ?? '', body].filter((part) => part !== '').join('\n');
  const params = Object.entries(query).flatMap(([name, value]) =>
    name.startsWith('param_') ? [[name.slice('param_'.length), value]] : [],
  );
  return {
    id: ID.test(own) ? own : id,
    fault: misshapen(query, own) ?? (read.kind === 'failed' ? read : undefined),
    revision: REVISION.test(revision) ? Number(revision) : 0,
    settings: read.kind === 'failed' ? {} : read.settings,
    params: Object.fromEntries(params),
    ...splitFormat(text, query.default_format ?? 'TabSeparated'),
  };
}

const REVISION = /^\d{1,9}$/;

function misshapen(query: Readonly<Record<string, string>>, id: string): Failure | undefined {
  const { database = '', client_protocol_version: revision = '0' } = query;
  if (!DATABASES.has(database)) return failed('UNKNOWN_DATABASE', 'there is one database, audit');
  if (!ID.test(id)) return failed('BAD_ARGUMENTS', 'query_id is printable ASCII, 128 characters at most');
  return REVISION.test(revision) ? undefined : failed('BAD_ARGUMENTS', 'client_protocol_version is a number');
}

/** A FORMAT clause at the end names the output format; the gate sees the query without it. */
export function splitFormat(text: string, fallback: string): { readonly sql: string; readonly format: string } {
  const found = /\sFORMAT\s+([A-Za-z]\w{0,63})\s*;?\s*$/i.exec(text);
  if (found?.[1] === undefined) return { sql: text, format: fallback };
  return { sql: text.slice(0, found.index), format: found[1] };
}

/** How the answer is to be packed in ClickHouse's own blocks; undefined: not at all. */
export function framingOf(query: Readonly<Record<string, string>>): Method | undefined | Failure {
  if (!isOn(query.compress ?? '0')) return undefined;
  const method = (query.network_compression_method ?? 'LZ4').toUpperCase();
  if (method === 'LZ4' || method === 'LZ4HC') return 'LZ4';
  if (method === 'ZSTD' || method === 'NONE') return method;
  return failed('UNKNOWN_COMPRESSION_METHOD', 'network_compression_method is LZ4, ZSTD or NONE');
}

export const isOn = (value: string): boolean => value === '1' || value.toLowerCase() === 'true';

import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Answer, Desk } from './desk.ts';
import { failed } from './failed.ts';

/** Error codes of ClickHouse. */
const ACCESS_DENIED = 497;
const HTTP_STATUS: Readonly<Record<number, number>> = {
  [ACCESS_DENIED]: 403,
  41: 400,
  47: 404,
  60: 404,
  62: 400,
  159: 408,
  456: 400,
  457: 400,
};

const parameters = z.record(
  z.string(),
  z.union([z.string(), z.array(z.string()).transform((all) => all.at(-1) ?? '')]),
);

/**
 * The first part of ClickHouse's HTTP interface: `/ping`, and one SELECT over the views by GET or POST, with `query`,
 * `default_format`, a trailing FORMAT clause and `param_*`.
 *
 * Only loopback names are answered, so that a web page cannot reach it by rebinding its own name to 127.0.0.1.
 */
export function queryServer(desk: Desk, port: number): FastifyInstance {
  const server = fastify({ logger: false, bodyLimit: 1024 * 1024 });
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body));
  server.addHook('onRequest', async (request, reply) => {
    if (!hosts.has(request.headers.host ?? '')) await reply.code(403).send('only loopback names are served\n');
    else if (isWebPage(request)) await reply.code(403).send('not served to web pages\n');
  });
  server.setErrorHandler((error, _, reply) => {
    const { status, words } = failed(error);
    return reply.code(status).type('text/plain; charset=utf-8').send(`Code: 1002. DB::Exception: ${words}\n`);
  });
  server.get('/ping', async (_, reply) => reply.type('text/plain').send('Ok.\n'));
  server.route({ method: ['GET', 'POST'], url: '/', handler: (request, reply) => answer(desk, request, reply) });
  return server;
}

/** Images and links of a page send no Origin, but browsers say where they come from (W3C Fetch Metadata). */
function isWebPage({ headers }: FastifyRequest): boolean {
  return (
    headers.origin !== undefined || !['none', 'same-origin', undefined].includes(headers['sec-fetch-site']?.toString())
  );
}

async function answer(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const given = parameters.parse(request.query ?? {});
  const body = typeof request.body === 'string' ? request.body : '';
  const text = [given.query ?? '', body].filter((part) => part !== '').join('\n');
  if (text.trim() === '') return reply.type('text/plain').send('Ok.\n');

  const { sql, format } = splitFormat(text, given.default_format ?? 'TabSeparated');
  const params = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (name.startsWith('param_') ? [[name.slice(6), value]] : [])),
  );
  const asker = { id: '', address: request.ip, userAgent: request.headers['user-agent'] ?? '' };
  return send(reply, await desk.select({ sql, format, params }, asker), format);
}

function send(reply: FastifyReply, answer: Answer, format: string): FastifyReply {
  if (answer.kind === 'text')
    return reply.header('x-clickhouse-format', format).type(mediaType(format)).send(answer.text);
  const code = answer.kind === 'refused' ? ACCESS_DENIED : answer.code;
  const words = answer.kind === 'refused' ? `${answer.reason} (ACCESS_DENIED)` : answer.message;
  return reply
    .code(HTTP_STATUS[code] ?? 500)
    .header('x-clickhouse-exception-code', String(code))
    .type('text/plain; charset=utf-8')
    .send(`Code: ${code}. DB::Exception: ${words}\n`);
}

/** A FORMAT clause at the end names the output format; the gate sees the query without it. */
export function splitFormat(text: string, fallback: string): { readonly sql: string; readonly format: string } {
  const found = /\sFORMAT\s+([A-Za-z]\w{0,63})\s*;?\s*$/i.exec(text);
  if (found?.[1] === undefined) return { sql: text, format: fallback };
  return { sql: text.slice(0, found.index), format: found[1] };
}

function mediaType(format: string): string {
  if (/^JSON.*EachRow/.test(format)) return 'application/x-ndjson; charset=UTF-8';
  if (format.startsWith('JSON')) return 'application/json; charset=UTF-8';
  if (format.startsWith('CSV')) return 'text/csv; charset=UTF-8; header=absent';
  return 'text/tab-separated-values; charset=UTF-8';
}

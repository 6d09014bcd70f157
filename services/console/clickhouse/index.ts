import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { failed as namedOnly } from '../failed.ts';
import { sendAnswer } from './answer.ts';
import type { Counter, Failure } from './counter.ts';
import { principalOf } from './credentials.ts';
import { failed, statusOf, wordsOf } from './failures.ts';
import { framed, type Method } from './framing.ts';
import { framingOf, parametersOf, readBody, readRequest } from './request.ts';

export interface Options {
  /** Listens on loopback alone: who shows no token is whoever is on this machine. */
  readonly open: boolean;
  /** How long a client may take none of its answer. */
  readonly stallMs: number;
}

export interface ClickHouseServer {
  listen(at: { readonly host: string; readonly port: number }): Promise<number>;
  /** Answers under way are broken off. */
  close(): Promise<void>;
}

/** Questions by GET stand in the first line of the request. */
const LONGEST_HEAD = 128 * 1024;

/** ClickHouse's HTTP interface, as far as it reads: `/ping`, and one question over the views by GET or POST. */
export function clickhouseServer(counter: Counter, options: Options): ClickHouseServer {
  const underWay = new Set<AbortController>();
  const server = createServer({ maxHeaderSize: LONGEST_HEAD, keepAliveTimeout: 10_000 }, (request, response) => {
    const leaving = new AbortController();
    underWay.add(leaving);
    response.once('close', () => {
      underWay.delete(leaving);
      leaving.abort(new Error('the client left'));
    });
    answer({ request, response, counter, options, signal: leaving.signal }).catch((error: unknown) => {
      broken(response, counter, error);
    });
  });
  return {
    listen: (at) => listen(server, at),
    close: () => closed(server, underWay),
  };
}

async function listen(server: Server, at: { readonly host: string; readonly port: number }): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(at.port, at.host, () => resolve(undefined));
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : at.port;
}

async function closed(server: Server, underWay: ReadonlySet<AbortController>): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const leaving of underWay) leaving.abort(new Error('stopping'));
  server.closeIdleConnections();
  await done;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly counter: Counter;
  readonly options: Options;
  readonly signal: AbortSignal;
}

async function answer(exchange: Exchange): Promise<void> {
  const { request, response, counter, options } = exchange;
  response.setHeader('X-ClickHouse-Server-Display-Name', counter.displayName);
  const url = URL.canParse(request.url ?? '', 'http://localhost')
    ? new URL(request.url ?? '', 'http://localhost')
    : undefined;
  const stranger = options.open ? strangeness(request) : undefined;
  if (stranger !== undefined) return plain(response, 403, stranger);
  if (!['GET', 'HEAD', 'POST'].includes(request.method ?? '')) {
    response.setHeader('Allow', 'GET, HEAD, POST');
    return plain(response, 405, 'GET, HEAD or POST');
  }
  if (url?.pathname === '/ping' || url?.pathname === '/replicas_status') return plain(response, 200, 'Ok.');
  if (url?.pathname !== '/')
    return plain(
      response,
      404,
      'There is nothing here. Questions go to /, by POST or GET /?query=…; /ping tells whether it answers.',
    );
  if (request.method !== 'POST' && url.search === '') return plain(response, 200, 'Ok.');
  return ask(exchange, parametersOf(url, request.headers));
}

async function ask(exchange: Exchange, query: Readonly<Record<string, string>>): Promise<void> {
  const { request, response, counter, options, signal } = exchange;
  const asker = { id: '', address: request.socket.remoteAddress ?? '', userAgent: request.headers['user-agent'] ?? '' };
  const principal = principalOf(request.headers, query, counter, options.open);
  if ('kind' in principal) {
    const isUnasked = statusOf(principal) === 401;
    if (isUnasked) response.setHeader('WWW-Authenticate', 'Basic realm="ClickHouse server HTTP API"');
    else await counter.turnedAway(asker);
    return refuse(response, counter, principal);
  }
  const body = await readBody(request, query);
  if (body.kind === 'failed') return refuse(response, counter, body);
  const framing = framingOf(query);
  if (typeof framing === 'object') return refuse(response, counter, framing);
  const asked = readRequest(query, body.text, randomUUID(), counter.limits);
  response.setHeader('X-ClickHouse-Query-Id', asked.id);
  response.setHeader('X-ClickHouse-Timezone', counter.timezone);
  const begun = await counter.ask(asked, principal, { ...asker, id: principal.operator ? '' : principal.name }, signal);
  if (begun.kind === 'failed') return refuse(response, counter, begun, framing);
  await sendAnswer({
    begun,
    query,
    framing,
    request,
    response,
    version: counter.version,
    stallMs: options.stallMs,
    signal,
  });
}

/**
 * A web page must not reach it by rebinding its own name to 127.0.0.1, nor by an image or a link: those send no Origin, but
 * browsers say where they come from (W3C Fetch Metadata).
 */
function strangeness({ headers }: IncomingMessage): string | undefined {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(host)) return 'only loopback names are served';
  const site = headers['sec-fetch-site']?.toString();
  const isPage = headers.origin !== undefined || !['none', 'same-origin', undefined].includes(site);
  return isPage ? 'not served to web pages' : undefined;
}

function plain(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=UTF-8' }).end(`${words}\n`);
}

/** ClickHouse packs what went wrong as it would have packed the answer. */
async function refuse(
  response: ServerResponse,
  { version }: Counter,
  failure: Failure,
  framing?: Method,
): Promise<void> {
  const words = Buffer.from(wordsOf(failure, version));
  const head = { 'Content-Type': 'text/plain; charset=UTF-8', 'X-ClickHouse-Exception-Code': String(failure.code) };
  response.writeHead(statusOf(failure), head);
  if (framing === undefined) return void response.end(words);
  for await (const block of framed(Readable.from([words]), framing)) response.write(block);
  response.end();
}

/** An error is named and no more, for its message may quote what it was given. An answer that has begun ends in the middle. */
function broken(response: ServerResponse, counter: Counter, error: unknown): void {
  if (response.headersSent) return void response.socket?.destroy();
  if (response.destroyed) return;
  const failure = failed('UNKNOWN_EXCEPTION', namedOnly(error).words);
  refuse(response, counter, failure).catch(() => response.destroy());
}

import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Answer } from './answer.ts';

/** An answer without an end must not fill the memory. */
const MOST_BYTES = 65_536;

/** Headers every request has. */
const OWN = ['content-type', 'user-agent', 'host'];

/** One request of the exporter and the answer it got. */
export interface Exchange {
  /** For the exporter's httpAgentOptions. */
  readonly agent: Agent;
  /** Rejects when there was none. */
  readonly answer: Promise<Answer>;
  /** The exporter is done: without a request there will be no answer. */
  ended(): void;
}

/**
 * Shows what the trace exporter (0.301) hides: it reports success for a partial success and for a page with status 200, keeps
 * Retry-After to itself, and sends again on its own. Here the first request is the only one, and its answer is final. The
 * exporter also adds the headers that OTEL_* variables name, keys for another receiver perhaps: those that are not
 * `allowed` are taken off.
 */
export function openExchange(agent: Agent, allowed: readonly string[], signal: AbortSignal): Exchange {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const names = new Set([...OWN, ...allowed]);
  // What node:http itself calls on the agent it is given, though its types do not name it.
  const addRequest: unknown = Reflect.get(agent, 'addRequest');
  if (typeof addRequest !== 'function') throw new TypeError('not an agent of node:http');
  let isSent = false;

  const watch = (request: ClientRequest, ...rest: readonly unknown[]): void => {
    // Thrown, for a request that is destroyed before it has a socket says nothing.
    if (isSent || signal.aborted) throw new Error('not sent');
    isSent = true;
    for (const name of request.getHeaderNames()) if (!names.has(name)) request.removeHeader(name);
    const abort = (): void => {
      reject(signal.reason);
      request.destroy(new Error('aborted'));
    };
    signal.addEventListener('abort', abort, { once: true });
    request.once('close', () => signal.removeEventListener('abort', abort));
    request.once('error', reject);
    request.once('response', (response) => read(response).then(resolve, reject));
    Reflect.apply(addRequest, agent, [request, ...rest]);
  };

  return {
    agent: Object.create(agent, { addRequest: { value: watch } }),
    answer: promise,
    ended() {
      if (!isSent) reject(new Error('the exporter sent nothing'));
    },
  };
}

/** Beside the exporter, which reads the same chunks. Rejects for an answer that breaks off. */
function read(response: IncomingMessage): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    if (bytes < MOST_BYTES) chunks.push(chunk);
    bytes += chunk.length;
  });
  response.once('error', reject);
  response.once('close', () => reject(new Error('the answer broke off')));
  response.once('end', () => {
    resolve({
      status: response.statusCode ?? 0,
      contentType: response.headers['content-type'] ?? null,
      retryAfter: response.headers['retry-after'] ?? null,
      body: Buffer.concat(chunks),
    });
  });
  return promise;
}

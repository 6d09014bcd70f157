import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';

interface Repeated {
  /** How many requests in a row meet it; one when left out. */
  readonly repeat?: number;
}

/** A way a receiver over HTTP misbehaves towards one request. Nothing is kept, but for `reset` after and `slow`. */
export type Fault = Repeated &
  (
    | ({ readonly kind: 'answer' } & Answer)
    /** Takes the request and never answers. */
    | { readonly kind: 'hang' }
    /** Drops the connection; `after`: once the events are kept, so that the reply alone is lost. */
    | { readonly kind: 'reset'; readonly when: 'before' | 'mid-body' | 'after' }
    /** Keeps the events and sends the answer at this pace. */
    | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  );

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** Faults in the order requests will meet them. `V` are a vendor's own. */
export class Script<V extends Repeated & { readonly kind: string } = never> {
  readonly #faults: { readonly fault: Fault | V; left: number }[] = [];

  add(fault: Fault | V): void {
    this.#faults.push({ fault, left: fault.repeat ?? 1 });
  }

  /** The fault this request meets; undefined when it meets none. */
  take(): Fault | V | undefined {
    const [head] = this.#faults;
    if (head === undefined) return undefined;
    head.left -= 1;
    if (head.left <= 0) this.#faults.shift();
    return head.fault;
  }

  clear(): void {
    this.#faults.length = 0;
  }
}

/**
 * Reads the request and answers it as the fault says, or by the contract where there is none. `contract` judges the
 * body and keeps what it accepts.
 */
export async function answerWith(
  fault: Fault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  contract: (body: Buffer) => Answer | Promise<Answer>,
): Promise<void> {
  if (fault?.kind === 'reset' && fault.when === 'before') return void request.socket.destroy();
  const body: Buffer[] = [];
  for await (const chunk of request) {
    body.push(chunk);
    if (fault?.kind === 'reset' && fault.when === 'mid-body') return void request.socket.destroy();
  }
  if (fault?.kind === 'hang') return;
  const answer = fault?.kind === 'answer' ? fault : await contract(Buffer.concat(body));
  if (fault?.kind === 'reset') return void request.socket.destroy();

  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.writeHead(answer.status);
  const bytes = Buffer.from(answer.body ?? '');
  if (fault?.kind === 'slow') await trickle(bytes, fault.bytesPerSecond, response);
  else response.end(bytes);
}

/** Ten pieces a second. */
async function trickle(bytes: Buffer, bytesPerSecond: number, response: ServerResponse): Promise<void> {
  const size = Math.max(1, Math.floor(bytesPerSecond / 10));
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    response.write(bytes.subarray(at, at + size));
    if (at + size < bytes.length) await setTimeout(100);
  }
  response.end();
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Drops what is open and refuses what comes. */
  close(): Promise<void>;
}

/** A server on the loopback interface. A connection that breaks is the test's doing, not an error. */
export async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

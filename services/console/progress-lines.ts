import { request } from 'node:http';
import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Answer } from './desk.ts';
import { failed } from './failed.ts';

/** Work of minutes over the socket: JSON lines that say how far it is and, last, what came of it. */

/** Told how much of how much is done. */
export type Told = (done: number, total: number) => void;

export function sendLines(reply: FastifyReply, work: (told: Told) => Promise<Answer>): FastifyReply {
  const lines = new PassThrough();
  const write = (value: object): void => void lines.write(`${JSON.stringify(value)}\n`);
  void work((done, total) => write({ done, total }))
    .catch((error: unknown): Answer => ({ kind: 'refused', reason: failed(error).words }))
    .then(write)
    .finally(() => lines.end());
  return reply.type('application/x-ndjson').send(lines);
}

const line = z.union([
  z.strictObject({ done: z.number(), total: z.number() }),
  z.object({ kind: z.literal('text'), text: z.string(), rows: z.number() }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
  z.object({ kind: z.literal('failed'), code: z.number(), message: z.string() }),
]);

/** Asks the process that listens on the socket. */
export async function askForLines(socketPath: string, path: string, body: string, told: Told): Promise<Answer> {
  let last: Answer = { kind: 'refused', reason: 'the process that was asked ended without an answer' };
  for await (const text of answerLines(socketPath, path, body)) {
    const said = line.parse(JSON.parse(text));
    if ('done' in said) told(said.done, said.total);
    else last = said;
  }
  return last;
}

async function* answerLines(socketPath: string, path: string, body: string): AsyncGenerator<string> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const response = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
    const outgoing = request({ socketPath, method: 'POST', path, headers }, resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
  let rest = '';
  for await (const chunk of response) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

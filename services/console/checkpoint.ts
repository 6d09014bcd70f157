import { chmod, rm } from 'node:fs/promises';
import { request } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isListening } from './socket.ts';

/** What became of the wish for a checkpoint of what there is now. */
const signing = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('signed') }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
]);
export type Signing = Readonly<z.output<typeof signing>>;

/** Listens for wishes, on a socket that only its owner may open. */
export async function listenForCheckpoints(path: string, sign: () => Promise<Signing>): Promise<FastifyInstance> {
  const server = fastify({ logger: false });
  server.post('/', () => sign());
  await rm(path, { force: true });
  await server.listen({ path });
  await chmod(path, 0o600);
  return server;
}

/** Asks the process that seals, and waits for it no longer than the signal lets it. */
export async function askForCheckpoint(path: string, signal: AbortSignal): Promise<Signing> {
  if (!(await isListening(path)))
    return { kind: 'refused', reason: 'no process that seals is at work on this machine' };
  try {
    return signing.parse(JSON.parse(await post(path, signal)));
  } catch {
    return { kind: 'refused', reason: 'the process that seals did not answer in time' };
  }
}

function post(socketPath: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method: 'POST', path: '/', signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

import { request } from 'node:http';
import { PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Answer, Asker } from './desk.ts';
import { failed } from './failed.ts';

const short = z.string().max(256);

const order = z.strictObject({
  framework: short,
  /** Times as questions take them. */
  from: short,
  to: short,
  /** `team=…,product=…`; empty: everything. */
  scope: z.string().max(1024),
  profile: z.enum(['masked', 'full']),
  purpose: z.string().max(10_000),
  /** Absolute path of the file to write, on the machine of the process that builds. */
  out: z.string().max(4096),
  parquet: z.boolean(),
});

/** What an operator wants a bundle of. */
export type EvidenceOrder = Readonly<z.output<typeof order>>;

/** Builds bundles: an act on the trail, whatever comes of it. */
export interface EvidenceDesk {
  build(
    order: EvidenceOrder,
    token: string,
    asker: Asker,
    told: (done: number, total: number) => void,
  ): Promise<Answer>;
}

const call = z.strictObject({
  order,
  token: short,
  asker: z.strictObject({ id: short, address: short, userAgent: z.string().max(1024) }),
});

const line = z.union([
  z.strictObject({ done: z.number(), total: z.number() }),
  z.object({ kind: z.literal('text'), text: z.string(), rows: z.number() }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
  z.object({ kind: z.literal('failed'), code: z.number(), message: z.string() }),
]);

const PATH = '/evidence';

/** A build takes minutes: the answer is JSON lines, how far it is and, last, what came of it. */
export const evidenceRoute = (desk: EvidenceDesk) => (server: FastifyInstance) => {
  server.post(PATH, async (incoming, reply) => {
    const parsed = call.safeParse(incoming.body);
    if (!parsed.success) return reply.code(400).send({ kind: 'refused', reason: 'not a call this version knows' });
    const lines = new PassThrough();
    const write = (value: object): void => void lines.write(`${JSON.stringify(value)}\n`);
    const { order: wanted, token, asker } = parsed.data;
    void desk
      .build(wanted, token, asker, (done, total) => write({ done, total }))
      .catch((error: unknown): Answer => ({ kind: 'refused', reason: failed(error).words }))
      .then(write)
      .finally(() => lines.end());
    return reply.type('application/x-ndjson').send(lines);
  });
};

/** The desk of the process that listens on the socket. */
export const remoteEvidence = (socketPath: string): EvidenceDesk => ({
  async build(wanted, token, { id, address, userAgent }, told) {
    const body = JSON.stringify({ order: wanted, token, asker: { id, address, userAgent } });
    let last: Answer = { kind: 'refused', reason: 'the process that builds it ended; nothing was handed over' };
    for await (const text of answerLines(socketPath, body)) {
      const said = line.parse(JSON.parse(text));
      if ('done' in said) told(said.done, said.total);
      else last = said;
    }
    return last;
  },
});

async function* answerLines(socketPath: string, body: string): AsyncGenerator<string> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const response = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
    const outgoing = request({ socketPath, method: 'POST', path: PATH, headers }, resolve);
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

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Answer, Asker } from './desk.ts';
import { askForLines, sendLines, type Told } from './progress-lines.ts';

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
  build(order: EvidenceOrder, token: string, asker: Asker, told: Told): Promise<Answer>;
}

const call = z.strictObject({
  order,
  token: short,
  asker: z.strictObject({ id: short, address: short, userAgent: z.string().max(1024) }),
});

const PATH = '/evidence';

export const evidenceRoute = (desk: EvidenceDesk) => (server: FastifyInstance) => {
  server.post(PATH, async (incoming, reply) => {
    const parsed = call.safeParse(incoming.body);
    if (!parsed.success) return reply.code(400).send({ kind: 'refused', reason: 'not a call this version knows' });
    const { order: wanted, token, asker } = parsed.data;
    return sendLines(reply, (told) => desk.build(wanted, token, asker, told));
  });
};

/** The desk of the process that listens on the socket. */
export const remoteEvidence = (socketPath: string): EvidenceDesk => ({
  build: (wanted, token, { id, address, userAgent }, told) =>
    askForLines(socketPath, PATH, JSON.stringify({ order: wanted, token, asker: { id, address, userAgent } }), told),
});

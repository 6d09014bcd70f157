import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Answer, Asker } from './desk.ts';
import { askForLines, sendLines, type Told } from './progress-lines.ts';

/** Holds what is stored against what was signed: an act on the trail, whatever comes of it. */
export interface LedgerDesk {
  /** Times are RFC 3339; empty: no bound. The text of the answer is JSON. */
  verify(window: { readonly from: string; readonly to: string }, asker: Asker, told: Told): Promise<Answer>;
}

const short = z.string().max(256);
const call = z.strictObject({
  window: z.strictObject({ from: short, to: short }),
  asker: z.strictObject({ id: short, address: short, userAgent: z.string().max(1024) }),
});

const PATH = '/ledger';

export const ledgerRoute = (desk: LedgerDesk) => (server: FastifyInstance) => {
  server.post(PATH, async (incoming, reply) => {
    const parsed = call.safeParse(incoming.body);
    if (!parsed.success) return reply.code(400).send({ kind: 'refused', reason: 'not a call this version knows' });
    return sendLines(reply, (told) => desk.verify(parsed.data.window, parsed.data.asker, told));
  });
};

/** The desk of the process that listens on the socket. */
export const remoteLedger = (socketPath: string): LedgerDesk => ({
  verify: (window, { id, address, userAgent }, told) =>
    askForLines(socketPath, PATH, JSON.stringify({ window, asker: { id, address, userAgent } }), told),
});

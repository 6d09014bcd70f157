import { chmod, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Answer, Asker, Desk, HoldOrder, Order } from './desk.ts';
import { failed } from './failed.ts';

/** Commands run beside a running process speak to it here: a socket only its owner may open. */

const short = z.string().max(256);
const params = z.record(short, z.string());
/** Bounded, for they become columns of the act: one too large for an event would keep the act out of the trail. */
const asker = z.strictObject({ id: short, address: short, userAgent: z.string().max(1024) });
const token = short.optional();
const ids = z.array(short).max(10_000);
const order = z.discriminatedUnion('order', [
  z.strictObject({ order: z.enum(['pause', 'resume', 'test']), sink: short }),
  z.strictObject({
    order: z.literal('replay'),
    sink: short,
    from: short,
    to: short,
    where: z.string().max(10_000),
    ids,
  }),
  z.strictObject({ order: z.literal('skip'), sink: short, ids, reason: z.string().max(1_000) }),
]);
const long = z.string().max(10_000);
const holdOrder = z.discriminatedUnion('order', [
  z.strictObject({ order: z.literal('place'), where: long, from: short, to: short, reason: long, quarantine: short }),
  z.strictObject({ order: z.literal('lift'), hold: short, reason: long }),
]);
const reveal = z.strictObject({ event: short, purpose: long, allow: short.optional() });
const review = z.strictObject({ event: short, verdict: z.enum(['approved', 'rejected', 'exempt']), note: long });
const erase = z.strictObject({ email: short, id: short, basis: long, reference: long });
const calls = z.discriminatedUnion('call', [
  z.strictObject({ call: z.literal('select'), asker, sql: z.string(), format: short, params, token }),
  z.strictObject({ call: z.literal('named'), asker, name: short, format: short, params, token }),
  z.strictObject({ call: z.literal('quarantined'), asker, id: short, token: short }),
  z.strictObject({ call: z.literal('retry'), asker, id: short, token: short }),
  z.strictObject({ call: z.literal('operate'), asker, order, token: short }),
  z.strictObject({ call: z.literal('hold'), asker, order: holdOrder, token: short }),
  z.strictObject({ call: z.literal('reveal'), asker, order: reveal, token: short }),
  z.strictObject({ call: z.literal('review'), asker, order: review, token: short }),
  z.strictObject({ call: z.literal('erase'), asker, order: erase, token: short }),
]);
type Call = z.output<typeof calls>;

const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string(), rows: z.number() }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
  z.object({ kind: z.literal('failed'), code: z.number(), message: z.string() }),
]);

/** `more` adds what is not asked of the desk. */
export async function listenOnSocket(
  path: string,
  desk: Desk,
  more: (server: FastifyInstance) => void = () => {},
): Promise<FastifyInstance> {
  const server = fastify({ logger: false, bodyLimit: 4 * 1024 * 1024 });
  server.setErrorHandler((error, _, reply) => {
    const { status, words } = failed(error);
    return reply.code(status).send({ kind: 'refused', reason: words });
  });
  server.post('/', async (incoming, reply) => {
    const parsed = calls.safeParse(incoming.body);
    if (!parsed.success) return reply.code(400).send({ kind: 'refused', reason: 'not a call this version knows' });
    return reply.send(await dispatch(desk, parsed.data));
  });
  more(server);
  await rm(path, { force: true });
  await server.listen({ path });
  await chmod(path, 0o600);
  return server;
}

function dispatch(desk: Desk, call: Call): Promise<Answer> {
  switch (call.call) {
    case 'select':
      return desk.select(call, call.asker);
    case 'named':
      return desk.named(call, call.asker);
    case 'quarantined':
      return desk.quarantined(call.id, call.token, call.asker);
    case 'retry':
      return desk.retry(call.id, call.token, call.asker);
    case 'operate':
      return desk.operate(call.order, call.token, call.asker);
    case 'hold':
      return desk.hold(call.order, call.token, call.asker);
    case 'reveal':
      return desk.reveal(call.order, call.token, call.asker);
    case 'review':
      return desk.review(call.order, call.token, call.asker);
    case 'erase':
      return desk.erase(call.order, call.token, call.asker);
  }
}

/** Whether a process listens on the socket. */
export function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** The desk of the process that listens on the socket. */
export function remoteDesk(path: string): Desk {
  const ask = async (call: Call): Promise<Answer> => answer.parse(JSON.parse(await post(path, JSON.stringify(call))));
  return {
    select: (question, asker) =>
      ask({ call: 'select', asker: plain(asker), ...question, params: { ...question.params } }),
    named: (question, asker) =>
      ask({ call: 'named', asker: plain(asker), ...question, params: { ...question.params } }),
    quarantined: (id, token, asker) => ask({ call: 'quarantined', asker: plain(asker), id, token }),
    retry: (id, token, asker) => ask({ call: 'retry', asker: plain(asker), id, token }),
    operate: (given, token, asker) => ask({ call: 'operate', asker: plain(asker), order: writable(given), token }),
    hold: (given: HoldOrder, token, asker) => ask({ call: 'hold', asker: plain(asker), order: given, token }),
    reveal: (given, token, asker) => ask({ call: 'reveal', asker: plain(asker), order: given, token }),
    review: (given, token, asker) => ask({ call: 'review', asker: plain(asker), order: given, token }),
    erase: (given, token, asker) => ask({ call: 'erase', asker: plain(asker), order: given, token }),
  };
}

const writable = (given: Order): z.output<typeof order> => ('ids' in given ? { ...given, ids: [...given.ids] } : given);

const plain = ({ id, address, userAgent }: Asker): z.output<typeof asker> => ({ id, address, userAgent });

function post(socketPath: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const outgoing = request({ socketPath, method: 'POST', path: '/', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

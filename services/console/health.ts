import fastify, { type FastifyInstance } from 'fastify';
import { failed } from './failed.ts';

export interface Health {
  /** What keeps the process from doing its work; empty when it is ready. */
  unready(): readonly string[];
  /** Prometheus text. */
  metrics(): Promise<string>;
}

/** `/healthz` (the process lives), `/readyz` (its parts are connected) and `/metrics`. */
export function healthServer(health: Health): FastifyInstance {
  const server = fastify({ logger: false });
  server.setErrorHandler((error, _, reply) => {
    const { status, words } = failed(error);
    return reply.code(status).type('text/plain').send(`${words}\n`);
  });
  server.get('/healthz', async (_, reply) => reply.type('text/plain').send('ok\n'));
  server.get('/readyz', async (_, reply) => {
    const missing = health.unready();
    return reply
      .code(missing.length === 0 ? 200 : 503)
      .type('text/plain')
      .send(missing.length === 0 ? 'ok\n' : `${missing.join('\n')}\n`);
  });
  server.get('/metrics', async (_, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await health.metrics()),
  );
  return server;
}

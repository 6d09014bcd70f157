import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (from 32,768 on Linux): a server that is down for a moment would find
 * its own port taken by somebody's attempt to reach it, and would answer for another that took it.
 */
const FIRST = 10_240;
const COUNT = 20_000;

/** A port of the loopback interface nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    // Whoever looks for a server that was here must not keep this one from closing.
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

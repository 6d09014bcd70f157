import { ConfigError } from './config-error.ts';
import type { Part } from './supervise.ts';

/** An HTTP server that is not listening yet. */
export interface Server {
  listen(at: { readonly host: string; readonly port: number }): Promise<unknown>;
  close(): Promise<unknown>;
}

/** `host:port` as the configuration writes it. */
export function address(text: string): { readonly host: string; readonly port: number } {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}

/** A server as a part, by its key below `listen`: listens at once, closes when the signal aborts. */
export async function serve(name: 'query' | 'health', server: Server, at: string): Promise<Part> {
  await server.listen(address(at)).catch((error: unknown) => {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!taken) throw error;
    const variable = `TRAILHOUSE_LISTEN__${name.toUpperCase()}`;
    throw new ConfigError(`listen.${name}: ${at} is taken by another process; set another here or in ${variable}`);
  });
  return { name, run: (signal) => closing(server, signal) };
}

export async function closing(server: Server, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await server.close();
}

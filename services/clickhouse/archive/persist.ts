import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { describeFailure } from '../failure.ts';

export interface Patience {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told before every attempt but the first. */
  retried(): void;
}

const BACKOFF = { firstMs: 250, mostMs: 10_000 } as const;

/**
 * Tries until it works or the signal aborts; `attempt` counts from 1 and must be safe to repeat, as a failure says
 * nothing about what was done. Aborting does not wait for an attempt under way: what it still does is harmless.
 */
export async function persist<T>(
  what: string,
  fields: Readonly<Record<string, unknown>>,
  attempt: (number: number) => Promise<T>,
  { clock, logger, retried }: Patience,
  signal: AbortSignal,
): Promise<T> {
  for (let number = 1; ; number++) {
    signal.throwIfAborted();
    try {
      return await unlessAborted(attempt(number), signal);
    } catch (error) {
      signal.throwIfAborted();
      logger.warn({ ...fields, what, attempt: number, reason: describeFailure(error) }, 'archive waits for the store');
      await clock.sleep(Math.min(BACKOFF.mostMs, BACKOFF.firstMs * 2 ** (number - 1)), signal);
      retried();
    }
  }
}

function unlessAborted<T>(attempt: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  attempt.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  return promise;
}

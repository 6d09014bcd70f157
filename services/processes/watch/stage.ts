import { ClickHouseFailure, describeFailure } from '../../clickhouse/failure.ts';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';

/** Something that is done again and again; answers how much there was to do. */
export interface Round {
  readonly name: string;
  run(): Promise<number>;
}

export interface WatchParts {
  readonly rounds: readonly Round[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of every round that found something. */
  count(round: string, found: number): void;
}

/** How long lies between the end of one round and the next. */
const EVERY_MS = 30_000;

export interface Watch {
  run(signal: AbortSignal): Promise<void>;
  /** A round now; resolves when what it found is on the log. */
  once(): Promise<void>;
}

/**
 * Looks at what is stored: who it turned out to be, and what somebody should look at; and rolls up days. It keeps nothing of its
 * own: what it finds goes onto the trail, and the trail tells what was found before, and which days are rolled up.
 */
export function watch(parts: WatchParts): Watch {
  async function round(): Promise<void> {
    for (const { name, run } of parts.rounds) {
      try {
        const found = await run();
        if (found > 0) parts.count(name, found);
      } catch (error) {
        if (!(error instanceof ClickHouseFailure)) throw error;
        parts.logger.warn({ round: name, reason: describeFailure(error) }, 'a round could not ask the store');
      }
    }
  }

  let last = Promise.resolve();
  /** One round at a time: two at once would find the same twice. */
  const once = (): Promise<void> => {
    last = last.then(round);
    return last;
  };

  return {
    once,
    async run(signal) {
      while (!signal.aborted) {
        await once();
        await parts.clock.sleep(EVERY_MS, signal).catch(() => undefined);
      }
    },
  };
}

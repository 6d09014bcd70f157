import { describeFailure } from '../../clickhouse/failure.ts';
import { untilNextPass } from '../../retention/plan.ts';
import type { RetainParts } from './parts.ts';
import { pass } from './pass.ts';

/** How long a pass that failed waits before it is tried again. */
const AGAIN_MS = 60_000;

/**
 * The one role that deletes: at once, then at every full hour. A pass that fails deletes no more than it has finished and is
 * tried again; one process at a time may run it over a store.
 */
export function retain(parts: RetainParts): { run(signal: AbortSignal): Promise<void> } {
  const { clock, logger } = parts;
  return {
    async run(signal) {
      while (!signal.aborted) {
        let wait = AGAIN_MS;
        try {
          await pass(parts, signal);
          wait = untilNextPass(clock.now().getTime());
        } catch (error) {
          if (signal.aborted) return;
          logger.error({ reason: wordsOf(error) }, 'retention deletes nothing until this is put right');
        }
        await clock.sleep(wait, signal).catch(() => {});
      }
    },
  };
}

/** Names whose messages are ours and hold no event; of others, what a log may say. */
const OURS = new Set(['HoldUnreadable', 'CopyDiffers', 'StillThere']);

const wordsOf = (error: unknown): string =>
  error instanceof Error && OURS.has(error.name) ? error.message : describeFailure(error);

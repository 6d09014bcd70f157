import { describeFailure } from '../../clickhouse/failure.ts';
import { takeLease } from '../../clickhouse/lease.ts';
import { openOrders } from '../../clickhouse/retention/erasure/orders.ts';
import type { EraseParts } from './parts.ts';
import { carryOut } from './pass.ts';

/** How often it is looked for new orders, and how often one that stands is gone on with. */
const LOOK_MS = 15_000;
const AGAIN_MS = 3_600_000;

/**
 * The role that erases: new orders at once, and every hour those that stand, because of a hold, a duty, or copies that may still
 * arrive. One process at a time runs it over a store.
 */
export function erase(parts: EraseParts): { run(signal: AbortSignal): Promise<void> } {
  const { clickhouse, clock, logger } = parts;
  /** When each order was gone on with last. */
  const looked = new Map<string, number>();

  async function round(signal: AbortSignal): Promise<void> {
    const now = clock.now().getTime();
    const due = (await openOrders(clickhouse.writer)).filter(
      ({ erasure, isCertified }) => !isCertified || Math.abs(now - (looked.get(erasure) ?? 0)) >= AGAIN_MS,
    );
    if (due.length === 0) return;
    for (const order of due) {
      signal.throwIfAborted();
      // Anew for each: many orders take longer than a lease lasts.
      if (!(await takeLease(clickhouse.writer, parts.owner, 'erase'))) {
        logger.warn({}, 'another `erase` is at work: this one waits');
        return;
      }
      await carryOut(order, parts);
      looked.set(order.erasure, now);
    }
  }

  return {
    async run(signal) {
      while (!signal.aborted) {
        try {
          await round(signal);
        } catch (error) {
          if (signal.aborted) return;
          logger.error({ reason: describeFailure(error) }, 'erasure goes on when this is put right');
        }
        await clock.sleep(LOOK_MS, signal).catch(() => {});
      }
    },
  };
}

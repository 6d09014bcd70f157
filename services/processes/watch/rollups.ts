import type { Writer } from '../../clickhouse/client.ts';
import { AT_ONCE, clearAway, type Day, differing, dropStale, rollUp, unrolled } from '../../clickhouse/rollups.ts';
import type { Clock } from '../../core/clock.ts';
import type { Store } from '../../core/store.ts';

export interface RollupParts {
  readonly store: Store;
  readonly writer: Writer;
  readonly clock: Clock;
  /** A day to which something was added since is left for later: it would have to be computed again. */
  readonly quietMs: number;
}

/** How often rolled days are compared with the views they come from, which costs a look at everything. */
const COMPARE_MS = 3_600_000;

/**
 * Rolls up days that are over, and days that changed. Nothing is remembered: `audit.days` tells which they are. Answers how
 * many days it computed or dropped.
 */
export function openRollups({ store, writer, clock, quietMs }: RollupParts): () => Promise<number> {
  let comparedAt = Number.NEGATIVE_INFINITY;

  async function compute(days: readonly Day[]): Promise<number> {
    for (let first = 0; first < days.length; first += AT_ONCE) await rollUp(writer, days.slice(first, first + AT_ONCE));
    return days.length;
  }

  return async () => {
    const now = clock.now().getTime();
    const dropped = await dropStale(writer);
    const today = new Date(now).toISOString().slice(0, 10);
    const computed = await compute(await unrolled(store, today, (now - quietMs) * 1000));
    if (now - comparedAt < COMPARE_MS) return dropped + computed;
    comparedAt = now;
    await clearAway(writer);
    return dropped + computed + (await compute(await differing(store)));
  };
}

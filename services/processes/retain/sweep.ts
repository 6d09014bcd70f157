import type { PlacedHold } from '../../clickhouse/retention/holds.ts';
import { countOrphans, dropOrphans, recordSweep, unswept } from '../../clickhouse/retention/orphans.ts';
import { ourselves, record } from '../acts.ts';
import { nowUs, type RetainParts } from './parts.ts';

/**
 * Counts content that its event does not commit to and lets it go. Nobody is shown it; but it was masked by settings that hold no
 * longer. While a hold is in force nothing goes: it may be all that is left of what was said.
 */
export async function sweep(
  holds: readonly PlacedHold[],
  { clickhouse, log, clock, logger }: RetainParts,
): Promise<void> {
  const { writer } = clickhouse;
  const now = nowUs(clock);
  for (const stretch of await unswept(writer, now)) {
    const orphans = await countOrphans(writer, stretch);
    const swept = holds.length > 0 ? 0 : orphans;
    if (orphans > 0) logger.warn({ partition: stretch.partition, orphans, swept }, 'content that no event commits to');
    if (swept > 0) {
      const act = {
        action: 'audit.act',
        outcome: 'success',
        target: 'audit.content',
        asker: ourselves('retain'),
      } as const;
      const attributes = { what: 'content that no event commits to is deleted', rows: swept };
      await record({ ...act, attributes }, log, clock);
      await dropOrphans(writer, stretch);
    }
    await recordSweep(writer, stretch, { orphans, swept }, now);
  }
}

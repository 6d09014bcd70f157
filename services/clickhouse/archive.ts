import type { ArchiveMetrics, ArchiveParts } from './archive/parts.ts';
import { Shift } from './archive/shift.ts';
import { Fenced } from './archive/stopped.ts';

export interface ArchiveLane {
  /** Resolves after an abort; rejects with `LaneStopped`, `LogLost` or what the log threw: an operator has to look. */
  run(signal: AbortSignal): Promise<void>;
  readonly metrics: ArchiveMetrics;
}

/** How long a lane that was fenced off waits before it begins again. */
const REJOIN_MS = 1_000;

/**
 * Moves one audit topic into its table, each datum once. A cut is journalled, inserted, then committed; whoever comes
 * next re-makes the cut it finds journalled and goes on from there.
 */
export function archiveLane(parts: ArchiveParts): ArchiveLane {
  const metrics = { rows: 0, cuts: 0, redelivered: 0, holes: 0, retries: 0, fenced: 0 };
  let entries = 0;
  const run = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      const shift = new Shift(parts, metrics, () => `${parts.owner}/${parts.topic}/${entries++}`, signal);
      try {
        return await shift.run();
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof Fenced)) throw error;
        metrics.fenced++;
        parts.logger.warn({ topic: parts.topic, reason: error.message }, 'archive begins again from the journal');
        await parts.clock.sleep(REJOIN_MS, signal).catch(() => {});
        if (signal.aborted) return;
      }
    }
  };
  return { run, metrics };
}

import { describeFailure } from '../../clickhouse/failure.ts';
import { LEASE_MINUTES, takeLease } from '../../clickhouse/lease.ts';
import { untilNextPass } from '../../retention/plan.ts';
import type { RetainParts } from './parts.ts';
import { pass } from './pass.ts';

/** How long a pass that failed waits before it is tried again. */
const AGAIN_MS = 60_000;

/** How long a lease is not asked for again. */
const RENEW_MS = 60_000;

/** Farther apart, one of the two clocks is wrong, and deadlines are not to be judged by it. */
const APART_MS = 300_000;

/** What is due by one clock may not be due by the other. */
class ClocksApart extends Error {
  override readonly name = 'ClocksApart';
}

/** Another process deletes from this store, or did a moment ago. */
class NotAlone extends Error {
  override readonly name = 'NotAlone';
}

/**
 * The one role that deletes: at once, then at every full hour. A pass that fails deletes no more than it has finished and is
 * tried again. One process at a time runs it over a store: another waits until the lease of the first has run out.
 */
export function retain(parts: RetainParts): { run(signal: AbortSignal): Promise<void> } {
  const { clock, logger } = parts;
  let renewedAt = Number.NEGATIVE_INFINITY;

  /** Throws where another process is at work; asked before everything that cannot be taken back. */
  async function alone(): Promise<void> {
    const now = clock.now().getTime();
    if (now - renewedAt < RENEW_MS) return;
    if (!(await takeLease(parts.clickhouse.writer, parts.owner, 'retain')))
      throw new NotAlone(`another \`retain\` is at work, or was within the last ${LEASE_MINUTES} minutes`);
    renewedAt = now;
  }

  return {
    async run(signal) {
      while (!signal.aborted) {
        let wait = AGAIN_MS;
        try {
          await sameTime(parts);
          await pass(parts, alone, signal);
          wait = untilNextPass(clock.now().getTime());
        } catch (error) {
          if (signal.aborted) return;
          if (error instanceof NotAlone) logger.warn({ reason: error.message }, 'retention waits');
          else logger.error({ reason: wordsOf(error) }, 'retention deletes nothing until this is put right');
        }
        await clock.sleep(wait, signal).catch(() => {});
      }
    },
  };
}

async function sameTime({ clickhouse, clock }: RetainParts): Promise<void> {
  const [row] = await clickhouse.writer.rows('SELECT toUnixTimestamp64Milli(now64(3)) AS now');
  const apart = Math.abs(Number(row?.now) - clock.now().getTime());
  if (!(apart <= APART_MS))
    throw new ClocksApart(
      `the clock of the store and ours are ${Math.round(apart / 1000)} s apart: set the wrong one right`,
    );
}

/** Names whose messages are ours and hold no event; of others, what a log may say. */
const OURS = new Set(['HoldUnreadable', 'StillThere', 'RecordDiffers', 'ClocksApart']);

const wordsOf = (error: unknown): string =>
  error instanceof Error && OURS.has(error.name) ? error.message : describeFailure(error);

import type { ArchiveParts } from '../../services/clickhouse/archive/parts.ts';
import { type ArchiveLane, archiveLane } from '../../services/clickhouse/archive.ts';
import type { ClickHouse } from '../../services/clickhouse/client.ts';
import { type ArchivedTopic, TABLES } from '../../services/clickhouse/tables.ts';
import { repoSchemas } from '../../services/codec/schemas.ts';
import type { Clock } from '../../services/core/clock.ts';
import type { Log } from '../../services/core/log.ts';
import { silent } from '../../services/core/logger.ts';

/** Real time in which waiting takes a tenth. */
export const hasty: Clock = {
  now: () => new Date(),
  sleep(ms, signal) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms / 10);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    return promise.finally(() => clearTimeout(timer));
  },
};

/** A lane that runs until it is stopped. */
export interface Running {
  readonly lane: ArchiveLane;
  /** Rejects when the lane does. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

let owners = 0;

export function runLane(parts: Pick<ArchiveParts, 'log' | 'topic' | 'clickhouse'> & Partial<ArchiveParts>): Running {
  const stopping = new AbortController();
  const owner = `archive ${owners++}`;
  const lane = archiveLane({
    schemas: repoSchemas(),
    group: 'archive',
    logger: silent,
    clock: hasty,
    owner,
    ...parts,
  });
  const ended = lane.run(stopping.signal);
  ended.catch(() => {});
  return {
    lane,
    ended,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** Resolves when the newest cut reaches the end of every partition and is stored; fails when the lane does. */
export async function caughtUp(
  log: Log,
  topic: ArchivedTopic,
  group = 'archive',
  ended?: Promise<void>,
): Promise<void> {
  const failed = ended?.then(() => Promise.reject(new Error('the lane ended')));
  failed?.catch(() => {});
  for (;;) {
    const [state, committed] = [await log.describe(topic), await log.committed(group, topic)];
    const behind = state?.partitions.some(({ end }, partition) => end > (committed.get(partition)?.offset ?? 0));
    if (behind === false) return;
    const tick = new Promise((resolve) => setTimeout(resolve, 20));
    await (failed === undefined ? tick : Promise.race([tick, failed]));
  }
}

/** Raw origins a table holds, as `partition/offset/ordinal`, in order and with repetitions. */
export async function origins(clickhouse: ClickHouse, topic: 'audit.events' | 'audit.content'): Promise<string[]> {
  const rows = await clickhouse.writer.rows(
    `SELECT concat(origin_partition, '/', origin_offset, '/', origin_ordinal) AS origin FROM ${TABLES[topic].name}
     ORDER BY origin_partition, origin_offset, origin_ordinal`,
  );
  return rows.map(({ origin }) => String(origin));
}

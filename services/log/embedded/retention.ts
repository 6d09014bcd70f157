import type { DatabaseSync } from 'node:sqlite';
import { integer } from './rows.ts';

export interface RetentionLimits {
  /** Largest size of a partition, in bytes of its records; no limit where left out. */
  readonly partitionBytes?: number | undefined;
}

/** Blocks looked at per partition and sweep, so that a sweep stays short. */
const SWEEP_BLOCKS = 500;
/** Pages given back to the file system per sweep. */
const VACUUM_PAGES = 2_000;

/** Removes what is too old or too much; returns the number of blocks removed. Runs inside a transaction of the writer. */
export type Sweep = (now: Date) => number;

/**
 * Whole blocks go, from the start of a partition, by the age of their append (a record's own timestamp is its
 * producer's to choose) or by size. A block that a registered group has not committed stays, whatever its age.
 */
export function openRetention(database: DatabaseSync, { partitionBytes = Infinity }: RetentionLimits): Sweep {
  const partitions = database.prepare(`
    SELECT p.id, p.next, t.retention_ms,
      (SELECT min(coalesce(c.position, 0)) FROM registered r
       LEFT JOIN committed c ON c.consumer = r.consumer AND c.topic = r.topic AND c.partition = p.number
       WHERE r.topic = p.topic) AS floor
    FROM partitions p JOIN topics t ON t.name = p.topic`);
  const size = database.prepare('SELECT coalesce(sum(bytes), 0) AS bytes FROM blocks WHERE partition = ?');
  const oldest = database.prepare(
    'SELECT next, appended_ms, bytes FROM blocks WHERE partition = ? ORDER BY first LIMIT ?',
  );
  const remove = database.prepare('DELETE FROM blocks WHERE partition = ? AND next <= ?');
  const advance = database.prepare('UPDATE partitions SET start = ? WHERE id = ?');

  return (now) => {
    let removed = 0;
    for (const partition of partitions.all()) {
      const id = integer(partition, 'id');
      const retentionMs = integer(partition, 'retention_ms');
      const floor = partition.floor === null ? integer(partition, 'next') : integer(partition, 'floor');
      const eldest = retentionMs < 0 ? -Infinity : now.getTime() - retentionMs;
      let left = integer(size.get(id) ?? {}, 'bytes');
      let start: number | undefined;
      for (const block of oldest.all(id, SWEEP_BLOCKS)) {
        const next = integer(block, 'next');
        const isDue = integer(block, 'appended_ms') < eldest || left > partitionBytes;
        if (next > floor || !isDue) break;
        left -= integer(block, 'bytes');
        start = next;
      }
      if (start === undefined) continue;
      removed += Number(remove.run(id, start).changes);
      advance.run(start, id);
    }
    return removed;
  };
}

/** Gives freed pages back to the file system; outside of a transaction. */
export function vacuum(database: DatabaseSync): void {
  database.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
}

import { z } from 'zod';
import type { Writer } from '../client.ts';
import { AT_MOST, MOST } from './aside.ts';
import { micros } from './tables.ts';

/** A stretch of one partition of audit.content. */
interface Stretch {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

const stretch = z.object({ partition: z.number(), from: z.number(), to: z.number() });

/** An event may be stored a day later than its content, and is looked for that long. */
const AGAIN_US = 86_400_000_000;

/** What of each partition came in since a day before the last look. */
export async function unswept(writer: Writer, now: number): Promise<readonly Stretch[]> {
  const rows = await writer.rows(
    `SELECT c.partition AS partition, s.next AS from, c.next AS to
     FROM (SELECT audit_partition AS partition, max(audit_offset) + 1 AS next FROM audit.content GROUP BY partition) AS c
     LEFT JOIN
     (
       SELECT audit_partition AS partition, max(next) AS next FROM audit.content_sweeps
       WHERE at <= ${micros('before')} GROUP BY partition
     ) AS s
     ON s.partition = c.partition
     WHERE c.next > s.next ORDER BY partition`,
    { before: now - AGAIN_US },
  );
  return rows.map((row) => stretch.parse(row));
}

const OF_STRETCH = `content_commitment IS NOT NULL AND audit_partition = {partition:Int32}
  AND audit_offset >= {from:Int64} AND audit_offset < {to:Int64}`;

const MADE_FOR = `SELECT event_id, content_commitment, occurred_at FROM audit.content WHERE ${OF_STRETCH}`;

const EVENTS = ['events', 'events_leaving', 'events_held']
  .map((name) => `SELECT event_id, content_commitment, occurred_at FROM audit.${name}`)
  .join(' UNION ALL ');

/** Content whose event is stored and commits to other content, or to none. The times narrow what has to be read of the events. */
const ORPHANS = `SELECT c.event_id FROM (${MADE_FOR}) AS c
  INNER JOIN
  (
    SELECT e.event_id AS event_id, e.content_commitment AS content_commitment FROM (${EVENTS}) AS e
    WHERE e.occurred_at >= (SELECT min(occurred_at) FROM (${MADE_FOR})) AND e.occurred_at <= (SELECT max(occurred_at) FROM (${MADE_FOR}))
      AND e.event_id IN (SELECT event_id FROM (${MADE_FOR}))
  ) AS e ON e.event_id = c.event_id
  WHERE e.content_commitment IS NULL OR e.content_commitment != c.content_commitment`;

const counted = z.object({ rows: z.number() });

export async function countOrphans(writer: Writer, of: Stretch): Promise<number> {
  const [row] = await writer.rows(`SELECT count() AS rows FROM (${ORPHANS})${AT_MOST}`, { ...of });
  return counted.parse(row).rows;
}

export async function dropOrphans(writer: Writer, of: Stretch): Promise<void> {
  const sql = `ALTER TABLE audit.content DELETE WHERE ${OF_STRETCH} AND event_id IN (${ORPHANS})`;
  await writer.run(sql, { ...of }, { ...MOST, mutations_sync: 2 });
}

/** How far a partition was looked at, and what was found there. */
export async function recordSweep(
  writer: Writer,
  { partition, to }: Stretch,
  { orphans, swept }: { readonly orphans: number; readonly swept: number },
  now: number,
): Promise<void> {
  await writer.run(
    `INSERT INTO audit.content_sweeps (at, audit_partition, next, orphans, swept)
     SELECT ${micros('now')}, {partition:Int32}, {to:Int64}, {orphans:Int64}, {swept:Int64}`,
    { now, partition, to, orphans, swept },
    { async_insert: 0, insert_deduplicate: 0 },
  );
}

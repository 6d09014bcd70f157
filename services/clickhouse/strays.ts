import { z } from 'zod';
import type { Store } from '../core/store.ts';
import { newest } from './archive/journal.ts';
import { EVERYWHERE } from './stored-leaves.ts';

/** Offsets that a number cannot hold come as text. */
const stray = z.object({ event: z.string(), auditOffset: z.coerce.number(), table: z.string() });

/** A row that stands where the log has no record. */
export type Stray = Readonly<z.output<typeof stray>>;

/** So many are shown; whoever adds rows adds any number. */
const MOST = 100;

const everywhere = (columns: string, where: string): string =>
  EVERYWHERE.map((table) => `SELECT ${columns}, '${table}' AS stored_in FROM audit.${table} WHERE ${where}`).join(
    ' UNION ALL ',
  );

/**
 * Rows of an audit partition before the begin of the log, or beyond what the archive has written down: no checkpoint would ever speak
 * of them. A cut is in the journal before one of its rows is stored, so that the journal is read after the rows.
 */
export async function strays(store: Store, partition: number): Promise<readonly Stray[]> {
  const next = async () => (await newest(store, { topic: 'audit.events', partition }))?.next ?? 0;
  const rows = await store.rows(
    `SELECT toString(m.event_id) AS event, m.audit_offset AS auditOffset, m.stored_in AS table
     FROM (${everywhere('event_id, audit_offset', 'audit_partition = {partition:Int32}')}) AS m
     WHERE auditOffset < 0 OR auditOffset >= {next:Int64} ORDER BY auditOffset >= 0, auditOffset DESC LIMIT {most:UInt32}`,
    { partition, next: await next(), most: MOST },
  );
  const reached = await next();
  return rows
    .map((row) => stray.parse(row))
    .filter(({ auditOffset }) => auditOffset < 0 || auditOffset >= reached)
    .sort((a, b) => a.auditOffset - b.auditOffset);
}

/** Audit partitions that any event is stored of. */
export async function partitionsStored(store: Store): Promise<readonly number[]> {
  const rows = await store.rows(
    `SELECT DISTINCT m.p AS p FROM (${everywhere('audit_partition AS p', 'true')}) AS m ORDER BY p`,
  );
  return rows.map(({ p }) => Number(p));
}

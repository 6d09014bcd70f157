import { z } from 'zod';
import type { AuditAccounting } from '../core/records.generated.ts';
import type { Store } from '../core/store.ts';
import { newest } from './archive/journal.ts';
import { stored } from './archive/shelf.ts';
import type { Stretch } from './stored-leaves.ts';
import { type ArchivedTopic, TABLES } from './tables.ts';

/** Offset on an audit topic up to which the archive has stored a partition, whole cuts only. */
export async function storedTo(store: Store, topic: ArchivedTopic, partition: number): Promise<number> {
  const entry = await newest(store, { topic, partition });
  if (entry === undefined) return 0;
  return (await stored(store, TABLES[topic], entry)) === entry.rows ? entry.next : entry.first;
}

/** An account and its offset on audit.accounting. */
export interface StoredAccount {
  readonly auditOffset: number;
  readonly account: AuditAccounting;
}

const number = z.number();
const exception = z.object({
  offset: number,
  count: number,
  outcome: z.string(),
  events: number,
  reason: z.string(),
});
const account = z.object({
  origin_epoch: number,
  origin_topic: z.string(),
  origin_partition: number,
  first: number,
  next: number,
  accepted: number,
  skipped: number,
  quarantined: number,
  absent: number,
  events: number,
  exceptions: z.array(exception),
  settled_at: number,
});

/** Accounts of an audit partition, in the order they were written. */
export async function storedAccounts(
  store: Store,
  { partition, from, before }: Stretch,
  limit: number,
): Promise<readonly StoredAccount[]> {
  const rows = await store.rows(
    `SELECT a.origin_epoch AS origin_epoch, CAST(a.origin_topic AS String) AS origin_topic, a.origin_partition AS origin_partition,
       a.first AS first, a.next AS next, a.accepted AS accepted, a.skipped AS skipped, a.quarantined AS quarantined,
       a.absent AS absent, a.events AS events, a.exceptions AS exceptions, toUnixTimestamp64Micro(a.settled_at) AS settled_at,
       a.audit_offset AS audit_offset
     FROM audit.accounting AS a
     WHERE a.audit_partition = {partition:Int32} AND a.audit_offset >= {from:Int64} AND a.audit_offset < {before:Int64}
     ORDER BY a.audit_offset LIMIT {limit:UInt32}`,
    { partition, from, before, limit },
  );
  return rows.map((row) => ({ auditOffset: number.parse(row.audit_offset), account: account.parse(row) }));
}

const EVENTS = TABLES['audit.events'];
const short = z.object({ first: number, next: number, missing: number });

/** The first cut touching a stretch of audit.events of which rows have left the store already. */
export async function firstShortCut(store: Store, stretch: Stretch): Promise<z.output<typeof short> | undefined> {
  const rows = await store.rows(
    `WITH cuts AS (SELECT first, next, rows FROM audit.journal WHERE topic = '${EVENTS.topic}' AND partition = {partition:Int32}
       AND next > {from:Int64} AND first < {before:Int64} AND rows > 0)
     SELECT j.first AS first, j.next AS next, toInt64(j.rows - c.found) AS missing
     FROM cuts AS j
     LEFT JOIN
     (
       SELECT k.first AS first, count() AS found
       FROM (SELECT DISTINCT audit_offset, 1 AS one FROM (${ANYWHERE})) AS e
       ASOF JOIN (SELECT first, next, 1 AS one FROM cuts) AS k ON e.one = k.one AND e.audit_offset >= k.first
       WHERE e.audit_offset < k.next GROUP BY k.first
     ) AS c ON c.first = j.first
     WHERE missing > 0 ORDER BY first LIMIT 1`,
    { ...stretch },
  );
  return rows.map((row) => short.parse(row))[0];
}

const ANYWHERE = ['events', 'events_leaving', 'events_held', 'events_released']
  .map((table) => `SELECT audit_offset FROM audit.${table} WHERE audit_partition = {partition:Int32}`)
  .join(' UNION ALL ');

/** The newest checkpoint of an audit partition that is stored, as it was signed; wherever its act lies, its deadline passed or not. */
export async function newestTold(store: Store, partition: number): Promise<string | undefined> {
  const [row] = await store.rows(
    `SELECT e.attributes['attributes.checkpoint'] AS checkpoint FROM (${ACTS}) AS e
     WHERE toInt32OrZero(e.attributes['attributes.audit_partition']) = {partition:Int32}
     ORDER BY toInt64OrZero(e.attributes['attributes.size']) DESC LIMIT 1`,
    { partition },
  );
  return row === undefined ? undefined : String(row.checkpoint);
}

/** Audit partitions whose checkpoints are stored. */
export async function partitionsTold(store: Store): Promise<readonly number[]> {
  const rows = await store.rows(
    `SELECT DISTINCT toUInt32OrNull(e.attributes['attributes.audit_partition']) AS partition FROM (${ACTS}) AS e WHERE partition IS NOT NULL`,
  );
  return rows.map(({ partition }) => Number(partition));
}

const ACTS = ['events', 'events_leaving', 'events_held']
  .map(
    (table) => `SELECT attributes FROM audit.${table}
      WHERE action = 'ledger.checkpoint' AND origin_topic = 'trailhouse.events' AND outcome = 'success'`,
  )
  .join(' UNION ALL ');

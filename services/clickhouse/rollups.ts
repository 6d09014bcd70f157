import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Store } from '../core/store.ts';
import type { Writer } from './client.ts';

/** A day of the trail and what it held when it was looked at. */
export interface Day {
  /** `2026-01-31` */
  readonly day: string;
  /** As `audit.days` has it; of more digits than a number holds. */
  readonly mark: string;
}

const days = z.array(z.object({ day: z.string(), mark: z.string() }));

/** Days that are over and not rolled, though nothing was added to them since `quietUs`, the newest first. */
export async function unrolled(store: Store, todayIs: string, quietUs: number): Promise<readonly Day[]> {
  const rows = await store.rows(
    `SELECT toString(d.day) AS day, toString(d.mark) AS mark FROM audit.days AS d
     WHERE NOT d.rolled AND NOT d.ending AND d.day < {today:Date} AND d.newest <= fromUnixTimestamp64Micro({quiet:Int64}, 'UTC')
     ORDER BY day DESC`,
    { today: todayIs, quiet: quietUs },
  );
  return days.parse(rows);
}

const KEYS =
  'surface, product, product_version, action, outcome, actor_kind, actor_id, actor_email, actor_confidence, actor_team, ' +
  'actor_project, actor_organisation, model_requested, model_served, provider';
const SPENT = ['tokens_prompt', 'tokens_completion', 'tokens_cache_read', 'tokens_cache_write', 'cost_micro_usd'];

/** The first two narrow down what is read; days between others may be none of them. */
const IN_DAYS = `occurred_at >= toDateTime64(arrayMin({days:Array(Date)}), 6, 'UTC') AND occurred_at < toDateTime64(arrayMax({days:Array(Date)}) + 1, 6, 'UTC')
  AND toDate(occurred_at) IN {days:Array(Date)}`;

/** What `audit.daily` is to say of days, read from the trail. */
const ROLLED = `SELECT toDate(occurred_at) AS day, toUInt64({marks:Array(String)}[indexOf({days:Array(Date)}, day)]) AS mark, ${KEYS},
  count() AS events, countIf(counts) AS requests, countIf(counts AND cost_micro_usd IS NULL) AS without_cost,
  ${SPENT.map((name) => `sumIf(${name}, counts)`).join(', ')}
FROM
(
  SELECT occurred_at, ${KEYS}, ${SPENT.join(', ')}, event_id IN (SELECT event_id FROM audit.costs WHERE ${IN_DAYS}) AS counts
  FROM audit.trail WHERE ${IN_DAYS}
)
GROUP BY day, ${KEYS}`;

/** Nobody waits for it: what does not fit into memory goes to the disk. */
const FRUGAL = { max_bytes_before_external_group_by: 2 * 1024 ** 3, insert_deduplicate: 0 } as const;

/**
 * Days that are computed at once: which calls count is looked for among all events, once for all of them, and people by the day
 * have to fit into memory.
 */
export const AT_ONCE = 8;

/**
 * Computes days whole beside the table and puts each in place at once. Their marks were read before: what came since makes a
 * day's mark another, and the day unrolled. Two processes compute in tables of their own.
 */
export async function rollUp(writer: Writer, days: readonly Day[]): Promise<void> {
  const beside = `audit.${BESIDE}${randomBytes(8).toString('hex')}`;
  await writer.run(`CREATE TABLE ${beside} AS audit.rollups`);
  try {
    const params = { days: days.map(({ day }) => day), marks: days.map(({ mark }) => mark) };
    await writer.run(`INSERT INTO ${beside} ${ROLLED}`, params, FRUGAL);
    for (const { day } of days)
      await writer.run(`ALTER TABLE audit.rollups REPLACE PARTITION {day:String} FROM ${beside}`, { day });
  } finally {
    await writer.run(`DROP TABLE IF EXISTS ${beside} SYNC`);
  }
}

const BESIDE = 'rollups_beside_';

/** Takes away the tables of processes that died, with what they hold of people. */
export async function clearAway(writer: Writer): Promise<void> {
  const rows = await writer.rows(
    `SELECT name FROM system.tables
     WHERE database = 'audit' AND startsWith(name, {beside:String}) AND metadata_modification_time < now() - INTERVAL 6 HOUR`,
    { beside: BESIDE },
  );
  for (const { name } of rows) await writer.run(`DROP TABLE IF EXISTS audit.${name} SYNC`);
}

/**
 * Drops what no view shows any more: days that changed, with people who may have been erased since, and days of which the first
 * event has run its time. Answers how many days it were.
 */
export async function dropStale(writer: Writer): Promise<number> {
  const stale = await writer.rows(
    `SELECT DISTINCT toString(r.day) AS day FROM audit.rollups AS r
     WHERE (r.day, r.mark) NOT IN (SELECT day, mark FROM audit.days WHERE rolled) ORDER BY day`,
  );
  for (const { day } of stale) await writer.run('ALTER TABLE audit.rollups DROP PARTITION {day:String}', { day });
  return stale.length;
}

/**
 * Rolled days of which `audit.costs` says something else by now: an event of another day turned out to tell of the same call. Looks
 * at everything.
 */
export async function differing(store: Store): Promise<readonly Day[]> {
  const rows = await store.rows(
    `SELECT toString(d.day) AS day, toString(d.mark) AS mark
     FROM audit.days AS d
     LEFT JOIN (SELECT day, sum(requests) AS requests, ifNull(sum(cost_micro_usd), 0) AS cost FROM audit.daily GROUP BY day) AS r ON r.day = d.day
     LEFT JOIN (SELECT toDate(occurred_at) AS day, count() AS requests, ifNull(sum(cost_micro_usd), 0) AS cost FROM audit.costs GROUP BY day) AS c ON c.day = d.day
     WHERE d.rolled AND (r.requests != c.requests OR r.cost != c.cost)
     ORDER BY day`,
  );
  return days.parse(rows);
}

import { z } from 'zod';
import type { Store } from '../../../core/store.ts';
import type { Writer } from '../../client.ts';
import { quote } from '../../sql.ts';
import { conditionSql, type PlacedHold } from '../holds.ts';
import { lasting } from '../lasting.ts';
import { actedOnTrail, type Extent, eventsOf, type Subject } from './subject.ts';

/** Why events stay although they were to be erased. */
export interface Kept {
  readonly reason: string;
  readonly events: number;
  /** RFC 3339; null where nobody knows yet, as under a hold. */
  readonly until: string | null;
}

/** A framework that obliges to keep events as they are. */
export interface Duty {
  readonly framework: string;
  readonly citation: string;
}

const ALWAYS = { insert_deduplicate: 0, async_insert: 0 } as const;

const counted = z.object({ rows: z.number() });

/** Looks up what a certificate is about, anew; answers how many events. Times are microseconds since 1970. */
export async function choose(writer: Writer, certificate: string, subject: Subject, extent: Extent): Promise<number> {
  for (const table of ['erasure_candidates', 'erasure_kept'])
    await writer.run(
      `ALTER TABLE audit.${table} DELETE WHERE certificate = {certificate:UUID}`,
      { certificate },
      { mutations_sync: 2 },
    );
  const chosen = eventsOf(subject, extent);
  await writer.run(
    `INSERT INTO audit.erasure_candidates (certificate, event_id) SELECT DISTINCT {certificate:UUID}, event_id FROM (${chosen.sql})`,
    { ...chosen.params, certificate },
    ALWAYS,
  );
  const [row] = await writer.rows(
    'SELECT count() AS rows FROM audit.erasure_candidates WHERE certificate = {certificate:UUID}',
    { certificate },
  );
  return counted.parse(row).rows;
}

/** Who watches is watched: nobody has the record of what they asked and did taken away, least of all those who may order it. */
const WATCHED = 'the record of who used the audit trail: GDPR Article 17(3)(b) and 32';

/** Writes down what stays for now: what a hold keeps, and what the law does (GDPR Article 17(3)(b) and (e)). */
export async function keepBack(
  writer: Writer,
  certificate: string,
  subject: Subject,
  {
    holds,
    duties,
    now,
  }: { readonly holds: readonly PlacedHold[]; readonly duties: readonly Duty[]; readonly now: number },
): Promise<void> {
  const candidates = 'SELECT event_id FROM audit.erasure_candidates WHERE certificate = {certificate:UUID}';
  const reasons = [
    ...(await Promise.all(
      holds.map(async (hold) => ({
        reason: `held: ${hold.hold}`,
        until: 'CAST(NULL AS Nullable(DateTime64(6)))',
        where: `(${await conditionSql(writer, hold)})`,
      })),
    )),
    ...duties.map(({ framework, citation }) => ({
      reason: `${framework}: ${citation}`,
      until: 'trail.retain_until',
      // An order has no team, and so the longest class there is: it would outlive what it asks for.
      where: `trail.action != 'erasure.ordered' AND has(splitByChar('+', CAST(trail.retention_class AS String)), ${quote(framework)})
        AND ${IN_TIME}`,
    })),
    { reason: WATCHED, until: 'trail.retain_until', where: `${actedOnTrail(subject)} AND ${IN_TIME}` },
  ];
  for (const { reason, until, where } of reasons)
    await writer.run(
      `INSERT INTO audit.erasure_kept (certificate, event_id, reason, until)
       SELECT DISTINCT {certificate:UUID}, trail.event_id, {reason:String}, ${until} FROM ${lasting(candidates)} AS trail WHERE ${where}`,
      { certificate, reason, now },
      ALWAYS,
    );
}

const IN_TIME = "trail.retain_until > fromUnixTimestamp64Micro({now:Int64}, 'UTC')";

const kept = z.object({ reason: z.string(), events: z.number(), until: z.string().nullable() });

/** What stays, by reason. */
export async function keptOf(store: Store, certificate: string): Promise<readonly Kept[]> {
  const rows = await store.rows(
    `SELECT k.reason AS reason, uniqExact(k.event_id) AS events,
       if(countIf(k.until IS NULL) > 0, NULL, replaceOne(toString(max(k.until)), ' ', 'T') || 'Z') AS until
     FROM audit.erasure_kept AS k WHERE k.certificate = {certificate:UUID} GROUP BY reason ORDER BY reason`,
    { certificate },
  );
  return rows.map((row) => kept.parse(row));
}

/** How many events stay for any reason. */
export async function countKept(store: Store, certificate: string): Promise<number> {
  const [row] = await store.rows(
    'SELECT uniqExact(event_id) AS rows FROM audit.erasure_kept WHERE certificate = {certificate:UUID}',
    { certificate },
  );
  return counted.parse(row).rows;
}

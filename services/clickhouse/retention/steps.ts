import { z } from 'zod';
import type { Store } from '../../core/store.ts';
import type { Writer } from '../client.ts';
import { quote } from '../sql.ts';
import { going } from './facts.ts';
import { bindPart, micros, type Place, type Shelving } from './tables.ts';

/** What makes a token count. */
const ONCE = { insert_deduplicate: 1, async_insert: 0 } as const;

/**
 * How far a deletion has come. Every step is written before what it allows is done. `abandoned`: nothing of it was dropped, and
 * nothing will be.
 */
export const STEPS = ['intended', 'certified', 'telling', 'told', 'abandoned'] as const;
export type Step = (typeof STEPS)[number];

/** What each step so far knows, by its name. */
export interface Deletion {
  readonly certificate: string;
  readonly steps: Readonly<Partial<Record<Step, string>>>;
}

const row = z.object({ certificate: z.string(), steps: z.array(z.tuple([z.enum(STEPS), z.string()])) });

/** Deletions that were intended and neither told of nor abandoned, oldest first. */
export async function unfinished(store: Store): Promise<readonly Deletion[]> {
  const rows = await store.rows(
    `SELECT toString(s.certificate) AS certificate, groupArray((s.step, s.body)) AS steps
     FROM audit.deletion_steps AS s GROUP BY s.certificate HAVING countIf(s.step IN ('told', 'abandoned')) = 0 ORDER BY min(s.at), certificate`,
  );
  return rows.map((one) => {
    const { certificate, steps } = row.parse(one);
    return { certificate, steps: Object.fromEntries(steps) };
  });
}

/** Writes a step down, once. A body may be longer than a parameter, which travels in an address, can be. */
export async function record(
  writer: Writer,
  certificate: string,
  step: Step,
  body: string,
  now: number,
): Promise<void> {
  await writer.run(
    `INSERT INTO audit.deletion_steps (certificate, step, body, at)
     SELECT {certificate:UUID}, {step:String}, ${quote(body)}, ${micros('now')}
     WHERE (SELECT count() FROM audit.deletion_steps WHERE certificate = {certificate:UUID} AND step = {step:String}) = 0`,
    { certificate, step, now },
    { ...ONCE, insert_deduplication_token: `${certificate}/${step}` },
  );
}

/**
 * Writes down what goes, by the account that promised it: from here on, views count it as deleted. The engine reads it from where
 * it lies, however many accounts there are; the order makes a repetition the same blocks, which count once.
 */
export async function recordRows(
  writer: Writer,
  certificate: string,
  shelving: Shelving,
  place: Place,
  now: number,
): Promise<void> {
  if (!shelving.isAccounted) return;
  await writer.run(
    `INSERT INTO audit.deletions
       (certificate, stored_in, retention_class, retention_bucket, origin_epoch, origin_topic, origin_partition, first, rows, at)
     SELECT {certificate:UUID}, {name:String}, {class:String}, {bucket:Date},
       w.origin_epoch AS epoch, w.origin_topic AS topic, w.origin_partition AS part, a.first AS first, count(), ${micros('now')}
     FROM (SELECT origin_epoch, CAST(origin_topic AS String) AS origin_topic, origin_partition, origin_offset
           FROM ${shelving.way} WHERE ${going(shelving)}) AS w
     ${ACCOUNTS}
     GROUP BY epoch, topic, part, first ORDER BY topic, part, epoch, first`,
    { ...bindPart(place), certificate, name: shelving.name, now },
    { ...ONCE, insert_deduplication_token: `${certificate}/rows` },
  );
}

/** The account that promised a row is the nearest that begins at or below its offset. */
const ACCOUNTS = `ASOF INNER JOIN
  (SELECT origin_epoch, CAST(origin_topic AS String) AS origin_topic, origin_partition, first FROM audit.accounting) AS a
  ON w.origin_epoch = a.origin_epoch AND w.origin_topic = a.origin_topic AND w.origin_partition = a.origin_partition
    AND w.origin_offset >= a.first`;

/** Part of what `recordRows` wrote, as lines of CSV: epoch, topic, partition, first offset of the account, rows that go. */
export const recordedRows = (store: Store, certificate: string, from: number, limit: number): Promise<string> =>
  store.text(
    `SELECT origin_epoch, CAST(origin_topic AS String) AS topic, origin_partition, first, rows FROM audit.deletions
     WHERE certificate = {certificate:UUID} ORDER BY origin_topic, origin_partition, origin_epoch, first
     LIMIT {limit:UInt32} OFFSET {from:UInt64}`,
    'CSV',
    { certificate, from, limit },
  );

const recorded = z.object({ accounts: z.number(), rows: z.number() });

/** How much of a deletion is written down. */
export async function countRecorded(store: Store, certificate: string): Promise<z.output<typeof recorded>> {
  const [row] = await store.rows(
    'SELECT count() AS accounts, sum(rows) AS rows FROM audit.deletions WHERE certificate = {certificate:UUID}',
    { certificate },
  );
  return recorded.parse(row);
}

/** Takes back what `recordRows` wrote: views count it as stored again. */
export async function withdrawRows(writer: Writer, certificate: string): Promise<void> {
  await writer.run(
    'ALTER TABLE audit.deletions DELETE WHERE certificate = {certificate:UUID}',
    { certificate },
    { mutations_sync: 2 },
  );
}

/** Whether the act of a certificate is stored. */
export async function isTold(store: Store, certificate: string): Promise<boolean> {
  const rows = await store.rows('SELECT 1 FROM audit.certificates WHERE certificate = {certificate:UUID}', {
    certificate,
  });
  return rows.length > 0;
}

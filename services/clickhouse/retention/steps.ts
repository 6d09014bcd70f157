import { z } from 'zod';
import type { Store } from '../../core/store.ts';
import type { Writer } from '../client.ts';
import type { Facts } from './facts.ts';
import { micros, type Place, type Shelving } from './tables.ts';

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

/** Writes a step down, once. */
export async function record(
  writer: Writer,
  certificate: string,
  step: Step,
  body: string,
  now: number,
): Promise<void> {
  await writer.run(
    `INSERT INTO audit.deletion_steps (certificate, step, body, at)
     SELECT {certificate:UUID}, {step:String}, {body:String}, ${micros('now')}
     WHERE (SELECT count() FROM audit.deletion_steps WHERE certificate = {certificate:UUID} AND step = {step:String}) = 0`,
    { certificate, step, body, now },
    { ...ONCE, insert_deduplication_token: `${certificate}/${step}` },
  );
}

/** Writes down what goes, by account: from here on, views count it as deleted. */
export async function recordRows(
  writer: Writer,
  certificate: string,
  { name, isAccounted }: Shelving,
  { retention_class, bucket }: Place,
  { lineages }: Pick<Facts, 'lineages'>,
  now: number,
): Promise<void> {
  if (!isAccounted) return;
  const rows = lineages.flatMap(({ epoch, topic, partition, accounts }) =>
    accounts.map(([first, count]) => [epoch, topic, partition, first, count]),
  );
  await writer.run(
    `INSERT INTO audit.deletions
       (certificate, stored_in, retention_class, retention_bucket, origin_epoch, origin_topic, origin_partition, first, rows, at)
     SELECT {certificate:UUID}, {name:String}, {class:String}, {bucket:Date}, r.1, r.2, r.3, r.4, r.5, ${micros('now')}
     FROM (SELECT arrayJoin(JSONExtract({rows:String}, 'Array(Tuple(Int32, String, Int32, Int64, Int64))')) AS r)
     WHERE (SELECT count() FROM audit.deletions WHERE certificate = {certificate:UUID}) = 0`,
    { certificate, name, class: retention_class, bucket, rows: JSON.stringify(rows), now },
    { ...ONCE, insert_deduplication_token: `${certificate}/rows` },
  );
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

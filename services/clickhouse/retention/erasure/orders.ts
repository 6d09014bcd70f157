import { z } from 'zod';
import type { Store } from '../../../core/store.ts';
import type { Writer } from '../../client.ts';

/** An order to erase that is not closed. */
const order = z.object({
  /** Event id of its act. */
  erasure: z.string(),
  email: z.string(),
  id: z.string(),
  /** Keyed token of the subject. */
  subject: z.string(),
  basis: z.string(),
  ordered_by: z.string(),
  /** Microseconds since 1970. */
  ordered_at: z.number(),
  /** Whether a certificate was told of already. */
  isCertified: z.boolean(),
});
export type ErasureOrder = z.output<typeof order>;

export async function openOrders(store: Store): Promise<readonly ErasureOrder[]> {
  const rows = await store.rows(
    `SELECT toString(e.event_id) AS erasure, lowerUTF8(normalizeUTF8NFC(e.personal_attributes['subject.email'])) AS email,
       e.personal_attributes['subject.id'] AS id, v.subject AS subject, v.basis AS basis, v.ordered_by AS ordered_by,
       toUnixTimestamp64Micro(e.occurred_at) AS ordered_at, v.certificates > 0 AS certified
     FROM (SELECT * FROM audit.events UNION ALL SELECT * FROM audit.events_held) AS e
     INNER JOIN audit.erasures AS v ON v.erasure = e.event_id
     WHERE e.action = 'erasure.ordered' AND v.state != 'closed' AND e.personal_hash IS NULL
     ORDER BY ordered_at LIMIT 1 BY erasure`,
  );
  return rows.map(({ certified, ...row }) =>
    order.parse({ ...row, isCertified: certified === 1 || certified === true }),
  );
}

export const ERASURE_STEPS = ['begun', 'keys', 'certified', 'told'] as const;
export type ErasureStep = (typeof ERASURE_STEPS)[number];

const unfinished = z.object({
  certificate: z.string(),
  steps: z.array(z.tuple([z.enum(ERASURE_STEPS), z.string()])),
});

/** A certificate that was begun and not told of yet, and what its steps know. */
export interface Begun {
  readonly certificate: string;
  readonly steps: Readonly<Partial<Record<ErasureStep, string>>>;
}

export async function begun(store: Store, erasure: string): Promise<Begun | undefined> {
  const [row] = await store.rows(
    `SELECT toString(s.certificate) AS certificate, groupArray((s.step, s.body)) AS steps FROM audit.erasure_steps AS s
     WHERE s.erasure = {erasure:UUID} GROUP BY s.certificate HAVING countIf(s.step = 'told') = 0 ORDER BY min(s.at) LIMIT 1`,
    { erasure },
  );
  if (row === undefined) return undefined;
  const { certificate, steps } = unfinished.parse(row);
  return { certificate, steps: Object.fromEntries(steps) };
}

const known = z.object({ body: z.string() });
const body = z.array(z.string());

/** Ids of the subject that earlier passes found: events that are erased no longer tell them. */
export async function idsKnown(store: Store, erasure: string): Promise<readonly string[]> {
  const rows = await store.rows(
    "SELECT DISTINCT s.body AS body FROM audit.erasure_steps AS s WHERE s.erasure = {erasure:UUID} AND s.step = 'begun' AND s.body != ''",
    { erasure },
  );
  return [...new Set(rows.flatMap((row) => body.parse(JSON.parse(known.parse(row).body))))].sort();
}

/** Writes a step down, once. */
export async function recordStep(
  writer: Writer,
  { certificate, erasure }: { readonly certificate: string; readonly erasure: string },
  step: ErasureStep,
  text: string,
  now: number,
): Promise<void> {
  await writer.run(
    `INSERT INTO audit.erasure_steps (certificate, erasure, step, body, at)
     SELECT {certificate:UUID}, {erasure:UUID}, {step:String}, {text:String}, fromUnixTimestamp64Micro({now:Int64}, 'UTC')
     WHERE (SELECT count() FROM audit.erasure_steps WHERE certificate = {certificate:UUID} AND step = {step:String}) = 0`,
    { certificate, erasure, step, text, now },
    { insert_deduplicate: 1, async_insert: 0, insert_deduplication_token: `${certificate}/${step}` },
  );
}

/** Forgets what the steps of an order knew about its subject. */
export async function forgetSteps(writer: Writer, erasure: string): Promise<void> {
  await writer.run(
    "ALTER TABLE audit.erasure_steps UPDATE body = '' WHERE erasure = {erasure:UUID} AND step = 'begun'",
    { erasure },
    { mutations_sync: 2 },
  );
  await writer.run(
    `ALTER TABLE audit.erasure_candidates DELETE WHERE certificate IN
       (SELECT s.certificate FROM audit.erasure_steps AS s WHERE s.erasure = {erasure:UUID})`,
    { erasure },
    { mutations_sync: 2 },
  );
}

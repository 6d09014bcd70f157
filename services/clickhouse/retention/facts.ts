import { z } from 'zod';
import type { Store } from '../../core/store.ts';
import { bindPart, inPart, type Place, type Shelving } from './tables.ts';

const lineage = z.object({
  epoch: z.number(),
  topic: z.string(),
  partition: z.number(),
  rows: z.number(),
  first_offset: z.number(),
  last_offset: z.number(),
});

const summary = z.object({
  rows: z.number(),
  kept: z.number(),
  first_at: z.string(),
  last_at: z.string(),
  reasons: z.array(z.string()),
});

/** What a certificate says of the rows that go. */
export interface Facts extends z.output<typeof summary> {
  readonly lineages: readonly z.output<typeof lineage>[];
}

/** Rows of the partition on its way out that are kept nowhere else. */
export const going = ({ way, held, id, ...shelving }: Shelving): string => {
  const part = inPart({ way, held, id, ...shelving });
  return `${part}${held === undefined ? '' : ` AND ${id} NOT IN (SELECT ${id} FROM ${held} WHERE ${part})`}`;
};

/** Nothing adds to a table of this kind, so that what is measured here is what is dropped. */
export async function factsOf(store: Store, shelving: Shelving, place: Place): Promise<Facts> {
  const [way, at] = [shelving.way, shelving.name === 'quarantine' ? 'received_at' : 'occurred_at'];
  const reason = shelving.name.startsWith('events') ? 'CAST(retention_reason AS String)' : "''";
  const [row] = await store.rows(
    `SELECT count() AS rows, (SELECT count() FROM ${way} WHERE ${inPart(shelving)}) - rows AS kept,
       ${iso(`min(${at})`)} AS first_at, ${iso(`max(${at})`)} AS last_at,
       arraySort(arrayFilter(r -> r != '', groupUniqArray(${reason}))) AS reasons
     FROM ${way} WHERE ${going(shelving)}`,
    bindPart(place),
  );
  return { ...summary.parse(row), lineages: await lineages(store, shelving, place) };
}

const iso = (time: string): string => `replaceOne(toString(${time}), ' ', 'T') || 'Z'`;

async function lineages(store: Store, shelving: Shelving, place: Place): Promise<Facts['lineages']> {
  const rows = await store.rows(
    `SELECT origin_epoch AS epoch, CAST(origin_topic AS String) AS topic, origin_partition AS partition, count() AS rows,
       min(origin_offset) AS first_offset, max(origin_offset) AS last_offset
     FROM ${shelving.way} WHERE ${going(shelving)} GROUP BY ALL ORDER BY epoch, topic, partition`,
    bindPart(place),
  );
  return rows.map((row) => lineage.parse(row));
}

const counted = z.object({ rows: z.number() });

/** Rows whose account is not stored: deleted now, they would look as if they had never been there. */
export async function unaccounted(store: Store, shelving: Shelving, table: string, place: Place): Promise<number> {
  if (!shelving.isAccounted) return 0;
  const [row] = await store.rows(
    `SELECT countIf(w.origin_offset >= a.next) AS rows
     FROM (SELECT origin_epoch, CAST(origin_topic AS String) AS origin_topic, origin_partition, origin_offset
           FROM ${table} WHERE ${inPart(shelving)}) AS w
     ASOF LEFT JOIN (SELECT origin_epoch, CAST(origin_topic AS String) AS origin_topic, origin_partition, first, next FROM audit.accounting) AS a
     ON w.origin_epoch = a.origin_epoch AND w.origin_topic = a.origin_topic AND w.origin_partition = a.origin_partition
       AND w.origin_offset >= a.first`,
    bindPart(place),
  );
  return counted.parse(row).rows;
}

/** Content that is still stored of the events of a partition: it would be nobody's once they are gone. */
export async function contentLeft(store: Store, shelving: Shelving, table: string, place: Place): Promise<number> {
  if (shelving.name !== 'events') return 0;
  const [row] = await store.rows(
    `SELECT count() AS rows FROM audit.content
     WHERE event_id IN (SELECT event_id FROM ${table} WHERE ${inPart(shelving)})`,
    bindPart(place),
  );
  return counted.parse(row).rows;
}

const reached = z.object({ partition: z.number(), last: z.number() });

/** The last offset on audit.events of the rows of a partition, by audit partition. */
export async function lastOffsets(
  store: Store,
  shelving: Shelving,
  table: string,
  place: Place,
): Promise<readonly z.output<typeof reached>[]> {
  const rows = await store.rows(
    `SELECT audit_partition AS partition, max(audit_offset) AS last FROM ${table} WHERE ${inPart(shelving)}
     GROUP BY partition ORDER BY partition`,
    bindPart(place),
  );
  return rows.map((row) => reached.parse(row));
}

import { z } from 'zod';
import type { Store } from '../../core/store.ts';
import { bindPart, inPart, type Place, SHELVINGS, type Shelving } from './tables.ts';

/** A partition of one of the tables that rows leave. */
export interface Way extends Place {
  readonly shelving: Shelving;
}

/** What lies in one partition, and when it has run its time. Times are microseconds since 1970. */
export interface Shelf extends Way {
  readonly rows: number;
  readonly firstDue: number;
  readonly lastDue: number;
}

const shelf = z.object({
  retention_class: z.string(),
  bucket: z.string(),
  rows: z.number(),
  firstDue: z.number(),
  lastDue: z.number(),
});

/** Every partition that holds rows, in the order they are looked at. */
export async function shelves(store: Store): Promise<readonly Shelf[]> {
  const rows = await store.rows(
    `SELECT stored_in, ${COLUMNS} FROM audit.shelves ORDER BY retention_bucket, retention_class`,
  );
  const found = rows.map((row) => ({ ...shelf.parse(row), stored_in: row.stored_in }));
  return SHELVINGS.flatMap((shelving) =>
    found
      .filter(({ stored_in }) => stored_in === shelving.name)
      .map(({ stored_in: _, ...one }) => ({ shelving, ...one })),
  );
}

const COLUMNS = `retention_class, toString(retention_bucket) AS bucket, rows,
  toUnixTimestamp64Micro(first_due) AS firstDue, toUnixTimestamp64Micro(last_due) AS lastDue`;

const place = z.object({ retention_class: z.string(), bucket: z.string() });

/** What is on its way out, left there by a pass that ended half-way. */
export async function underWay(store: Store): Promise<readonly Way[]> {
  const found: Way[] = [];
  for (const shelving of SHELVINGS) {
    const rows = await store.rows(
      `SELECT DISTINCT ${shelving.name === 'quarantine' ? "''" : 'CAST(t.retention_class AS String)'} AS retention_class,
         toString(t.retention_bucket) AS bucket
       FROM ${shelving.way} AS t ORDER BY bucket, retention_class`,
    );
    found.push(...rows.map((row) => ({ shelving, ...place.parse(row) })));
  }
  return found;
}

const left = z.object({ rows: z.number(), parts: z.number() });

/** Rows and parts of a partition, as the engine counts and as it lists them: gone is where both say nothing. */
export async function measured(
  store: Store,
  shelving: Shelving,
  place: Place,
): Promise<{ readonly rows: number; readonly parts: number }> {
  const name = shelving.way.replace('audit.', '');
  const [row] = await store.rows(
    `SELECT (SELECT count() FROM ${shelving.way} WHERE ${inPart(shelving)}) AS rows,
       (SELECT count() FROM system.parts
        WHERE database = 'audit' AND table = {name:String} AND active AND rows > 0 AND partition = {partition:String}) AS parts`,
    { ...bindPart(place), name, partition: partitionName(shelving, place) },
  );
  return left.parse(row);
}

/** As `system.parts` spells it. */
const partitionName = ({ name }: Shelving, { retention_class, bucket }: Place): string =>
  name === 'quarantine' ? bucket : `('${retention_class}','${bucket}')`;

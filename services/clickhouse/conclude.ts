import { z } from 'zod';
import { newest, write } from './archive/journal.ts';
import type { Writer } from './client.ts';
import { bindPart, inPart, type Place, type Shelving } from './retention/tables.ts';
import { TABLES } from './tables.ts';

const partitions = z.object({ partition: z.number() });
const counts = z.object({ here: z.number(), all: z.number() });

/**
 * The archive knows by the rows of its newest cut that the cut was stored: with some of them gone it would store them again.
 * So before rows of a newest cut leave, an empty cut follows it in the journal; a running archive meets it and begins anew.
 * False where that cut is not stored in full yet, or another follows it just now: the partition waits.
 */
export async function concludeCuts(
  writer: Writer,
  shelving: Shelving,
  place: Place,
  from: string,
  owner: string,
): Promise<boolean> {
  const { topic, table, way } = shelving;
  if (topic === undefined) return true;
  const column = TABLES[topic].place;
  const rows = await writer.rows(
    `SELECT DISTINCT ${column.partition} AS partition FROM ${from} WHERE ${inPart(shelving)} ORDER BY partition`,
    bindPart(place),
  );
  for (const { partition } of rows.map((row) => partitions.parse(row))) {
    const entry = await newest(writer, { topic, partition });
    if (entry === undefined || entry.rows === 0) continue;
    const inRange = `${column.partition} = {partition:Int32} AND ${column.offset} >= {first:Int64} AND ${column.offset} < {next:Int64}`;
    const [counted] = await writer.rows(
      `SELECT (SELECT count() FROM ${from} WHERE ${inPart(shelving)} AND ${inRange}) AS here,
         (SELECT count() FROM ${table} WHERE ${inRange}) + (SELECT count() FROM ${way} WHERE ${inRange}) AS all`,
      { ...bindPart(place), partition, first: entry.first, next: entry.next },
    );
    const { here, all } = counts.parse(counted);
    if (here === 0) continue;
    if (all !== entry.rows) return false;
    const { next, after } = entry;
    const cut = { topic, partition, cut: entry.cut + 1, first: next, next, rows: 0, before: after, after, owner };
    const won = (await write(writer, cut))?.owner === owner;
    if (!won) return false;
  }
  return true;
}

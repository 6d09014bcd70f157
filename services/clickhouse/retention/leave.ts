import type { Writer } from '../client.ts';
import { copyRows, countRows } from './aside.ts';
import type { Chosen } from './keep.ts';
import { bindPart, inPart, micros, type Place, partition, type Shelving } from './tables.ts';

/** Moves a partition onto its way out, whole and at once: what the archive adds from here on is a partition of its own. */
export async function move(writer: Writer, shelving: Shelving, place: Place): Promise<void> {
  await writer.run(
    `ALTER TABLE ${shelving.table} MOVE ${partition(shelving)} TO TABLE ${shelving.way}`,
    bindPart(place),
  );
}

/** Takes a partition back from its way out: something in it may not go yet. */
export async function moveBack(writer: Writer, shelving: Shelving, place: Place): Promise<void> {
  await writer.run(
    `ALTER TABLE ${shelving.way} MOVE ${partition(shelving)} TO TABLE ${shelving.table}`,
    bindPart(place),
  );
}

/**
 * Rows of a held partition that have run their time, that nothing keeps any more and that are the last copy: one that still
 * stands where it was copied from would be deleted, and certified, twice.
 */
export function releasable(shelving: Shelving, place: Place, keepers: Chosen | undefined, now: number): Chosen {
  const { id, table, copiedFrom } = shelving;
  const part = inPart(shelving);
  const stands = copiedFrom.map((name) => `${id} NOT IN (SELECT ${id} FROM ${name} WHERE ${part})`);
  const isKept = keepers === undefined ? [] : [`${id} NOT IN (${keepers.sql})`];
  const conditions = [part, `retain_until <= ${micros('now')}`, ...stands, ...isKept];
  return {
    sql: `SELECT ${id} FROM ${table} WHERE ${conditions.join(' AND ')}`,
    params: { ...keepers?.params, ...bindPart(place), now },
  };
}

/** Copies what is released onto its way out. Until `finishPicking`, it lies in both places. */
export const pick = (writer: Writer, shelving: Shelving, place: Place, released: Chosen): Promise<number> =>
  copyRows(writer, shelving, place, { from: shelving.table, to: shelving.way }, released);

/** Takes out of the held table what lies on its way out. */
export async function finishPicking(writer: Writer, shelving: Shelving, place: Place): Promise<void> {
  const part = inPart(shelving);
  const both = `${part} AND ${shelving.id} IN (SELECT ${shelving.id} FROM ${shelving.way} WHERE ${part})`;
  if ((await countRows(writer, shelving.table, both, bindPart(place))) === 0) return;
  await writer.run(`ALTER TABLE ${shelving.table} DELETE WHERE ${both}`, bindPart(place), { mutations_sync: 2 });
}

export async function drop(writer: Writer, shelving: Shelving, place: Place): Promise<void> {
  await writer.run(`ALTER TABLE ${shelving.way} DROP ${partition(shelving)}`, bindPart(place));
}

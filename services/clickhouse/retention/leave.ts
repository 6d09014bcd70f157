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

/** Rows of a held partition that have run their time and that nothing keeps any more. */
export function releasable(shelving: Shelving, place: Place, keepers: Chosen | undefined, now: number): Chosen {
  const { id, table } = shelving;
  const due = `SELECT ${id} FROM ${table} WHERE ${inPart(shelving)} AND retain_until <= ${micros('now')}`;
  return {
    sql: keepers === undefined ? due : `${due} AND ${id} NOT IN (${keepers.sql})`,
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

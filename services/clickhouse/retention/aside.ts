import { z } from 'zod';
import type { Params, Settings, Writer } from '../client.ts';
import type { Chosen } from './keep.ts';
import { bindPart, inPart, type Place, type Shelving } from './tables.ts';

/** A copy does not say what its source says: nothing may be dropped. */
export class CopyDiffers extends Error {
  override readonly name = 'CopyDiffers';

  constructor(from: string, to: string, { retention_class, bucket }: Place) {
    super(`rows of ${retention_class}/${bucket} in ${to} are not those of ${from}`);
  }
}

/** What one question about one partition may cost: a condition an operator wrote must not take the store from everybody else. */
export const MOST: Settings = { max_execution_time: 900, max_memory_usage: 4 * 1024 ** 3 };

/** The same, as a clause at the end of a question. */
export const AT_MOST = ` SETTINGS ${Object.entries(MOST)
  .map(([name, value]) => `${name} = ${value}`)
  .join(', ')}`;

/** The rows of an earlier copy that was taken away again must not make the engine take this one for a repetition. */
const ALWAYS = { insert_deduplicate: 0, async_insert: 0, ...MOST } as const;

/**
 * Copies chosen rows of a partition from one table to another, those that are not there yet, and compares; answers how many were
 * chosen. May be repeated at any point: what is there stays.
 */
export async function copyRows(
  writer: Writer,
  shelving: Shelving,
  place: Place,
  { from, to }: { readonly from: string; readonly to: string },
  chosen: Chosen | undefined,
): Promise<number> {
  if (chosen === undefined) return 0;
  const params = { ...chosen.params, ...bindPart(place) };
  const [part, id] = [inPart(shelving), shelving.id];
  const picked = `${part} AND ${id} IN (${chosen.sql})`;
  const rows = await countRows(writer, from, picked, params);
  if (rows === 0) return 0;
  const isThere = `${id} IN (SELECT ${id} FROM ${to} WHERE ${part})`;
  await writer.run(`INSERT INTO ${to} SELECT * FROM ${from} WHERE ${picked} AND NOT ${isThere}`, params, ALWAYS);
  const missing = await countRows(writer, from, `${picked} AND NOT ${isThere}`, params);
  const [both] = await writer.rows(
    `SELECT (${hashes(from, `${part} AND ${isThere}`)}) AS source,
       (${hashes(to, `${part} AND ${id} IN (SELECT ${id} FROM ${from} WHERE ${part})`)}) AS copy${AT_MOST}`,
    params,
  );
  const { source, copy } = sides.parse(both);
  if (missing > 0 || source !== copy) throw new CopyDiffers(from, to, place);
  return rows;
}

const sides = z.object({ source: z.string(), copy: z.string() });

/** How many rows, and a sum of hashes over every column of them. */
const hashes = (table: string, where: string): string =>
  `SELECT toString((count(), sum(cityHash64(formatRowNoNewline('RowBinary', *))))) FROM ${table} WHERE ${where}`;

const counted = z.object({ rows: z.number() });

export async function countRows(writer: Writer, table: string, where: string, params: Params): Promise<number> {
  const [row] = await writer.rows(`SELECT count() AS rows FROM ${table} WHERE ${where}${AT_MOST}`, params);
  return counted.parse(row).rows;
}

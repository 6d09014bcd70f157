import { z } from 'zod';
import type { Store } from '../../core/store.ts';
import type { Params, Writer } from '../client.ts';
import type { Taken } from './take.ts';

/** A cut as it is written down before it is inserted. */
export interface Entry {
  readonly topic: string;
  readonly partition: number;
  /** Counts the cuts of a partition from 0. */
  readonly cut: number;
  readonly first: number;
  readonly next: number;
  readonly rows: number;
  readonly before: Taken;
  readonly after: Taken;
  /** Who wrote the entry; unique per entry, so that reading back tells whose it is. */
  readonly owner: string;
}

export type Place = Pick<Entry, 'topic' | 'partition'>;

/** The newest cut of a partition, -1 before the first; for conditions that the engine decides on. Bind with `bindPlace`. */
export const NEWEST_CUT =
  'coalesce((SELECT cut FROM audit.journal WHERE topic = {topic:String} AND partition = {partition:Int32} ' +
  'ORDER BY cut DESC LIMIT 1), -1)';

export const bindPlace = ({ topic, partition }: Place): Params => ({ topic, partition });

/** What makes a token count. */
export const ONCE = { insert_deduplicate: 1, async_insert: 0 } as const;

const mark = z.object({ offset: z.number(), ordinal: z.number() });
const marks = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.record(z.string(), mark))
  .transform((read): Taken => new Map(Object.entries(read)));
const stored = z.object({
  topic: z.string(),
  partition: z.number(),
  cut: z.number(),
  first: z.number(),
  next: z.number(),
  rows: z.number(),
  owner: z.string(),
  before_marks: marks,
  after_marks: marks,
});

/** The newest entry of a partition that ends at an offset or below, any by default; undefined before the first. */
export async function newest(store: Store, place: Place, upTo = Number.MAX_SAFE_INTEGER): Promise<Entry | undefined> {
  const [row] = await store.rows(
    `SELECT topic, partition, cut, first, next, rows, owner,
       toJSONString(before) AS before_marks, toJSONString(after) AS after_marks
     FROM audit.journal
     WHERE topic = {topic:String} AND partition = {partition:Int32} AND next <= {upTo:Int64} ORDER BY cut DESC LIMIT 1`,
    { ...bindPlace(place), upTo },
  );
  if (row === undefined) return undefined;
  const { before_marks: before, after_marks: after, ...entry } = stored.parse(row);
  return { ...entry, before, after };
}

/** Which entry is newest, and whose. */
export type Newest = Pick<Entry, 'cut' | 'owner'>;

const owned = z.object({ cut: z.number(), owner: z.string() });

/**
 * Writes an entry if it is the one after the newest; what is newest then tells whether it was. Both locks are needed:
 * the condition turns away an archive that was paused for so long that the token was forgotten, the token decides
 * between two that pass the condition at once. May be repeated when the answer was lost.
 */
export async function write(writer: Writer, entry: Entry): Promise<Newest | undefined> {
  const { topic, partition, cut } = entry;
  await writer.run(
    `INSERT INTO audit.journal (topic, partition, cut, first, next, rows, before, after, owner, journalled_at)
     SELECT {topic:String}, {partition:Int32}, {cut:Int64}, {first:Int64}, {next:Int64}, {rows:Int64},
       ${typed('before')}, ${typed('after')}, {owner:String}, now64(6, 'UTC')
     WHERE ${NEWEST_CUT} = {cut:Int64} - 1`,
    { ...entry, before: toText(entry.before), after: toText(entry.after) },
    { ...ONCE, insert_deduplication_token: `${topic}/${partition}/${cut}` },
  );
  const [row] = await writer.rows(
    `SELECT cut, owner FROM audit.journal
     WHERE topic = {topic:String} AND partition = {partition:Int32} AND cut >= {cut:Int64} ORDER BY cut DESC LIMIT 1`,
    { ...bindPlace(entry), cut },
  );
  return row === undefined ? undefined : owned.parse(row);
}

const typed = (name: string): string =>
  `JSONExtract({${name}:String}, 'Map(String, Tuple(offset Int64, ordinal Int64))')`;

const toText = (taken: Taken): string => JSON.stringify(Object.fromEntries(taken));

export function sameTaken(a: Taken, b: Taken): boolean {
  const all = [...a];
  return (
    a.size === b.size &&
    all.every(([lineage, { offset, ordinal }]) => {
      const other = b.get(lineage);
      return other?.offset === offset && other.ordinal === ordinal;
    })
  );
}

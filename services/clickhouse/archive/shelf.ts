import { container } from '../../codec/container.ts';
import type { Written } from '../../codec/schemas.ts';
import type { Store } from '../../core/store.ts';
import type { Writer } from '../client.ts';
import { type Column, columnsOf } from '../columns.ts';
import { placeColumns, placedSchema, type Table } from '../tables.ts';
import type { Cut } from './cut.ts';
import { bindPlace, type Entry, NEWEST_CUT, ONCE } from './journal.ts';

/**
 * One block, however large: the deduplication token stands for the whole cut. `max_partitions_per_insert_block` is
 * lifted for the one record that is beyond the limits of a cut by itself.
 */
const ONE_BLOCK = {
  max_threads: 1,
  max_insert_threads: 1,
  max_block_size: 1_000_000,
  min_insert_block_size_rows: 10_000_000,
  min_insert_block_size_bytes: 0,
  max_partitions_per_insert_block: 0,
} as const;

/**
 * Inserts a journalled cut, whole and once. The engine itself turns away an insert that comes when a later cut is
 * already journalled: a request that was held up for any length of time stores nothing.
 *
 * With `again`, the cut may have been stored before, in whole or in part, longer ago than tokens are remembered. A cut's
 * share of one table partition is one part, there or not: shares that are there are left out.
 */
export async function shelve(
  writer: Writer,
  table: Table,
  schema: Written,
  cut: Cut,
  entry: Entry,
  again: boolean,
): Promise<void> {
  const { columns, placed } = layoutOf(schema, table);
  await writer.insert({
    table: table.name,
    columns,
    file: container(
      placed,
      cut.rows.flatMap(({ datum, place }) => [datum, place]),
      cut.rows.length,
    ),
    where: [`${NEWEST_CUT} = {cut:Int64}`, ...(again ? [notStored(table)] : [])].join(' AND '),
    params: { ...bindPlace(entry), cut: entry.cut, ...(again ? { first: entry.first, next: entry.next } : {}) },
    settings: {
      ...ONCE,
      ...ONE_BLOCK,
      insert_deduplication_token: `${entry.topic}/${entry.partition}/${entry.first}-${entry.next}`,
    },
  });
}

interface Layout {
  readonly columns: readonly Column[];
  /** The schema of the rows of a container. */
  readonly placed: string;
}

/** A schema is of one record, and a record of one table. */
const layouts = new WeakMap<Written, Layout>();

function layoutOf(schema: Written, table: Table): Layout {
  const known = layouts.get(schema);
  if (known !== undefined) return known;
  const columns = [...columnsOf(schema.json), ...placeColumns(table)];
  const layout = { columns, placed: placedSchema(schema.json, table) };
  layouts.set(schema, layout);
  return layout;
}

/** How many rows of the range a table holds. Only this range's cut can have put them there. */
export async function stored(store: Store, table: Table, entry: Entry): Promise<number> {
  const [row] = await store.rows(`SELECT count() AS rows FROM ${table.name} WHERE ${inRange(table)}`, {
    partition: entry.partition,
    first: entry.first,
    next: entry.next,
  });
  return Number(row?.rows);
}

const notStored = (table: Table): string =>
  `${table.partitionKey} NOT IN (SELECT ${table.partitionKey} FROM ${table.name} WHERE ${inRange(table)})`;

const inRange = ({ place }: Table): string =>
  `${place.partition} = {partition:Int32} AND ${place.offset} >= {first:Int64} AND ${place.offset} < {next:Int64}`;

import type { Writer } from '../../../services/clickhouse/client.ts';
import { columnsOf } from '../../../services/clickhouse/columns.ts';
import { placeColumns, placedSchema, type Table } from '../../../services/clickhouse/tables.ts';
import { container, long } from '../../../services/codec/container.ts';
import { newest } from '../../../services/codec/schemas.ts';

/** A datum and where on the audit topic it lies. */
export interface Placed {
  readonly datum: Uint8Array;
  readonly partition: number;
  readonly offset: number;
}

/** Inserts datums as the archive does, without its journal. */
export async function insert(writer: Writer, table: Table, rows: readonly Placed[]): Promise<void> {
  const { json } = newest(table.record);
  const datums = rows.map(({ datum, partition, offset }) => Buffer.concat([datum, long(partition), long(offset)]));
  await writer.insert({
    table: table.name,
    columns: [...columnsOf(json), ...placeColumns(table)],
    file: container(placedSchema(json, table), datums),
    where: 'true',
    params: {},
    settings: { insert_deduplicate: 0 },
  });
}

import { createHash } from 'node:crypto';
import type { Store } from '../../services/core/store.ts';
import { OWN_TOPIC } from '../../services/processes/bindings.ts';

/** Salts are random, the commitment holds one, and the leaf another; each side was at work at its own time, and from its own topics. */
export const LEFT_OUT: readonly string[] = [
  ...['personal_salt', 'content_salt', 'content_commitment', 'leaf'],
  ...['ingested_at', 'audit_partition', 'audit_offset', 'log_partition', 'log_offset'],
];

export interface Rows {
  readonly count: number;
  /** Of every column that is compared, row by row. */
  readonly sha256: string;
  readonly columns: Readonly<Record<string, string>>;
}

/** What a table of events or content holds of the workload, whatever the order. */
export async function rowsIn(store: Store, database: string, table: string): Promise<Rows> {
  const known = await store.rows(
    'SELECT name FROM system.columns WHERE database = {database:String} AND table = {table:String} ORDER BY name',
    { database, table },
  );
  const names = known.map(({ name }) => String(name)).filter((name) => !LEFT_OUT.includes(name));
  const sums = names.map((name) => `sum(cityHash64(event_id, ifNull(toString(${name}), '∅'))) AS ${name}_sum`);
  const [row = {}] = await store.rows(
    `SELECT count() AS rows, ${sums.join(', ')} FROM ${database}.${table} WHERE origin_topic != {own:String}`,
    { own: OWN_TOPIC },
  );
  const columns = Object.fromEntries(names.map((name) => [name, String(row[`${name}_sum`])]));
  return {
    count: Number(row.rows),
    columns,
    sha256: createHash('sha256').update(JSON.stringify(columns)).digest('hex'),
  };
}

/** Throws, naming the columns that differ. */
export function mustBeSame(ours: Rows, theirs: Rows, what: string): void {
  const names = new Set([...Object.keys(ours.columns), ...Object.keys(theirs.columns)]);
  const different = [...names].filter((name) => ours.columns[name] !== theirs.columns[name]);
  if (ours.count !== theirs.count || different.length > 0)
    throw new Error(`${what} differ: ${ours.count} and ${theirs.count} rows, columns ${different.join(', ')}`);
}

import { type Allowed, DATABASE } from './gate-views.ts';
import { quote } from './sql.ts';

/** What clients are told of the server they reached. */
export interface About {
  readonly version: string;
  /** Of ClickHouse's native protocol. */
  readonly revision: number;
  readonly timezone: string;
  readonly displayName: string;
}

/** Who asks and what they may read, as the gate takes it: our views, and of the server what clients look up when they connect. */
export function allowedFor(views: ReadonlySet<string>, principal: string, about: About): Allowed {
  return {
    views,
    system: systemTables(views),
    about: new Map([
      ['version', quote(about.version)],
      ['revision', `toUInt32(${about.revision})`],
      ['timezone', quote(about.timezone)],
      ['servertimezone', quote(about.timezone)],
      ['displayname', quote(about.displayName)],
      ['hostname', quote(about.displayName)],
      ['currentuser', quote(principal)],
      ['user', quote(principal)],
      ['currentdatabase', quote(DATABASE)],
      ['database', quote(DATABASE)],
    ]),
  };
}

/** Catalogues of ClickHouse with our views and nothing else in them. How a view is made, where and on what is left out. */
function systemTables(views: ReadonlySet<string>): ReadonlyMap<string, string> {
  const ours = [...views].map(quote).join(', ');
  const where = (table: string): string => `database = ${quote(DATABASE)} AND ${table} IN (${ours})`;
  return new Map([
    ['one', '(SELECT toUInt8(0) AS dummy)'],
    [
      'databases',
      `(SELECT ${quote(DATABASE)} AS name, 'Atomic' AS engine, '' AS data_path, '' AS metadata_path, 'Atomic' AS engine_full, '' AS comment)`,
    ],
    [
      'tables',
      `(SELECT database, name, name AS table, engine, is_temporary, '' AS create_table_query, '' AS engine_full, '' AS as_select,
  '' AS partition_key, '' AS sorting_key, '' AS primary_key, '' AS sampling_key, '' AS storage_policy,
  CAST(NULL AS Nullable(UInt64)) AS total_rows, CAST(NULL AS Nullable(UInt64)) AS total_bytes, comment
FROM system.tables WHERE ${where('name')})`,
    ],
    [
      'columns',
      `(SELECT database, table, name, type, position, '' AS default_kind, '' AS default_expression, toUInt64(0) AS data_compressed_bytes,
  toUInt64(0) AS data_uncompressed_bytes, toUInt64(0) AS marks_bytes, comment, is_in_partition_key, is_in_sorting_key, is_in_primary_key,
  is_in_sampling_key, '' AS compression_codec, character_octet_length, numeric_precision, numeric_precision_radix, numeric_scale,
  datetime_precision
FROM system.columns WHERE ${where('table')})`,
    ],
  ]);
}

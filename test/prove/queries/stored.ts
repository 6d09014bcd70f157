import { z } from 'zod';
import type { Store } from '../../../services/core/store.ts';

/** What tells rows apart and proves them: as good as random, so that no codec makes it smaller. */
const IDS = [
  ...[
    'event_id',
    'source_event_id',
    'retry_of',
    'agent_id',
    'session_id',
    'prompt_id',
    'request_id',
    'tool_use_id',
    'trace_id',
  ],
  ...['span_id', 'parent_span_id', 'actor_id', 'content_commitment', 'personal_salt', 'personal_hash'],
];

/** Of few rows there are small parts alone. */
const size = z
  .number()
  .nullable()
  .transform((bytes) => bytes ?? Number.NaN);
const sizes = z.object({ columns: size, plain: size, indexes: z.number() });
const extra = z.object({ bytes: z.number() });

/** Bytes a stored event takes on disk. */
interface Stored {
  /** Columns that are neither ids nor hashes nor salts. */
  readonly plain: number;
  readonly columns: number;
  readonly indexes: number;
  readonly projections: number;
  readonly rollups: number;
}

/** Counted over parts that keep each column in a file of its own: small ones do not say what a column takes. */
export async function stored(store: Store, rows: number): Promise<Stored> {
  const [counted] = await store.rows(
    `WITH (SELECT sum(rows) FROM system.parts WHERE active AND database = 'audit' AND table = 'events' AND part_type = 'Wide') AS wide
     SELECT sum(c.column_data_compressed_bytes + c.column_marks_bytes) / wide AS columns,
       sumIf(c.column_data_compressed_bytes + c.column_marks_bytes, c.column NOT IN {ids:Array(String)}) / wide AS plain,
       (SELECT sum(secondary_indices_compressed_bytes) FROM system.parts WHERE active AND database = 'audit' AND table = 'events') / {rows:UInt64} AS indexes
     FROM system.parts_columns AS c
     WHERE c.active AND c.database = 'audit' AND c.table = 'events' AND c.part_type = 'Wide'`,
    { ids: IDS, rows },
  );
  const bytes = async (sql: string) => extra.parse((await store.rows(sql))[0]).bytes / rows;
  return {
    ...sizes.parse(counted),
    projections: await bytes(
      "SELECT sum(bytes_on_disk) AS bytes FROM system.projection_parts WHERE active AND database = 'audit' AND table = 'events'",
    ),
    rollups: await bytes(
      "SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = 'audit' AND table = 'rollups'",
    ),
  };
}

import { z } from 'zod';
import type { Store } from '../core/store.ts';
import { CONTENT_TABLES } from './retention/erasure/subject.ts';
import { EVERYWHERE, type Stretch } from './stored-leaves.ts';

const row = z.object({ event: z.string(), auditOffset: z.number(), table: z.string() });

/** Content that is not what its event commits to. */
export type SaidOtherwise = Readonly<z.output<typeof row>>;

/** Each page looks through the ids of all content, so that a page is no small one. */
const PAGE = 200_000;

/**
 * The content of the events of a stretch that does not give their commitment, in the order of the events. Content that names another
 * commitment was said under other settings, before a crash, and is shown to nobody; what is gone or was erased is not looked for.
 */
export async function* saidOtherwise(store: Store, stretch: Stretch): AsyncGenerator<SaidOtherwise> {
  for (let from = stretch.from; from < stretch.before; from += PAGE) {
    const before = Math.min(stretch.before, from + PAGE);
    const rows = await store.rows(
      `SELECT toString(c.event_id) AS event, any(e.audit_offset) AS auditOffset, c.stored_in AS table
       FROM (${CONTENT}) AS c INNER JOIN (${COMMITMENTS}) AS e ON e.event_id = c.event_id
       WHERE (c.content_commitment IS NULL OR c.content_commitment = e.content_commitment)
         AND SHA256(concat(c.content_salt, c.content)) != e.content_commitment
       GROUP BY event, table ORDER BY auditOffset, table`,
      { partition: stretch.partition, from, before },
    );
    yield* rows.map((found) => row.parse(found));
  }
}

const STRETCH =
  'audit_partition = {partition:Int32} AND audit_offset >= {from:Int64} AND audit_offset < {before:Int64}';

const COMMITMENTS = EVERYWHERE.map(
  (table) => `SELECT event_id, content_commitment, audit_offset FROM audit.${table}
    WHERE ${STRETCH} AND content_commitment IS NOT NULL`,
).join(' UNION ALL ');

const CONTENT = CONTENT_TABLES.map(
  (table) => `SELECT event_id, content_salt, content, content_commitment, '${table}' AS stored_in FROM audit.${table}
    WHERE event_id IN (SELECT event_id FROM (${COMMITMENTS}))`,
).join(' UNION ALL ');

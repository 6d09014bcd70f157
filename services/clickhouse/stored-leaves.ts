import { z } from 'zod';
import { leafOf } from '../codec/event.ts';
import { newest } from '../codec/schemas.ts';
import type { AuditEvent } from '../core/event.ts';
import { lineage } from '../core/origin.ts';
import type { Store } from '../core/store.ts';
import { EVENT_COLUMNS, eventRow } from './event-row.ts';

/** Where an event can lie: a held one in two places, one that is being deleted in another. */
export const EVERYWHERE = ['events', 'events_leaving', 'events_held', 'events_released'] as const;

/** A row of the store, and the leaf that its columns make. */
export interface StoredLeaf {
  /** Table without its database. */
  readonly table: string;
  readonly auditOffset: number;
  readonly eventId: string;
  /** `epoch/topic/partition` */
  readonly lineage: string;
  /** Raw offset and ordinal. */
  readonly offset: number;
  readonly ordinal: number;
  readonly leaf: Uint8Array;
  /** Where the personal part was erased: its hash, in hex, that the leaf was made with. */
  readonly personalHash: string | undefined;
  /** Whether something stands in the columns of an erased personal part: the leaf says nothing of them. */
  readonly isRefilled: boolean;
}

/** Audit offsets `from` up to, not including, `before`. */
export interface Stretch {
  readonly partition: number;
  readonly from: number;
  readonly before: number;
}

/** Bounds what is in memory at once: rows hold a few kilobytes. */
const PAGE = 4_000;

const columns: { readonly fields: readonly { readonly name: string; readonly part: string }[] } = JSON.parse(
  newest('audit-event').json,
);
const NAMES = [...columns.fields.map(({ name }) => name), 'audit_offset', 'personal_hash'];
const REFILLED = columns.fields
  .filter(({ part }) => part !== 'public')
  .map(({ name }) => `e.${name} != defaultValueOfArgumentType(e.${name})`)
  .join(' OR ');

const hex = z.hex().transform((text): Uint8Array => Buffer.from(text, 'hex'));
const proof = z.object({
  stored_in: z.string(),
  audit_offset: z.number(),
  salt: hex,
  left: hex.nullable(),
  refilled: z.union([z.boolean(), z.number()]).transform(Boolean),
});

/** The rows of a part of a stretch. */
export interface LeafPage extends Stretch {
  readonly rows: readonly StoredLeaf[];
}

/** Every row of a stretch, in the order of its offset and wherever it lies, its deadline passed or not, a page at a time. */
export async function* storedLeaves(store: Store, stretch: Stretch): AsyncGenerator<LeafPage> {
  for (let from = stretch.from; from < stretch.before; from += PAGE) {
    const before = Math.min(stretch.before, from + PAGE);
    const lines = await store.text(
      `SELECT ${EVENT_COLUMNS}, e.stored_in AS stored_in, e.audit_offset AS audit_offset,
         hex(e.personal_salt) AS salt, hex(e.personal_hash) AS left, e.personal_hash IS NOT NULL AND (${REFILLED}) AS refilled
       FROM (${ROWS}) AS e ORDER BY e.audit_offset, e.stored_in`,
      'JSONEachRow',
      { partition: stretch.partition, from, before },
    );
    const rows = lines.split('\n').filter((line) => line !== '');
    yield { partition: stretch.partition, from, before, rows: rows.map(read) };
  }
}

const ROWS = EVERYWHERE.map(
  (table) => `SELECT ${NAMES.join(', ')}, '${table}' AS stored_in FROM audit.${table}
    PREWHERE audit_partition = {partition:Int32} AND audit_offset >= {from:Int64} AND audit_offset < {before:Int64}`,
).join(' UNION ALL ');

function read(line: string): StoredLeaf {
  const row: unknown = JSON.parse(line);
  const { stored_in, audit_offset, salt, left, refilled } = proof.parse(row);
  const event: AuditEvent = { ...eventRow.parse(row), personal_salt: salt };
  const { origin_epoch: epoch, origin_topic: topic, origin_partition: partition } = event;
  return {
    table: stored_in,
    auditOffset: audit_offset,
    eventId: event.event_id,
    lineage: lineage({ epoch, topic, partition }),
    offset: event.origin_offset,
    ordinal: event.origin_ordinal,
    leaf: leafOf(event, left ?? undefined),
    personalHash: left === null ? undefined : Buffer.from(left).toString('hex'),
    isRefilled: refilled,
  };
}

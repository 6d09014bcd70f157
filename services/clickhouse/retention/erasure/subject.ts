import { z } from 'zod';
import type { Store } from '../../../core/store.ts';
import { quote } from '../../sql.ts';
import type { Chosen } from '../keep.ts';
import { CLAIM, lasting } from '../lasting.ts';

/** Where an event can lie. */
export const EVENT_TABLES = ['events', 'events_leaving', 'events_held', 'events_released'] as const;
export const CONTENT_TABLES = ['content', 'content_leaving', 'content_held', 'content_released'] as const;

/** A person as the store knows them. */
export interface Subject {
  /** Lower case, composed letters; empty where the subject is an id alone. */
  readonly email: string;
  /** Ids at their issuers that stand for nobody else. */
  readonly ids: readonly string[];
}

const everywhere = (columns: string, where: string): string =>
  EVENT_TABLES.map((name) => `SELECT ${columns} FROM audit.${name} AS e WHERE ${where}`).join(' UNION ALL ');

/** An address as it is compared: case and the form of its letters tell nobody apart. */
const folded = (column: string): string => `lowerUTF8(normalizeUTF8NFC(${column}))`;

const found = z.object({ id: z.string() });

/**
 * The ids that were seen with an address, in events or by a correction, and with no other: an account that several people
 * share is no one's to erase.
 */
export async function subjectOf(store: Store, email: string): Promise<Subject> {
  const rows = await store.rows(
    `SELECT id FROM
     (
       SELECT actor_id AS id, ${folded('actor_email')} AS email FROM
       (${everywhere('actor_id, actor_email', "actor_id != '' AND actor_email != '' AND actor_basis NOT IN ('none', 'device')")})
       UNION ALL
       SELECT r.id AS id, ${folded('r.email')} AS email FROM audit.corrections AS r WHERE r.id != '' AND r.email != ''
       UNION ALL
       SELECT substring(r.claim, 7) AS id, ${folded('r.email')} AS email FROM audit.corrections AS r
       WHERE startsWith(r.claim, 'actor:') AND r.email != ''
     )
     GROUP BY id HAVING uniqExact(email) = 1 AND any(email) = {email:String} ORDER BY id`,
    { email },
  );
  return { email, ids: rows.map((row) => found.parse(row).id) };
}

function conditions({ email, ids }: Subject) {
  return {
    isThem: (address: string): string => (email === '' ? 'false' : `${folded(address)} = ${quote(email)}`),
    isTheirs: (id: string): string => `has(${list(ids)}, ${id})`,
  };
}

/** Condition over `audit.trail`: what a subject did to the trail itself. */
export function actedOnTrail(subject: Subject): string {
  const { isThem, isTheirs } = conditions(subject);
  return `trail.origin_topic = 'trailhouse.events' AND trail.action != 'erasure.ordered'
    AND (${isThem('trail.actor_email')} OR ${isThem('trail.actor_id')} OR ${isTheirs('trail.actor_id')})`;
}

/** How far an order reaches. `closing`: its own id, once it has nothing left to do. */
export interface Extent {
  readonly before: number;
  readonly closing?: string;
}

const NIL = '00000000-0000-0000-0000-000000000000';

const list = (all: readonly string[]): string => `CAST([${all.map(quote).join(', ')}], 'Array(String)')`;

/**
 * The events of a subject that occurred before a time (microseconds since 1970) and are not erased: those they caused, those
 * attributed to them later, and what was said about them on the trail. Orders to erase stand until they are closed.
 */
export function eventsOf(subject: Subject, { before, closing }: Extent): Chosen {
  const { isThem, isTheirs } = conditions(subject);
  const open = `e.personal_hash IS NULL AND e.occurred_at < fromUnixTimestamp64Micro({before:Int64}, 'UTC')
    AND (e.action != 'erasure.ordered' OR e.event_id = {closing:UUID})`;
  const named = everywhere(
    'e.event_id',
    `${open} AND (${isThem('e.actor_email')} OR ${isThem('e.actor_id')} OR (e.actor_email = '' AND ${isTheirs('e.actor_id')})
      OR ${isThem("e.personal_attributes['subject.email']")} OR ${isThem("e.personal_attributes['subject.id']")}
      OR ${isTheirs("e.personal_attributes['subject.id']")})`,
  );
  const claims = `SELECT r.claim FROM audit.corrections AS r
    WHERE r.claim != '' AND (${isThem('r.email')} OR ${isTheirs('r.id')})`;
  const claimed = everywhere('e.event_id', `${open} AND ${CLAIM} IN (${claims})`);
  const turnedOut = `${isThem('e.actor_email')} OR (e.actor_email = '' AND ${isTheirs('e.actor_id')})`;
  return {
    sql: `${named} UNION DISTINCT SELECT e.event_id FROM ${lasting(claimed)} AS e WHERE ${turnedOut}`,
    params: { before, closing: closing ?? NIL },
  };
}

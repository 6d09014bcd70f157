import type { Clock } from '../core/clock.ts';
import type { Store } from '../core/store.ts';

/** The class of events that one person alone is not shown. */
const GUARDED = 'phi';

/** How long somebody else's word holds. */
const HOURS = 24;

/** What an allowance says in `attributes.what`. */
export const ALLOWED = 'reveal allowed';

/** Acts of ours alone: a source could say as much. */
const SQL = `SELECT
  countIf(t.event_id = {event:UUID} AND has(t.data_classes, {guarded:String})) > 0 AS guarded,
  countIf(t.attributes['attributes.what'] = {allowed:String} AND t.attributes['attributes.event'] = {event:String}
    AND t.attributes['attributes.to'] = {name:String} AND t.actor_id != {name:String}) > 0 AS is_allowed
FROM audit.trail AS t
WHERE t.event_id = {event:UUID}
  OR (t.origin_topic = 'trailhouse.events' AND t.action = 'audit.act' AND t.outcome = 'success' AND t.format = 'envelope'
    AND t.occurred_at > parseDateTime64BestEffort({since:String}, 6, 'UTC'))`;

/**
 * Whether an operator may be shown an event by their own word: it holds no health data, or another operator allowed it within
 * the last day.
 */
export async function mayAlone(event: string, name: string, store: Store, clock: Clock): Promise<boolean> {
  const since = new Date(clock.now().getTime() - HOURS * 3_600_000).toISOString();
  const [row] = await store.rows(SQL, { event, name, since, guarded: GUARDED, allowed: ALLOWED });
  return row !== undefined && (!isTrue(row.guarded) || isTrue(row.is_allowed));
}

const isTrue = (value: unknown): boolean => value === 1 || value === true;

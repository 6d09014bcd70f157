import { z } from 'zod';
import type { AuditEvent } from '../core/event.ts';
import type { Watermark } from '../core/origin.ts';
import type { Store } from '../core/store.ts';
import { newest } from './archive/journal.ts';
import { stored } from './archive/shelf.ts';
import { EVENT_COLUMNS, eventRow } from './event-row.ts';
import { ClickHouseFailure } from './failure.ts';
import { type Gated, gate } from './gate.ts';
import { plainWords } from './plain-words.ts';
import { TABLES } from './tables.ts';

/** Which stored events of an audit partition are read: all that every condition given here fits. */
export interface EventPage {
  readonly partition: number;
  /** Audit offsets: the first that may be read, and the one before which reading ends. */
  readonly from: number;
  readonly before: number;
  /** Most events. */
  readonly limit: number;
  /** An operator's condition over `audit.trail`. It is gated here, whatever was done to it before. */
  readonly where?: string | undefined;
  /** Window of occurred_at, as texts ClickHouse reads; `occurredTo` does not count. */
  readonly occurredFrom?: string | undefined;
  readonly occurredTo?: string | undefined;
  readonly ids?: readonly string[] | undefined;
}

export interface StoredEvent {
  readonly audit_offset: number;
  readonly event: AuditEvent;
}

const place = z.object({ audit_offset: z.number() });

/**
 * Stored events in the order of their audit offsets, as ingest encoded them but for the personal salt, which is zeros. What
 * is past its deadline is not read. Offsets are chosen first, so that wide columns are read of few granules.
 */
export async function readEvents(store: Store, page: EventPage): Promise<readonly StoredEvent[]> {
  const { partition, from, before, limit, where, occurredFrom, occurredTo, ids } = page;
  const lines = await store.text(
    `SELECT ${EVENT_COLUMNS}, e.audit_offset AS audit_offset
     FROM audit.events AS e
     PREWHERE e.audit_partition = {partition:Int32} AND e.audit_offset IN
     (
       SELECT e.audit_offset FROM audit.events AS e ${where === undefined ? '' : await joined(where, page, store)}
       WHERE ${conditions(page)} ORDER BY e.audit_offset LIMIT {limit:UInt32}
     )
     ORDER BY e.audit_offset`,
    'JSONEachRow',
    { partition, from, before, limit, ...given({ occurredFrom, occurredTo, ids }) },
  );
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map(read);
}

/** Not by `rows`: it looks twice at answers with numbers of 16 digits, and a time has as many. No encoded number is rounded here. */
function read(line: string): StoredEvent {
  const row: unknown = JSON.parse(line);
  return { audit_offset: place.parse(row).audit_offset, event: eventRow.parse(row) };
}

const given = (params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));

function conditions({ occurredFrom, occurredTo, ids }: EventPage): string {
  return [
    'e.audit_partition = {partition:Int32} AND e.audit_offset >= {from:Int64} AND e.audit_offset < {before:Int64}',
    'e.retain_until > now64(6)',
    ...inWindow({ occurredFrom, occurredTo }).map((bound) => `e.${bound}`),
    ...(ids === undefined ? [] : ['e.event_id IN {ids:Array(UUID)}']),
  ].join(' AND ');
}

type Window = Pick<EventPage, 'occurredFrom' | 'occurredTo'>;

function inWindow({ occurredFrom, occurredTo }: Window): readonly string[] {
  const time = (name: keyof Window): string => `parseDateTime64BestEffort({${name}:String}, 6, 'UTC')`;
  return [
    ...(occurredFrom === undefined ? [] : [`occurred_at >= ${time('occurredFrom')}`]),
    ...(occurredTo === undefined ? [] : [`occurred_at < ${time('occurredTo')}`]),
  ];
}

/** What an operator asked for cannot be asked: not now, and not later. */
export class BadCondition extends Error {
  override readonly name = 'BadCondition';
}

/**
 * A joined question sees no column of the table beside it, as one after IN would: the salt is none of the trail's. The
 * window stands in it too: without, every page would look through all that is stored.
 */
async function joined(where: string, window: Window, store: Store): Promise<string> {
  const gated = await gateWhere(where, (statement) => store.text(statement, 'TabSeparatedRaw'), inWindow(window));
  if (!gated.ok) throw new BadCondition(`the condition is turned down: ${gated.reason}`);
  return `LEFT SEMI JOIN (${gated.sql}) AS wanted ON e.event_id = wanted.event_id`;
}

/**
 * Lets a condition over `audit.trail` pass where it makes one question the gate takes; `sql` asks for the ids it fits. A bracket
 * that closes more than it opened stays within that question.
 */
export function gateWhere(
  where: string,
  explain: (statement: string) => Promise<string>,
  bounds: readonly string[] = [],
): Promise<Gated> {
  return gate(`SELECT event_id FROM audit.trail WHERE ${[...bounds, `(${where}\n)`].join(' AND ')}`, explain);
}

/** Why a condition and a window cannot be asked for; undefined where they can. Reads no event. */
export async function whyNot(store: Store, where: string | undefined, window: Window): Promise<string | undefined> {
  try {
    const join = where === undefined ? '' : await joined(where, window, store);
    const bounds = inWindow(window).map((bound) => `e.${bound}`);
    const question = `SELECT 1 FROM audit.events AS e ${join} WHERE ${['true', ...bounds].join(' AND ')}`;
    await store.text(`EXPLAIN ${question}`, 'TabSeparatedRaw', given({ ...window }));
    return undefined;
  } catch (error) {
    if (error instanceof BadCondition) return error.message;
    if (error instanceof ClickHouseFailure && error.code !== undefined) return plainWords(error);
    throw error;
  }
}

const EVENTS = TABLES['audit.events'];

/**
 * The audit offset up to which the archive has stored a partition: an offset below it that the store holds no event at is
 * absent, or its deadline has passed.
 */
export async function archivedTo(store: Store, partition: number): Promise<number> {
  const entry = await newest(store, { topic: EVENTS.topic, partition });
  if (entry === undefined) return 0;
  return (await stored(store, EVENTS, entry)) === entry.rows ? entry.next : entry.first;
}

const reach = z.object({ receipts: z.number(), holes: z.number(), hole: z.number(), end: z.number() });

/** Where the receipts of a lane cease to follow one another; undefined for a lane without any. */
export async function settledTo(
  store: Store,
  sink: string,
  partition: number,
): Promise<{ readonly next: number } | undefined> {
  const [row] = await store.rows(
    `SELECT count() AS receipts, countIf(r.first > r.reached) AS holes, minIf(r.reached, r.first > r.reached) AS hole,
       max(r.next) AS end
     FROM
     (
       SELECT d.first AS first, d.next AS next,
         greatest(argMin(d.first, d.log_offset) OVER (), max(d.next) OVER before_this) AS reached
       FROM audit.deliveries AS d
       WHERE d.sink = {sink:String} AND d.audit_partition = {partition:Int32} AND d.replay = ''
       WINDOW before_this AS (ORDER BY d.first, d.next ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
     ) AS r`,
    { sink, partition },
  );
  const { receipts, holes, hole, end } = reach.parse(row);
  return receipts === 0 ? undefined : { next: holes > 0 ? hole : end };
}

const mark = z.object({ lineage: z.string(), offset: z.number(), ordinal: z.number() });

/**
 * How far each raw partition (`epoch/topic/partition`) is stored below an audit offset; whole once `archivedTo` has come that
 * far. The journal knows it for every cut, of events that have expired too; the table is asked about what followed.
 */
export async function marksBefore(
  store: Store,
  partition: number,
  offset: number,
): Promise<ReadonlyMap<string, Watermark>> {
  const entry = await newest(store, { topic: EVENTS.topic, partition }, offset);
  const rows = await store.rows(
    `SELECT concat(toString(e.origin_epoch), '/', e.origin_topic, '/', toString(e.origin_partition)) AS lineage,
       max((e.origin_offset, e.origin_ordinal)) AS last, last.1 AS offset, last.2 AS ordinal
     FROM audit.events AS e
     WHERE e.audit_partition = {partition:Int32} AND e.audit_offset >= {from:Int64} AND e.audit_offset < {offset:Int64}
     GROUP BY lineage`,
    { partition, from: entry?.next ?? 0, offset },
  );
  const later = rows.map((row) => mark.parse(row));
  return new Map([...(entry?.after ?? []), ...later.map(({ lineage, ...at }) => [lineage, at] as const)]);
}

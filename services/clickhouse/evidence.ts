import { z } from 'zod';
import type { AuditEvent } from '../core/event.ts';
import type { Store } from '../core/store.ts';
import { EVENT_COLUMNS, eventRow } from './event-row.ts';

/** Which events a bundle is about: times as `2026-07-01T00:00:00Z`, `to` does not count; values by column of the trail. */
export interface Window {
  readonly from: string;
  readonly to: string;
  readonly scope: Readonly<Record<string, string>>;
}

/** Where the events of a window lie in one audit partition. */
export interface Extent {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
}

export interface SealedEvent {
  readonly offset: number;
  /** Whether it is of the window; it may lie between two that are. */
  readonly isInWindow: boolean;
  /** Past its deadline, and not deleted yet: it is to be shown to nobody. */
  readonly isDue: boolean;
  /** With its personal salt; zeros where it was erased. */
  readonly event: AuditEvent;
  /** What stands for the personal part of one that was erased, and the certificate that says so. */
  readonly erased: { readonly hash: Uint8Array; readonly certificate: string } | undefined;
}

/** Each stored event once: what the trail shows, and what is past its deadline and not deleted yet. */
const STORED = `(
  SELECT *, 0 AS is_due FROM audit.events WHERE retain_until > now64(6)
  UNION ALL
  SELECT *, 0 AS is_due FROM audit.events_held WHERE retain_until <= now64(6)
  UNION ALL
  SELECT *, 1 AS is_due FROM audit.events
  WHERE retain_until <= now64(6) AND event_id NOT IN (SELECT event_id FROM audit.events_held)
)`;

const time = (name: string): string => `parseDateTime64BestEffort({${name}:String}, 6, 'UTC')`;
const IN_WINDOW = `(e.occurred_at >= ${time('from')} AND e.occurred_at < ${time('to')})`;

/** A scope is asked of the trail, where late attributions count. */
const scoped = ({ scope }: Window): string =>
  Object.keys(scope).length === 0
    ? 'true'
    : `e.event_id IN (SELECT event_id FROM audit.trail WHERE ${Object.keys(scope)
        .map((column) => `${column} = {scope_${column}:String}`)
        .join(' AND ')})`;

export const scopeParams = ({ scope }: Pick<Window, 'scope'>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(scope).map(([column, value]) => [`scope_${column}`, value]));

const paramsOf = (window: Window) => ({ from: window.from, to: window.to, ...scopeParams(window) });

const extent = z.object({ partition: z.number(), first: z.number(), last: z.number() });

export async function extents(store: Store, window: Window): Promise<readonly Extent[]> {
  const rows = await store.rows(
    `SELECT e.audit_partition AS partition, min(e.audit_offset) AS first, max(e.audit_offset) AS last
     FROM ${STORED} AS e
     WHERE ${IN_WINDOW} AND ${scoped(window)} AND e.is_due = 0
     GROUP BY partition ORDER BY partition`,
    paramsOf(window),
  );
  return rows.map((row) => extent.parse(row));
}

const flag = z.union([z.boolean(), z.literal([0, 1]).transform((one) => one === 1)]);

const sealed = z.object({
  audit_offset: z.number(),
  in_window: flag,
  due: flag,
  salt: z.string(),
  personal_hash: z.string().nullable(),
  certificate: z.string(),
});

/** Offsets `from` up to, not including, `before`, in order: all that is stored, or with a scope what fits it. */
export async function sealedEvents(
  store: Store,
  window: Window,
  { partition, from, before }: { readonly partition: number; readonly from: number; readonly before: number },
): Promise<readonly SealedEvent[]> {
  const lines = await store.text(
    `SELECT ${EVENT_COLUMNS}, e.audit_offset AS audit_offset, ${IN_WINDOW} AND ${scoped(window)} AS in_window,
       e.is_due = 1 AS due, hex(e.personal_salt) AS salt, hex(e.personal_hash) AS personal_hash,
       if(e.personal_hash IS NULL, '', toString(x.certificate)) AS certificate
     FROM (SELECT * FROM ${STORED} WHERE audit_partition = {partition:Int32} AND audit_offset >= {first:Int64} AND audit_offset < {before:Int64}) AS e
     LEFT JOIN (SELECT event_id, min(certificate) AS certificate FROM audit.erased_events GROUP BY event_id) AS x ON e.event_id = x.event_id
     WHERE ${Object.keys(window.scope).length === 0 ? 'true' : 'in_window'}
     ORDER BY e.audit_offset`,
    'JSONEachRow',
    { ...paramsOf(window), partition, first: from, before },
  );
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map(read);
}

function read(line: string): SealedEvent {
  const row: unknown = JSON.parse(line);
  const { audit_offset, in_window, due, salt, personal_hash, certificate } = sealed.parse(row);
  return {
    offset: audit_offset,
    isInWindow: in_window,
    isDue: due,
    event: { ...eventRow.parse(row), personal_salt: Buffer.from(salt, 'hex') },
    erased: personal_hash === null ? undefined : { hash: Buffer.from(personal_hash, 'hex'), certificate },
  };
}

/** Certificates of deletion as their acts kept them, by the id they are filed under. */
export async function certificateTexts(
  store: Store,
): Promise<readonly { readonly certificate: string; readonly content: string }[]> {
  const rows = await store.rows(
    `SELECT toString(k.certificate) AS certificate, any(c.content) AS content
     FROM audit.certificates AS k
     INNER JOIN (SELECT event_id, content FROM audit.content UNION ALL SELECT event_id, content FROM audit.content_held) AS c
     ON c.event_id = k.event_id
     GROUP BY certificate ORDER BY certificate`,
  );
  return rows.map((row) => z.object({ certificate: z.string(), content: z.string() }).parse(row));
}

/** What the act of a certificate of erasure kept as its content; undefined where it is not stored. */
export async function erasureText(store: Store, certificate: string): Promise<string | undefined> {
  const [row] = await store.rows(
    `SELECT c.content AS content
     FROM (SELECT event_id, content FROM audit.content UNION ALL SELECT event_id, content FROM audit.content_held) AS c
     WHERE c.event_id IN
     (
       SELECT e.event_id FROM (SELECT * FROM audit.events UNION ALL SELECT * FROM audit.events_held) AS e
       WHERE e.action = 'erasure.carried_out' AND e.format = 'envelope' AND e.origin_topic = 'trailhouse.events'
         AND e.attributes['attributes.certificate'] = {certificate:String}
     )
     LIMIT 1`,
    { certificate },
  );
  return row === undefined ? undefined : z.string().parse(row.content);
}

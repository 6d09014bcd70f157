import { newest } from '../../../services/codec/schemas.ts';
import { eventId } from '../../../services/core/origin.ts';
import { seal } from '../../../services/privacy/seal.ts';
import { draftOf } from './draft.ts';
import { type Around, type Event, eventOf, type Place } from './event.ts';
import { payload } from './payload.ts';

type Row = Readonly<Record<string, unknown>>;

/** A message as rows of JSONEachRow. */
export type Rows =
  | { readonly kind: 'event'; readonly event: Row; readonly content: Row }
  | { readonly kind: 'quarantine'; readonly row: Row };

const utf8 = new TextDecoder('utf-8', { fatal: true });
const QUARANTINE_KEY = Buffer.alloc(32, 4);

export function rowsOf(value: Uint8Array, place: Place, around: Around): Rows {
  try {
    const raw: unknown = JSON.parse(utf8.decode(value));
    const read = payload.parse(raw);
    if (typeof raw !== 'object' || raw === null) throw new TypeError('no object');
    const event = eventOf(draftOf(read, raw), place, around);
    return { kind: 'event', event: eventRow(event), content: contentRow(event) };
  } catch (error) {
    const id = eventId({ ...place, epoch: 0, ordinal: 0 });
    const sealed = Buffer.from(seal(QUARANTINE_KEY, value, Buffer.from(id))).toString('hex');
    const reason = error instanceof Error ? error.name : 'unreadable';
    return { kind: 'quarantine', row: { id, ...place, receivedAt: place.receivedAt.toISOString(), reason, sealed } };
  }
}

const schema: { readonly fields: readonly { readonly name: string; readonly type: unknown }[] } = JSON.parse(
  newest('audit-event').json,
);
const named = (pattern: RegExp): readonly string[] =>
  schema.fields.filter(({ type }) => pattern.test(JSON.stringify(type))).map(({ name }) => name);
const times = named(/timestamp-micros/);

function eventRow({ event, leaf }: Event): Row {
  const row: Record<string, unknown> = { ...event, leaf: leaf.toString('hex') };
  for (const name of times) row[name] = timeOf(Number(row[name]));
  row.retention_bucket = dayOf(event.retention_bucket);
  row.content_commitment = Buffer.from(event.content_commitment ?? []).toString('hex');
  row.personal_salt = Buffer.from(event.personal_salt).toString('hex');
  return row;
}

function contentRow({ event, content, contentSalt }: Event): Row {
  return {
    event_id: event.event_id,
    origin_epoch: event.origin_epoch,
    origin_topic: event.origin_topic,
    origin_partition: event.origin_partition,
    origin_offset: event.origin_offset,
    origin_ordinal: event.origin_ordinal,
    occurred_at: timeOf(event.occurred_at),
    retention_class: event.retention_class,
    retention_bucket: dayOf(event.retention_bucket),
    retain_until: timeOf(event.retain_until),
    content_salt: contentSalt.toString('hex'),
    content,
  };
}

/** As ClickHouse reads a time with microseconds. */
function timeOf(micros: number): string {
  const below = String(micros % 1_000_000).padStart(6, '0');
  return `${new Date(Math.floor(micros / 1000)).toISOString().slice(0, 19).replace('T', ' ')}.${below}`;
}

const dayOf = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10);

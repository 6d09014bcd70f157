import type { AuditEvent } from '../../core/event.ts';
import { nested, quoted, text } from '../json.ts';
import { numeral } from '../numeral.ts';
import type { Page } from '../page.ts';
import { cimOf } from './cim.ts';
import { dialect } from './dialect.ts';

/** HEC's envelope, as far as it is not the event's own. */
export interface Stamp {
  readonly source: string;
  /** Where the event names no host. */
  readonly host: string;
  readonly replay: boolean;
  sourcetype(event: AuditEvent): string;
  index(event: AuditEvent): string | undefined;
}

/** HEC reads concatenated JSON objects. A key of the envelope it does not know ends the batch there, with success. */
export function encode(batch: readonly AuditEvent[], stamp: Stamp, page: Page): void {
  for (const event of batch) page.text(one(event, stamp));
}

function one(event: AuditEvent, stamp: Stamp): string {
  const index = stamp.index(event);
  return (
    `{"time":${seconds(event.occurred_at)},"host":${quoted(event.host || stamp.host)}` +
    `,"source":${quoted(stamp.source)},"sourcetype":${quoted(stamp.sourcetype(event))}` +
    (index === undefined ? '' : `,"index":${quoted(index)}`) +
    `,"event":${inner(event, stamp.replay)},"fields":${indexed(event, stamp.replay)}}\n`
  );
}

/** Epoch seconds; a double holds microseconds until the year 2242. */
const seconds = (micros: number): string => (micros / 1_000_000).toFixed(6);

type Column = keyof typeof dialect;
const isColumn = (name: string): name is Column => Object.hasOwn(dialect, name);

/** Written in a form of their own, or part of the envelope. */
const APART: ReadonlySet<string> = new Set([
  'event_id',
  'severity',
  'host',
  'occurred_at',
  'received_at',
  'ingested_at',
  'retain_until',
]);

const COLUMNS: readonly (readonly [Column, string])[] = Object.entries(dialect).flatMap(([column, name]) =>
  typeof name === 'string' && isColumn(column) && !APART.has(column) ? [[column, `,"${name}":`] as const] : [],
);

function inner(event: AuditEvent, replay: boolean): string {
  const cim = cimOf(event);
  let members = `{"event_id":${quoted(event.event_id)}`;
  members += text(',"cim_model":', cim.cim_model);
  members += text(',"user":', cim.user);
  members += text(',"src_user":', cim.src_user);
  members += text(',"action":', cim.action);
  members += text(',"status":', cim.status);
  members += text(',"signature":', cim.signature);
  members += text(',"dest":', cim.dest);
  members += text(',"vendor_product":', cim.vendor_product);
  members += text(',"object_category":', cim.object_category);
  /** CIM's word for the lowest. */
  members += text(',"severity":', event.severity === 'info' ? 'informational' : event.severity);
  for (const [column, name] of COLUMNS) members += member(name, event[column]);
  members += `,"received_at":${seconds(event.received_at)},"ingested_at":${seconds(event.ingested_at)}`;
  members += `,"retain_until":${seconds(event.retain_until)}`;
  return replay ? `${members},"replay":1}` : `${members}}`;
}

/** Empty ones are left out. */
function member(name: string, value: AuditEvent[Column]): string {
  if (typeof value === 'string') return text(name, value);
  if (value === null) return '';
  if (typeof value === 'number') return name + numeral(value);
  const json = nested(value);
  return json === '' ? '' : name + json;
}

/**
 * Index-time fields, for `tstats`. Their names differ from those in the event: Splunk would show a field that is both
 * with two values, and count it twice.
 */
function indexed(event: AuditEvent, replay: boolean): string {
  const members =
    `{"trailhouse_event_id":${quoted(event.event_id)}` +
    text(',"trailhouse_event_type":', event.action) +
    text(',"trailhouse_outcome":', event.outcome) +
    text(',"trailhouse_surface":', event.surface) +
    text(',"trailhouse_retention_class":', event.retention_class);
  return replay ? `${members},"trailhouse_replay":"1"}` : `${members}}`;
}

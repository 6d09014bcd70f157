import type { AuditEvent } from '../../core/event.ts';
import { numeral } from '../numeral.ts';
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
export function encode(batch: readonly AuditEvent[], stamp: Stamp): string {
  let body = '';
  for (const event of batch) body += one(event, stamp);
  return body;
}

function one(event: AuditEvent, stamp: Stamp): string {
  const index = stamp.index(event);
  return (
    `{"time":${seconds(event.occurred_at)},"host":${JSON.stringify(event.host || stamp.host)}` +
    `,"source":${JSON.stringify(stamp.source)},"sourcetype":${JSON.stringify(stamp.sourcetype(event))}` +
    (index === undefined ? '' : `,"index":${JSON.stringify(index)}`) +
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
  let text = `{"event_id":${JSON.stringify(event.event_id)}`;
  text += member(',"cim_model":', cim.cim_model);
  text += member(',"user":', cim.user);
  text += member(',"src_user":', cim.src_user);
  text += member(',"action":', cim.action);
  text += member(',"status":', cim.status);
  text += member(',"signature":', cim.signature);
  text += member(',"dest":', cim.dest);
  text += member(',"vendor_product":', cim.vendor_product);
  text += member(',"object_category":', cim.object_category);
  /** CIM's word for the lowest. */
  text += member(',"severity":', event.severity === 'info' ? 'informational' : event.severity);
  for (const [column, name] of COLUMNS) text += member(name, event[column]);
  text += `,"received_at":${seconds(event.received_at)},"ingested_at":${seconds(event.ingested_at)}`;
  text += `,"retain_until":${seconds(event.retain_until)}`;
  return replay ? `${text},"replay":1}` : `${text}}`;
}

/** Empty ones are left out. */
function member(name: string, value: AuditEvent[Column]): string {
  if (typeof value === 'string') return value === '' ? '' : name + JSON.stringify(value);
  if (value === null) return '';
  if (typeof value === 'number') return name + numeral(value);
  if (value instanceof Uint8Array) return `${name}"${Buffer.from(value).toString('hex')}"`;
  const text = JSON.stringify(value);
  return text === '[]' || text === '{}' ? '' : name + text;
}

/**
 * Index-time fields, for `tstats`. Their names differ from those in the event: Splunk would show a field that is both
 * with two values, and count it twice.
 */
function indexed(event: AuditEvent, replay: boolean): string {
  const text =
    `{"trailhouse_event_id":${JSON.stringify(event.event_id)}` +
    member(',"trailhouse_event_type":', event.action) +
    member(',"trailhouse_outcome":', event.outcome) +
    member(',"trailhouse_surface":', event.surface) +
    member(',"trailhouse_retention_class":', event.retention_class);
  return replay ? `${text},"trailhouse_replay":"1"}` : `${text}}`;
}

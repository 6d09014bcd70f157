import type { AuditEvent } from '../../core/event.ts';
import type { Batch } from '../../core/sink.ts';
import { type Column, columnOf, constant, putColumn, putColumns, putMember, putText, putTextColumn } from '../json.ts';
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

const TIME = constant('{"time":');
const HOST = constant(',"host":');
const SOURCE = constant(',"source":');
const SOURCETYPE = constant(',"sourcetype":');
const INDEX = constant(',"index":');
const EVENT = columnOf('event_id', ',"event":{"event_id":');
const FIELDS = columnOf('event_id', ',"fields":{"trailhouse_event_id":');
const END = constant('}}\n');
const END_REPLAYED = constant(',"trailhouse_replay":"1"}}\n');

/** HEC reads concatenated JSON objects. A key of the envelope it does not know ends the batch there, with success. */
export function encode(batch: Batch, stamp: Stamp, page: Page): void {
  for (const event of batch) {
    page.bytes(TIME);
    page.seconds(event.occurred_at);
    putText(page, HOST, event.host || stamp.host);
    putText(page, SOURCE, stamp.source);
    putText(page, SOURCETYPE, stamp.sourcetype(event));
    const index = stamp.index(event);
    if (index !== undefined) putText(page, INDEX, index);
    putTextColumn(page, event, EVENT);
    putInner(page, event, stamp.replay);
    putTextColumn(page, event, FIELDS);
    putColumns(page, event, INDEXED);
    page.bytes(stamp.replay ? END_REPLAYED : END);
  }
}

const isColumn = (name: string): name is Column['name'] => Object.hasOwn(dialect, name);

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

const COLUMNS = Object.entries(dialect).flatMap(([column, name]) =>
  typeof name === 'string' && isColumn(column) && !APART.has(column) ? [columnOf(column, `,"${name}":`)] : [],
);

const CIM_MODEL = constant(',"cim_model":');
const USER = constant(',"user":');
const SRC_USER = constant(',"src_user":');
const ACTION = constant(',"action":');
const STATUS = constant(',"status":');
const SIGNATURE = constant(',"signature":');
const DEST = constant(',"dest":');
const VENDOR_PRODUCT = columnOf('product', ',"vendor_product":');
const OBJECT_CATEGORY = constant(',"object_category":');
const SEVERITY = constant(',"severity":');
const RECEIVED = constant(',"received_at":');
const INGESTED = constant(',"ingested_at":');
const RETAIN_UNTIL = constant(',"retain_until":');
const INNER_END = constant('}');
const INNER_END_REPLAYED = constant(',"replay":1}');

/** The event's members after its id. */
function putInner(page: Page, event: AuditEvent, replay: boolean): void {
  const cim = cimOf(event);
  const { severity } = event;
  putMember(page, CIM_MODEL, cim.cim_model);
  putMember(page, USER, cim.user);
  putMember(page, SRC_USER, cim.src_user);
  putMember(page, ACTION, cim.action);
  putMember(page, STATUS, cim.status);
  putMember(page, SIGNATURE, cim.signature);
  putMember(page, DEST, cim.dest);
  putColumn(page, event, VENDOR_PRODUCT);
  putMember(page, OBJECT_CATEGORY, cim.object_category);
  /** CIM's word for the lowest. */
  putMember(page, SEVERITY, severity === 'info' ? 'informational' : severity);
  putColumns(page, event, COLUMNS);
  putSeconds(page, RECEIVED, event.received_at);
  putSeconds(page, INGESTED, event.ingested_at);
  putSeconds(page, RETAIN_UNTIL, event.retain_until);
  page.bytes(replay ? INNER_END_REPLAYED : INNER_END);
}

/** Epoch seconds. */
function putSeconds(page: Page, key: Uint8Array, micros: number): void {
  page.bytes(key);
  page.seconds(micros);
}

/**
 * Index-time fields, for `tstats`. Their names differ from those in the event: Splunk would show a field that is both
 * with two values, and count it twice.
 */
const INDEXED = [
  columnOf('action', ',"trailhouse_event_type":'),
  columnOf('outcome', ',"trailhouse_outcome":'),
  columnOf('surface', ',"trailhouse_surface":'),
  columnOf('retention_class', ',"trailhouse_retention_class":'),
];

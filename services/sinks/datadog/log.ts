import { isIP } from 'node:net';
import { EventRow } from '../../codec/event-row.ts';
import type { AuditEvent } from '../../core/event.ts';
import {
  type Column,
  closeObject,
  columnOf,
  constant,
  jsonOf,
  putColumn,
  putColumns,
  putText,
  putTextColumn,
} from '../json.ts';
import type { Page } from '../page.ts';
import { dialect } from './dialect.ts';
import { putOcsf } from './ocsf.ts';
import { messageOf, statusOf } from './reading.ts';

/** What a log says that its event does not. */
export interface Stamp {
  readonly service: string;
  /** `env` and the configured ones, joined by commas. */
  readonly tags: string;
  readonly replay: boolean;
}

const isColumn = (name: string): name is Column['name'] => Object.hasOwn(dialect, name);

/** Columns that stand under `trailhouse` by their own name, after `outcome`, which no event lacks. */
const COLUMNS = Object.entries(dialect).flatMap(([column, name]) =>
  isColumn(column) && column !== 'outcome' && name === `trailhouse.${column}`
    ? [columnOf(column, `,"${column}":`)]
    : [],
);
const isMap = ({ kind }: Column): boolean => kind === 'map' || kind === 'personal_map';
/** They are the last of the columns. */
const MAPS = COLUMNS.filter(isMap);
const BEFORE_MAPS = COLUMNS.filter((column) => !isMap(column));

const HEAD = constant('{"ddsource":"trailhouse","service":');
const TAGS = constant(',"ddtags":');
const HOSTNAME = columnOf('host', ',"hostname":');
const TIMESTAMP = constant(',"timestamp":');
const STATUS = constant(',"status":');
const MESSAGE = constant(',"message":');
const TRACE = [columnOf('trace_id', ',"trace_id":'), columnOf('span_id', ',"span_id":')];
const DURATION = constant(',"duration":');
const EVT_ID = columnOf('event_id', ',"evt":{"id":');
const EVT_NAME = columnOf('action', ',"name":');
const EVT_CATEGORY = constant(',"category":');
const EVT_OUTCOME = constant(',"outcome":');
const USR = constant(',"usr":');
const USR_COLUMNS = [
  columnOf('actor_id', ',"id":'),
  columnOf('actor_email', ',"email":'),
  columnOf('actor_name', ',"name":'),
];
const NETWORK = constant(',"network":{"client":{"ip":');
const NETWORK_END = constant('}}');
const HTTP = constant(',"http":');
const STATUS_CODE = columnOf('status_code', ',"status_code":');
const USER_AGENT = columnOf('user_agent', ',"useragent":');
const ERROR = constant(',"error":');
const ERROR_COLUMNS = [columnOf('error_type', ',"kind":'), columnOf('error_message', ',"message":')];
const OURS = columnOf('outcome', ',"trailhouse":{"outcome":');
const CLIENT_ADDRESS = columnOf('client_address', ',"client_address":');
const END = constant('}}');
const END_REPLAYED = constant(',"replay":true}}');

/** Writes an event as JSON, `trailhouse` last. */
export function putLog(page: Page, event: AuditEvent, stamp: Stamp): void {
  const ip = ipOf(event.client_address);
  const { status_code: status, latency_ms } = event;
  const isHttp = status !== null && status >= 100 && status <= 599;
  putText(page, HEAD, stamp.service);
  putText(page, TAGS, tagsOf(event, stamp));
  putColumn(page, event, HOSTNAME);
  page.bytes(TIMESTAMP);
  page.integer(Math.floor(event.occurred_at / 1000));
  putText(page, STATUS, statusOf(event));
  putText(page, MESSAGE, messageOf(event));
  putColumns(page, event, TRACE);
  if (latency_ms !== null) {
    page.bytes(DURATION);
    page.numeral(Math.round(latency_ms * 1_000_000));
  }
  putAct(page, event);
  putObject(page, event, USR, USR_COLUMNS);
  if (ip !== '') {
    putText(page, NETWORK, ip);
    page.bytes(NETWORK_END);
  }
  putHttp(page, event, isHttp);
  putObject(page, event, ERROR, ERROR_COLUMNS);
  putOcsf(page, event, ip);
  putTextColumn(page, event, OURS);
  putColumns(page, event, BEFORE_MAPS);
  for (const map of MAPS) putMap(page, event, map);
  if (ip === '') putColumn(page, event, CLIENT_ADDRESS);
  if (!isHttp) putColumn(page, event, STATUS_CODE);
  page.bytes(stamp.replay ? END_REPLAYED : END);
}

/** Tokens, which most addresses are, need no closer look. */
const ipOf = (address: string): string => (address.startsWith('tok_') || isIP(address) === 0 ? '' : address);

/** Of a text that may hold anything, as a tag may: a comma would begin another tag. */
const tagValue = (value: string): string => value.slice(0, 100).replace(/[^\w./-]+/g, '_');

function tagsOf({ surface, retention_class }: AuditEvent, { tags, replay }: Stamp): string {
  const ours = `${tags},retention_class:${tagValue(retention_class)}`;
  const where = surface === '' ? ours : `${ours},surface:${tagValue(surface)}`;
  return replay ? `${where},replay:true` : where;
}

/** By Datadog's convention an authentication succeeds or fails; `trailhouse.outcome` keeps our word. */
function putAct(page: Page, event: AuditEvent): void {
  const { action, outcome } = event;
  const family = action.slice(0, action.indexOf('.'));
  const isLogin = family === 'auth';
  putTextColumn(page, event, EVT_ID);
  putTextColumn(page, event, EVT_NAME);
  putText(page, EVT_CATEGORY, isLogin ? 'authentication' : family);
  putText(page, EVT_OUTCOME, isLogin && outcome === 'denied' ? 'failure' : outcome);
  page.byte(CLOSE);
}

const CLOSE = 0x7d;

function putObject(page: Page, event: AuditEvent, key: Uint8Array, columns: readonly Column[]): void {
  const start = page.length;
  page.bytes(key);
  putColumns(page, event, columns);
  closeObject(page, start, key);
}

function putHttp(page: Page, event: AuditEvent, isHttp: boolean): void {
  const start = page.length;
  page.bytes(HTTP);
  if (isHttp) putColumn(page, event, STATUS_CODE);
  putColumn(page, event, USER_AGENT);
  closeObject(page, start, HTTP);
}

/** A log holds less than 256 attributes: of a larger map every entry would be one, so it is sent as a text. */
const MAX_ENTRIES = 60;

function putMap(page: Page, event: AuditEvent, map: Column): void {
  if (event instanceof EventRow && event.cells.size(map.at) <= MAX_ENTRIES) {
    putColumn(page, event, map);
    return;
  }
  const value = event[map.name];
  const isLarge = typeof value === 'object' && value !== null && Object.keys(value).length > MAX_ENTRIES;
  if (isLarge) putText(page, map.key, jsonOf(value));
  else putColumn(page, event, map);
}

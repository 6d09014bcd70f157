import type { AuditEvent } from '../../core/event.ts';
import { closeObject, columnOf, constant, putColumn, putColumns, putMember, putText, putTextColumn } from '../json.ts';
import type { Page } from '../page.ts';
import { type About, activityOf } from './activities.ts';

/** The version Datadog's own OCSF pipelines speak. */
const VERSION = '1.5.0';

const SEVERITIES: ReadonlyMap<string, Uint8Array> = new Map([
  ['info', constant(',"severity_id":1,"severity":"Informational"')],
  ['low', constant(',"severity_id":2,"severity":"Low"')],
  ['medium', constant(',"severity_id":3,"severity":"Medium"')],
  ['high', constant(',"severity_id":4,"severity":"High"')],
  ['critical', constant(',"severity_id":5,"severity":"Critical"')],
]);
const SEVERITY_UNKNOWN = constant(',"severity_id":0,"severity":"Unknown"');

const STATUSES: ReadonlyMap<string, Uint8Array> = new Map([
  ['success', constant(',"status_id":1,"status":"Success"')],
  ['failure', constant(',"status_id":2,"status":"Failure"')],
  ['denied', constant(',"status_id":2,"status":"Failure"')],
]);
const STATUS_UNKNOWN = constant(',"status_id":0,"status":"Unknown"');
/** Of a finding OCSF's status is where its review stands, not how the act ended. */
const STATUS_NEW = constant(',"status_id":1,"status":"New"');

/** OCSF 1.5 has no word for services, agents and devices. */
const USERS: ReadonlyMap<string, Uint8Array> = new Map([
  ['user', constant(',"type_id":1,"type":"User"')],
  ['system', constant(',"type_id":3,"type":"System"')],
  ['unknown', constant(',"type_id":0,"type":"Unknown"')],
]);

const OCSF = constant(',"ocsf":{');
const TIME = constant(',"time":');
const STATUS_CODE = constant(',"status_code":');
const METADATA = columnOf('event_id', `,"metadata":{"version":"${VERSION}","uid":`);
const CORRELATION = columnOf('session_id', ',"correlation_uid":');
const PRODUCT = constant(',"product":{"name":');
const PRODUCT_VERSION = columnOf('product_version', ',"version":');
const ACTOR = constant('}},"actor":{"user":');
const APP_NAME = columnOf('product', ',"app_name":');
const SRC_ENDPOINT = constant(',"src_endpoint":');
const IP = constant(',"ip":');
const HOSTNAME = columnOf('host', ',"hostname":');
const HTTP_REQUEST = constant(',"http_request":');
const USER_AGENT = columnOf('user_agent', ',"user_agent":');
const [OPEN, CLOSE] = [0x7b, 0x7d];

/** Writes the member `ocsf`, which Cloud SIEM's OCSF rules look at. `ip` is empty where the client's address is none. */
export function putOcsf(page: Page, event: AuditEvent, ip: string): void {
  const { about, members } = activityOf(event.action);
  const { status_code } = event;
  page.bytes(OCSF);
  page.bytes(members);
  page.bytes(TIME);
  page.integer(Math.floor(event.occurred_at / 1000));
  page.bytes(SEVERITIES.get(event.severity) ?? SEVERITY_UNKNOWN);
  page.bytes(about === 'finding' ? STATUS_NEW : (STATUSES.get(event.outcome) ?? STATUS_UNKNOWN));
  if (status_code !== null) putText(page, STATUS_CODE, String(status_code));
  putTextColumn(page, event, METADATA);
  putColumn(page, event, CORRELATION);
  putText(page, PRODUCT, event.product || 'trailhouse');
  putColumn(page, event, PRODUCT_VERSION);
  page.bytes(ACTOR);
  putUser(page, event);
  putColumn(page, event, APP_NAME);
  page.byte(CLOSE);
  const endpoint = page.length;
  page.bytes(SRC_ENDPOINT);
  putMember(page, IP, ip);
  putColumn(page, event, HOSTNAME);
  closeObject(page, endpoint, SRC_ENDPOINT);
  const request = page.length;
  page.bytes(HTTP_REQUEST);
  putColumn(page, event, USER_AGENT);
  closeObject(page, request, HTTP_REQUEST);
  putObject(page, event, about);
  page.byte(CLOSE);
}

const TYPE_OTHER = constant(',"type_id":99,"type":');
const USER_COLUMNS = [
  columnOf('actor_id', ',"uid":'),
  columnOf('actor_email', ',"email_addr":'),
  columnOf('actor_name', ',"name":'),
];

function putUser(page: Page, event: AuditEvent): void {
  const start = page.length;
  const { actor_kind } = event;
  const type = USERS.get(actor_kind);
  if (type === undefined) putText(page, TYPE_OTHER, actor_kind);
  else page.bytes(type);
  putColumns(page, event, USER_COLUMNS);
  page.patch(start, OPEN);
  page.byte(CLOSE);
}

const USER = constant(',"user":');
const ACCOUNT = constant(',"user":{"type_id":0');
const TARGET = columnOf('target', ',"name":');
const NAME = constant(',"name":');
const ENTITY = constant(',"entity":{"type":');

/** What the class says the act was about. */
function putObject(page: Page, event: AuditEvent, about: About): void {
  switch (about) {
    case 'api':
      putApi(page, event);
      return;
    case 'login':
      page.bytes(USER);
      putUser(page, event);
      putNamed(page, SERVICE, event.target || event.product);
      return;
    case 'account':
      page.bytes(ACCOUNT);
      putColumn(page, event, TARGET);
      page.byte(CLOSE);
      return;
    case 'entity':
      putText(page, ENTITY, event.action.slice(0, event.action.indexOf('.')));
      putColumn(page, event, TARGET);
      page.byte(CLOSE);
      return;
    case 'file':
      putFile(page, event.file_paths[0] ?? event.target);
      return;
    case 'process':
      putProcess(page, event.command || event.target);
      return;
    case 'finding':
      putFinding(page, event);
      return;
  }
}

const SERVICE = constant(',"service":');

/** An object with a name and nothing else, where there is one. */
function putNamed(page: Page, key: Uint8Array, name: string): void {
  const start = page.length;
  page.bytes(key);
  putMember(page, NAME, name);
  closeObject(page, start, key);
}

const API = constant(',"api":{"operation":');
const REQUEST = constant(',"request":');
const REQUEST_ID = columnOf('request_id', ',"uid":');

function putApi(page: Page, event: AuditEvent): void {
  putText(page, API, event.tool_name || event.mcp_method || event.action);
  putNamed(page, SERVICE, event.mcp_server || event.provider);
  const request = page.length;
  page.bytes(REQUEST);
  putColumn(page, event, REQUEST_ID);
  closeObject(page, request, REQUEST);
  page.byte(CLOSE);
  putResources(page, event);
}

const RESOURCES = columnOf('target', ',"resources":[{"name":');
const RESOURCES_END = constant('}]');

function putResources(page: Page, event: AuditEvent): void {
  const start = page.length;
  putColumn(page, event, RESOURCES);
  if (page.length > start) page.bytes(RESOURCES_END);
}

const FILE = constant(',"file":{"name":');
const PATH = constant(',"path":');
const FILE_END = constant(',"type_id":0}');

function putFile(page: Page, path: string): void {
  if (path === '') return;
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  putText(page, FILE, name || path);
  putText(page, PATH, path);
  page.bytes(FILE_END);
}

const PROCESS = constant(',"process":{"cmd_line":');

function putProcess(page: Page, command: string): void {
  if (command === '') return;
  putText(page, PROCESS, command);
  page.byte(CLOSE);
}

const FINDING = columnOf('event_id', ',"finding_info":{"uid":');
const TITLE = constant(',"title":');

function putFinding(page: Page, event: AuditEvent): void {
  putTextColumn(page, event, FINDING);
  putText(page, TITLE, event.guardrails[0]?.name || event.policy || event.action);
  page.byte(CLOSE);
  putResources(page, event);
}

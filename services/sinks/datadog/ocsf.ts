import type { AuditEvent } from '../../core/event.ts';
import { object, quoted, text } from '../json.ts';
import { type About, activityOf } from './activities.ts';

/** The version Datadog's own OCSF pipelines speak. */
const VERSION = '1.5.0';

const SEVERITIES: ReadonlyMap<string, string> = new Map([
  ['info', ',"severity_id":1,"severity":"Informational"'],
  ['low', ',"severity_id":2,"severity":"Low"'],
  ['medium', ',"severity_id":3,"severity":"Medium"'],
  ['high', ',"severity_id":4,"severity":"High"'],
  ['critical', ',"severity_id":5,"severity":"Critical"'],
]);
const SEVERITY_UNKNOWN = ',"severity_id":0,"severity":"Unknown"';

const STATUSES: ReadonlyMap<string, string> = new Map([
  ['success', ',"status_id":1,"status":"Success"'],
  ['failure', ',"status_id":2,"status":"Failure"'],
  ['denied', ',"status_id":2,"status":"Failure"'],
]);
const STATUS_UNKNOWN = ',"status_id":0,"status":"Unknown"';
/** Of a finding OCSF's status is where its review stands, not how the act ended. */
const STATUS_NEW = ',"status_id":1,"status":"New"';

/** OCSF 1.5 has no word for services, agents and devices. */
const USERS: ReadonlyMap<string, string> = new Map([
  ['user', ',"type_id":1,"type":"User"'],
  ['system', ',"type_id":3,"type":"System"'],
  ['unknown', ',"type_id":0,"type":"Unknown"'],
]);

/** The members of `ocsf`, which Cloud SIEM's OCSF rules look at. `ip` is empty where the client's address is none. */
export function ocsfOf(event: AuditEvent, ip: string): string {
  const { about, members } = activityOf(event.action);
  const user = userOf(event);
  const status = about === 'finding' ? STATUS_NEW : (STATUSES.get(event.outcome) ?? STATUS_UNKNOWN);
  return (
    members +
    `,"time":${Math.floor(event.occurred_at / 1000)}` +
    (SEVERITIES.get(event.severity) ?? SEVERITY_UNKNOWN) +
    status +
    (event.status_code === null ? '' : `,"status_code":"${event.status_code}"`) +
    `,"metadata":{"version":"${VERSION}","uid":${quoted(event.event_id)}` +
    text(',"correlation_uid":', event.session_id) +
    `,"product":{"name":${quoted(event.product || 'trailhouse')}${text(',"version":', event.product_version)}}}` +
    `,"actor":{"user":{${user}}${text(',"app_name":', event.product)}}` +
    object(',"src_endpoint":', text(',"ip":', ip) + text(',"hostname":', event.host)) +
    object(',"http_request":', text(',"user_agent":', event.user_agent)) +
    objectOf(about, event, user)
  );
}

function userOf({ actor_kind, actor_id, actor_email, actor_name }: AuditEvent): string {
  const type = USERS.get(actor_kind) ?? `,"type_id":99,"type":${quoted(actor_kind)}`;
  return (type + text(',"uid":', actor_id) + text(',"email_addr":', actor_email) + text(',"name":', actor_name)).slice(
    1,
  );
}

/** What the class says the act was about. */
function objectOf(about: About, event: AuditEvent, user: string): string {
  switch (about) {
    case 'api':
      return api(event);
    case 'login':
      return `,"user":{${user}}${object(',"service":', text(',"name":', event.target || event.product))}`;
    case 'account':
      return `,"user":{"type_id":0${text(',"name":', event.target)}}`;
    case 'entity':
      return `,"entity":{"type":${quoted(event.action.slice(0, event.action.indexOf('.')))}${text(',"name":', event.target)}}`;
    case 'file':
      return file(event.file_paths[0] ?? event.target);
    case 'process':
      return object(',"process":', text(',"cmd_line":', event.command || event.target));
    case 'finding':
      return finding(event);
  }
}

function api(event: AuditEvent): string {
  const operation = event.tool_name || event.mcp_method || event.action;
  const service = event.mcp_server || event.provider;
  return (
    `,"api":{"operation":${quoted(operation)}${object(',"service":', text(',"name":', service))}` +
    `${object(',"request":', text(',"uid":', event.request_id))}}` +
    (event.target === '' ? '' : `,"resources":[{"name":${quoted(event.target)}}]`)
  );
}

function file(path: string): string {
  if (path === '') return '';
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return `,"file":{"name":${quoted(name || path)},"path":${quoted(path)},"type_id":0}`;
}

function finding(event: AuditEvent): string {
  const title = event.guardrails[0]?.name || event.policy || event.action;
  return (
    `,"finding_info":{"uid":${quoted(event.event_id)},"title":${quoted(title)}}` +
    (event.target === '' ? '' : `,"resources":[{"name":${quoted(event.target)}}]`)
  );
}

import type { AuditEvent } from '../../core/event.ts';

/** Longest piece of the line; the whole is in its own attribute. */
const PIECE = 200;

/** The line people read: who did what to what, by the event's own words. */
export function messageOf(event: AuditEvent): string {
  const who = event.actor_email || event.actor_name || event.actor_id || event.agent_name;
  const what = event.target || event.tool_name || event.model_requested || event.host;
  let line = `${event.action} ${event.outcome}`;
  if (who !== '') line += ` by ${piece(who)}`;
  if (what !== '') line += ` on ${piece(what)}`;
  if (event.product !== '') line += ` in ${piece(event.product)}`;
  return line;
}

const piece = (text: string): string => (text.length <= PIECE ? text : `${text.slice(0, PIECE).toWellFormed()}…`);

const STATUSES: ReadonlyMap<string, string> = new Map([
  ['low', 'notice'],
  ['medium', 'warning'],
  ['high', 'error'],
  ['critical', 'critical'],
]);

/** Datadog's status. An act that failed or was denied is at least a warning. */
export function statusOf({ severity, outcome }: AuditEvent): string {
  const bySeverity = STATUSES.get(severity) ?? 'info';
  const failed = outcome === 'failure' || outcome === 'denied';
  return failed && (bySeverity === 'info' || bySeverity === 'notice') ? 'warning' : bySeverity;
}

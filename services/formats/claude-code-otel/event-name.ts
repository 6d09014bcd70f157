import type { LogRecord } from '../../otlp/logs.ts';

const SERVICES: readonly unknown[] = ['claude-code', 'claude-code-desktop'];
const PREFIX = 'claude_code.';

/** By service, by instrumentation scope, or by the name of the event: collectors drop or rename the first two. */
export function isClaudeCode({ resource, scope, attributes, body, event_name }: LogRecord): boolean {
  if (SERVICES.includes(resource.attributes['service.name'] ?? attributes['service.name'])) return true;
  if (scope.name?.startsWith('com.anthropic.claude_code') === true) return true;
  return [event_name, body].some((name) => typeof name === 'string' && name.startsWith(PREFIX));
}

/** `event.name` comes bare, the body and the record's own name with `claude_code.` before it. Empty when none is there. */
export function eventNameOf({ attributes, event_name, body }: LogRecord): string {
  const name = attributes['event.name'] ?? event_name ?? (isEventName(body) ? body : '');
  return typeof name === 'string' && name.startsWith(PREFIX) ? name.slice(PREFIX.length) : String(name);
}

/** Claude Code's body repeats the event's name. Any other body is text. */
export function isEventName(body: unknown): body is string {
  return typeof body === 'string' && /^claude_code\.[a-z0-9_]{1,64}$/.test(body);
}

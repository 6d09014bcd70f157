import { defineFormat, type Mapped, type Part } from '../../core/format.ts';
import { claimsOf } from '../forwarder.ts';
import { instantOf } from '../instant.ts';
import { isObject, type Reading, reading } from '../reading.ts';
import { unchanged } from '../whole.ts';
import { actOf } from './events.ts';
import { factsOf, leaves } from './leaves.ts';
import { type Forwarded, forwarded, type Hook, hook } from './schema.ts';
import { callOf } from './tools.ts';

/**
 * What Claude Code hands a hook on its standard input (https://code.claude.com/docs/en/hooks), one payload a message, as
 * it is or as a forwarder wraps it:
 *
 *     { "claude_code_hook": {…}, "time": "2026-03-04T09:15:00.250Z", "user": { "email", "id", "name", "basis" },
 *       "host": "…", "device": "…", "version": "2.1.220" }
 *
 * The payload names neither time nor person, so a forwarder better does; all it says is optional. `time` is RFC 3339 with
 * a zone, `device` the id of the machine, `version` that of Claude Code, `basis` what the forwarder has checked the user by
 * itself (`idp`, `gateway_key` or `mtls`). Whatever else it says becomes content.
 *
 * A tool call comes several times, under one `tool_use_id`: PreToolUse before it is allowed, PermissionRequest before
 * somebody is asked, PostToolUse or PostToolUseFailure once it has run, PostToolBatch once more with others. The call is
 * counted where it has run. What comes before is an event of the session with an unknown outcome: it holds the intent,
 * whatever becomes of it, and no decision has been made yet.
 */
export const claudeCodeHooks = defineFormat({
  name: 'claude-code-hooks',
  encodings: ['json'],
  leaves,
  detect: (message) => isForwarded(message) || isPayload(message),
  schema: unchanged<Hook | Forwarded>((message) => (isForwarded(message) ? forwarded : hook)),
  map: (message) => [partOf('claude_code_hook' in message ? message : { claude_code_hook: message })],
});

function isForwarded(message: unknown): boolean {
  return isObject(message) && Object.hasOwn(message, 'claude_code_hook') && !Object.hasOwn(message, 'trailhouse');
}

/** Codex sends a `turn_id`, Gemini CLI a `timestamp`, collectors for many agents an `agent_name`: Claude Code does not. */
const OTHERS = ['timestamp', 'turn_id', 'agent_name', 'conversation_id', 'trailhouse'];

/** Agents that copied Claude Code's hooks copied their names, too. */
function isPayload(message: unknown): boolean {
  if (!isObject(message) || typeof message.session_id !== 'string') return false;
  const { hook_event_name: event } = message;
  if (typeof event !== 'string' || !/^[A-Z][A-Za-z]*$/.test(event)) return false;
  return !OTHERS.some((name) => Object.hasOwn(message, name) && !(name === 'turn_id' && event === 'MessageDisplay'));
}

function partOf({ claude_code_hook: hook, ...forwarder }: Forwarded): Part {
  const read = reading({ hook, forwarder });
  const event = hook.hook_event_name;
  const claims = claimsOf(forwarder.user);
  const device = read.text('forwarder', 'device');
  const columns: Mapped = {
    product: 'claude-code',
    product_version: read.text('forwarder', 'version'),
    occurred_at: timeOf(read),
    source_event_id: eventIdOf(hook),
    session_id: read.text('hook', 'session_id'),
    prompt_id: read.text('hook', 'prompt_id'),
    agent_id: read.text('hook', 'agent_id'),
    agent_name: read.text('hook', 'agent_type'),
    latency_ms: hook.duration_ms ?? undefined,
    host: read.text('forwarder', 'host'),
    device,
    ...callOf(read),
    ...actOf(event, read),
    claims: claims ?? (device === undefined ? { basis: 'none' } : { kind: 'device', basis: 'device', id: device }),
    personal_attributes: {},
  };
  const facts = factsOf(event, read);
  return { columns, from: Object.assign({}, read.rest(), facts) };
}

function timeOf(read: Reading): number | undefined {
  const occurred = instantOf(read.word('forwarder', 'time') ?? '');
  if (occurred?.exact === true) read.take('forwarder', 'time');
  return occurred?.micros;
}

/** Events that come once for a tool call. A deferred call is announced again when its session is resumed. */
const ONCE = ['PostToolUse', 'PostToolUseFailure', 'PermissionDenied'];

/** Ids of tool calls are their model provider's, and some count anew in every session. */
function eventIdOf({ hook_event_name: event, session_id, tool_use_id }: Hook): string | undefined {
  return session_id && tool_use_id && ONCE.includes(event) ? `${session_id}/${event}/${tool_use_id}` : undefined;
}

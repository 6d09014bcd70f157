import type { Outcome } from '../../core/event.ts';
import type { Mapped } from '../../core/format.ts';
import type { Reading } from '../reading.ts';
import { claimsOf } from './actor.ts';

/** What the events of one entry have in common. */
export type Shared = Omit<Mapped, 'action' | 'outcome'>;

export function sharedOf(read: Reading): Shared {
  const user_agent = read.text('request', 'headers', 'user-agent');
  return {
    product: 'kong',
    occurred_at: startOf(read),
    request_id: read.word('request', 'id'),
    session_id: read.text('ai', 'mcp', 'mcp_session_id'),
    trace_id: /^[0-9a-f]{32}$/.test(read.word('trace_id', 'w3c') ?? '') ? read.text('trace_id', 'w3c') : undefined,
    client_address: read.text('client_ip'),
    user_agent,
    surface: user_agent?.startsWith('claude-cli/') === true ? 'cli' : 'api',
    claims: claimsOf(read),
    personal_attributes: {},
  };
}

const LAST = Date.UTC(2200);

/** `started_at` is in milliseconds. */
function startOf(read: Reading): number | undefined {
  const ms = read.number('started_at');
  if (ms === undefined || !Number.isInteger(ms) || ms < 0 || ms >= LAST) return undefined;
  read.take('started_at');
  return ms * 1000;
}

const DENIED: readonly number[] = [401, 403, 429];

/** How the request ended; unknown where the AI section was sent on alone. */
export function outcomeOf(read: Reading): Outcome {
  const status = read.number('response', 'status');
  if (status === undefined) return 'unknown';
  if (DENIED.includes(status)) return 'denied';
  return status >= 400 ? 'failure' : 'success';
}

/** What is said of the request itself, beside what its first event has already. */
export function httpOf(read: Reading, first: Mapped): Partial<Mapped> {
  const status = read.count('response', 'status');
  return {
    action: status === 429 ? 'ratelimit.exceeded' : first.action,
    status_code: status,
    target: first.target ?? read.text('request', 'url'),
    latency_ms: first.latency_ms ?? read.milliseconds('latencies', 'request'),
  };
}

import type { Mapped, Part } from '../../core/format.ts';
import { claimsOf } from '../forwarder.ts';
import { instantOf } from '../instant.ts';
import { type Reading, reading } from '../reading.ts';
import { actOf } from './acts.ts';
import { aimOf } from './aim.ts';
import type { Exchange } from './exchange.ts';
import { headerOf } from './headers.ts';
import { inputParts } from './inputs.ts';
import { META } from './leaves.ts';
import { traceOf } from './trace.ts';

/** The exchange, and the answers that its request brings to what the server had asked in between. */
export function partsOf(exchange: Exchange): readonly Part[] {
  const read = reading(exchange);
  const shared: Omit<Mapped, 'action' | 'outcome'> = {
    source_event_id: read.text('capture', 'id'),
    occurred_at: timeOf(read),
    session_id: read.text('capture', 'session') ?? headerOf(read, 'mcp-session-id'),
    user_agent: headerOf(read, 'user-agent'),
    request_id: requestOf(read),
    agent_name: clientOf(read),
    claims: claimsOf(exchange.capture.user) ?? { basis: 'none' },
    personal_attributes: {},
    ...aimOf(read),
  };
  const { trace, traceparent } = traceOf(read);
  const inputs = inputParts(read, { ...shared, ...trace });
  const columns: Mapped = {
    ...shared,
    ...trace,
    ...actOf(read),
    ...errorOf(read),
    mcp_method: read.text('request', 'method'),
    latency_ms: exchange.capture.latency_ms ?? undefined,
  };
  return [{ columns, from: Object.assign({}, read.rest(), { traceparent }) }, ...inputs];
}

function timeOf(read: Reading): number | undefined {
  const occurred = instantOf(read.word('capture', 'time') ?? '');
  if (occurred?.exact === true) read.take('capture', 'time');
  return occurred?.micros;
}

/**
 * The id that request and response share; a cancellation has none and names the request it calls off. Servers send errors
 * without the id as well, so an error that repeats it says more than the column.
 */
function requestOf(read: Reading): string | undefined {
  const isPaired = isId(read.peek('request', 'id'));
  const isError = read.peek('response', 'error', 'code') !== undefined;
  const isCancelled = read.peek('request', 'method') === 'notifications/cancelled';
  const paths = [
    ['request', 'id'],
    ...(isPaired && isError ? [] : [['response', 'id']]),
    ...(isCancelled ? [['request', 'params', 'requestId']] : []),
  ];
  const ids = paths.map((path) => ({ path, id: read.peek(...path) })).filter(({ id }) => isId(id));
  for (const { path } of ids) read.take(...path);
  return ids[0] === undefined ? undefined : String(ids[0].id);
}

function isId(id: unknown): boolean {
  return typeof id === 'number' || (typeof id === 'string' && id !== '');
}

/** The application that speaks for the person: at the handshake, or with every request. */
function clientOf(read: Reading): string | undefined {
  return (
    read.word('request', 'params', 'clientInfo', 'name') ?? read.word('request', 'params', '_meta', META.client, 'name')
  );
}

/** `tool_error` is the word of OpenTelemetry's conventions for a result that says of itself that it is an error. */
function errorOf(read: Reading): Pick<Mapped, 'status_code' | 'error_type' | 'error_message'> {
  const code = read.peek('response', 'error', 'code');
  if (typeof code !== 'number')
    return { error_type: read.peek('response', 'result', 'isError') === true ? 'tool_error' : undefined };
  read.take('response', 'error', 'code');
  return { status_code: code, error_type: String(code), error_message: read.text('response', 'error', 'message') };
}

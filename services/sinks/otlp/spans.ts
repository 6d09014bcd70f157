import { type HrTime, SpanKind, type SpanStatus, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { AuditEvent } from '../../core/records.generated.ts';
import { attributesOf } from './attributes.ts';
import { operationOf } from './conventions.ts';
import type { Origin } from './encode.ts';
import { placeOf } from './trace.ts';

/** Makes a span of every event, a moment long where it has no duration: nothing is left out. */
export function spanMaker({ resource: given, scope, replay }: Origin): (event: AuditEvent) => ReadableSpan {
  const resource = resourceFromAttributes({ ...given });
  return (event) => {
    const { traceId, spanId, parent } = placeOf(event);
    const { start, end } = timesOf(event);
    const context = { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
    return {
      name: nameOf(event),
      kind: isCall(event) ? SpanKind.CLIENT : SpanKind.INTERNAL,
      spanContext: () => context,
      ...(parent === undefined ? {} : { parentSpanContext: { traceId, traceFlags: TraceFlags.SAMPLED, ...parent } }),
      startTime: timeOf(start),
      endTime: timeOf(end),
      duration: timeOf(end - start),
      status: statusOf(event),
      attributes: attributesOf(event, replay),
      links: [],
      events: [],
      ended: true,
      resource,
      instrumentationScope: scope,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
  };
}

/** By the conventions of GenAI and MCP: the operation and what it is done on; elsewhere the action. */
function nameOf(event: AuditEvent): string {
  const { action, mcp_method, tool_name, model_requested, model_served, agent_name, product } = event;
  if (mcp_method !== '') return named(mcp_method, tool_name);
  const operation = operationOf(event);
  switch (operation) {
    case 'chat':
      return named(operation, model_requested || model_served);
    case 'execute_tool':
      return named(operation, tool_name);
    case 'invoke_agent':
      return named(operation, agent_name || product);
    default:
      return action;
  }
}

const named = (what: string, on: string): string => (on === '' ? what : `${what} ${on}`);

/** Models and MCP servers are elsewhere; tools run in the agent's own process. */
const isCall = (event: AuditEvent): boolean => event.mcp_method !== '' || operationOf(event) === 'chat';

function statusOf({ outcome, error_type }: AuditEvent): SpanStatus {
  if (outcome !== 'failure' && outcome !== 'denied') return { code: SpanStatusCode.UNSET };
  return { code: SpanStatusCode.ERROR, message: error_type || outcome };
}

/** Formats whose events are written when the act is over; the others tell when it began. */
const TOLD_AFTERWARDS = new Set(['claude-code-otel']);

/**
 * Microseconds. What the log's clock dated was over by then. Nothing began before 1970 or took longer than since then; what
 * is no number took no time.
 */
function timesOf({ occurred_at, latency_ms, format, occurred_basis }: AuditEvent): { start: number; end: number } {
  const at = Math.max(0, occurred_at);
  const took = Math.min(at, Math.max(0, Math.round((latency_ms ?? 0) * 1000))) || 0;
  const isEnd = TOLD_AFTERWARDS.has(format) || occurred_basis === 'log';
  return isEnd ? { start: at - took, end: at } : { start: at, end: at + took };
}

const timeOf = (micros: number): HrTime => [Math.floor(micros / 1_000_000), (micros % 1_000_000) * 1000];

/** What an attribute takes in OTLP/JSON beside its key and value, and a span beside its attributes. */
const ATTRIBUTE_BYTES = 40;
const SPAN_BYTES = 400;

/** About how long these become in OTLP/JSON: the exporter encodes them where nobody can look. */
export function bytesOf(spans: readonly ReadableSpan[]): number {
  return spans.reduce((bytes, { attributes }) => {
    const values = Buffer.byteLength(JSON.stringify(attributes));
    return bytes + SPAN_BYTES + values + ATTRIBUTE_BYTES * Object.keys(attributes).length;
  }, 0);
}

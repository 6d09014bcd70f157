import type { Dialect } from '../../core/sink.ts';
import { COMMITMENT, FIRST_TOKEN, GUARDRAILS, INTEGERS, LATENCY, LISTS, MAPS, TEXTS } from './columns.ts';

const both = {
  ...TEXTS,
  ...INTEGERS,
  ...LISTS,
  attributes: `${MAPS.attributes}*`,
  personal_attributes: `${MAPS.personal_attributes}*`,
  time_to_first_token_ms: FIRST_TOKEN,
  guardrails: GUARDRAILS,
  content_commitment: COMMITMENT,
};

/** Names with a capital are fields of the log record, others its attributes. */
export const logsDialect: Dialect = {
  ...both,
  occurred_at: 'timeUnixNano',
  received_at: 'observedTimeUnixNano',
  action: 'eventName',
  severity: 'severityText',
  trace_id: 'traceId',
  span_id: 'spanId',
  latency_ms: LATENCY,
};

/**
 * Names with a capital are fields of the span, others its attributes. A span of a source that tells afterwards ends when
 * the event occurred and begins as much earlier as it took.
 */
export const tracesDialect: Dialect = {
  ...both,
  occurred_at: 'startTimeUnixNano',
  latency_ms: 'endTimeUnixNano',
  trace_id: 'traceId',
  span_id: 'parentSpanId',
};

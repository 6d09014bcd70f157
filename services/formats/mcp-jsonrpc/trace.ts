import type { Mapped } from '../../core/format.ts';
import type { Reading } from '../reading.ts';

/** https://www.w3.org/TR/trace-context/#traceparent-header: an id of zeroes alone is none. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

interface Traced {
  readonly trace: Pick<Mapped, 'trace_id' | 'span_id'>;
  /** As it came: its flags fit no column. */
  readonly traceparent?: string | undefined;
}

/** The span that the sender of the request is in. What is no traceparent is nobody's trace. */
export function traceOf(read: Reading): Traced {
  const path = ['request', 'params', '_meta', 'traceparent'];
  const traceparent = read.word(...path);
  const [, trace_id, span_id] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (trace_id === undefined) return { trace: {} };
  read.take(...path);
  return { trace: { trace_id, span_id }, traceparent };
}

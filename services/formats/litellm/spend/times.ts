import type { Mapped } from '../../../core/format.ts';
import { instantOf } from '../../instant.ts';
import type { Reading } from '../../reading.ts';
import { microsOf } from '../times.ts';

/**
 * When a call began and how long it took. Times are UTC, whether or not the table or the callback wrote a zone. The end
 * and the first token stay attributes.
 */
export function timesOf(read: Reading): Pick<Mapped, 'occurred_at' | 'latency_ms' | 'time_to_first_token_ms'> {
  const [start, end, first] = ['startTime', 'endTime', 'completionStartTime'].map((name) => microsOf(read.peek(name)));
  if (instantOf(read.word('startTime') ?? '')?.exact === true) read.take('startTime');
  const took = between(start, end);
  const waited = between(start, first);
  return {
    occurred_at: start,
    latency_ms: took ?? read.number('request_duration_ms'),
    // A row does not say whether the answer was streamed. LiteLLM repeats the end of the call where it was not.
    time_to_first_token_ms: took !== undefined && waited !== undefined && waited < took ? waited : undefined,
  };
}

/** Milliseconds; undefined where the proxy's clock was set back in between. */
function between(start: number | undefined, end: number | undefined): number | undefined {
  return start === undefined || end === undefined || end < start ? undefined : (end - start) / 1000;
}

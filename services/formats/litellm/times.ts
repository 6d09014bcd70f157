import type { Mapped } from '../../core/format.ts';
import { instantOf } from '../instant.ts';
import type { Reading } from '../reading.ts';

/** Seconds from which on a timestamp is in the year 2200: milliseconds, or no time at all. */
const LAST = Date.UTC(2200) / 1000;

/**
 * Microseconds since 1970. LiteLLM sends epoch seconds as a float; callbacks that serialise its datetimes send
 * `YYYY-MM-DD HH:MM:SS.ffffff` without a zone: the local time of the proxy, which its container image runs in UTC, and
 * which is read as UTC.
 */
export function microsOf(value: unknown): number | undefined {
  if (typeof value === 'string' && !/^\d+(\.\d+)?$/.test(value)) return instantOf(value)?.micros;
  const seconds = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return seconds >= 0 && seconds < LAST ? Math.round(seconds * 1_000_000) : undefined;
}

/**
 * When a call began and how long it took. `response_time` is the time to the first token where the answer was streamed
 * (https://docs.litellm.ai/docs/proxy/logging_spec), so it stands for the latency of other calls only.
 */
export function timesOf(read: Reading): Pick<Mapped, 'occurred_at' | 'latency_ms' | 'time_to_first_token_ms'> {
  const started = read.peek('startTime');
  const [start, end] = [microsOf(started), microsOf(read.peek('endTime'))];
  const streamed = read.peek('stream') === true;
  const stated = streamed ? undefined : read.number('response_time');
  if (start !== undefined && start / 1_000_000 === started) read.take('startTime');
  return {
    occurred_at: start,
    latency_ms: between(start, end) ?? (stated === undefined ? undefined : stated * 1000),
    // Without streaming LiteLLM repeats the end of the call here.
    time_to_first_token_ms: streamed ? between(start, microsOf(read.peek('completionStartTime'))) : undefined,
  };
}

/** Milliseconds; undefined where the proxy's clock was set back in between. */
function between(start: number | undefined, end: number | undefined): number | undefined {
  return start === undefined || end === undefined || end < start ? undefined : (end - start) / 1000;
}

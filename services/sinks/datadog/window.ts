import type { AuditEvent } from '../../core/event.ts';
import type { Batch, Refusal } from '../../core/sink.ts';

const HOUR_MICROS = 3_600_000_000;

/** Datadog's "up to 18 hours in the past and two hours in the future", and a margin for the way there and for clocks. */
const MARGIN_MICROS = 300_000_000;
const OLDEST_MICROS = 18 * HOUR_MICROS - MARGIN_MICROS;
const NEWEST_MICROS = 2 * HOUR_MICROS - MARGIN_MICROS;

const TOO_OLD = 'older than the 18 hours Datadog takes';
const TOO_NEW = 'further in the future than the 2 hours Datadog takes';

/** The events that Datadog keeps when they are sent now; `divert` is told of the others, for which it would answer 202 all the same. */
export function* inTime(batch: Batch, now: Date, divert: (refusal: Refusal) => void): Generator<AuditEvent, void> {
  const micros = now.getTime() * 1000;
  let index = 0;
  for (const event of batch) {
    const { occurred_at } = event;
    if (occurred_at < micros - OLDEST_MICROS) divert({ index, reason: TOO_OLD });
    else if (occurred_at > micros + NEWEST_MICROS) divert({ index, reason: TOO_NEW });
    else yield event;
    index++;
  }
}

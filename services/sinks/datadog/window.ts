import type { AuditEvent } from '../../core/event.ts';
import type { Refusal } from '../../core/sink.ts';

const HOUR_MICROS = 3_600_000_000;

/** Datadog's "up to 18 hours in the past and two hours in the future", and a margin for the way there and for clocks. */
const MARGIN_MICROS = 300_000_000;
const OLDEST_MICROS = 18 * HOUR_MICROS - MARGIN_MICROS;
const NEWEST_MICROS = 2 * HOUR_MICROS - MARGIN_MICROS;

const TOO_OLD = 'older than the 18 hours Datadog takes';
const TOO_NEW = 'further in the future than the 2 hours Datadog takes';

export interface Sorted {
  readonly taken: readonly AuditEvent[];
  /** Datadog would answer 202 and not keep them. */
  readonly diverted: readonly Refusal[];
}

/** Which events Datadog keeps when they are sent now. */
export function byTime(batch: readonly AuditEvent[], now: Date): Sorted {
  const micros = now.getTime() * 1000;
  const taken: AuditEvent[] = [];
  const diverted: Refusal[] = [];
  for (const [index, event] of batch.entries()) {
    if (event.occurred_at < micros - OLDEST_MICROS) diverted.push({ index, reason: TOO_OLD });
    else if (event.occurred_at > micros + NEWEST_MICROS) diverted.push({ index, reason: TOO_NEW });
    else taken.push(event);
  }
  return { taken, diverted };
}

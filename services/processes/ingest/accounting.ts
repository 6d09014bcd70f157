import type { AuditAccounting, Exception } from '../../core/records.generated.ts';

/** What became of one raw offset. */
export type Settled =
  | { readonly outcome: 'accepted'; readonly events: number }
  | { readonly outcome: 'skipped' | 'quarantined'; readonly reason: string }
  | { readonly outcome: 'absent' };

export interface Range {
  readonly origin_epoch: number;
  readonly origin_topic: string;
  readonly origin_partition: number;
  readonly first: number;
  readonly next: number;
}

/**
 * The account of a settled range. `settled` holds an entry per offset that has a record, in order; an offset without
 * one is absent. Accepted messages that gave one event are the rule and are not listed.
 */
export function account(range: Range, settled: ReadonlyMap<number, Settled>, settledAt: number): AuditAccounting {
  const exceptions: Exception[] = [];
  const counts = { accepted: 0, skipped: 0, quarantined: 0, absent: 0, events: 0 };

  for (let offset = range.first; offset < range.next; offset++) {
    const one = settled.get(offset) ?? { outcome: 'absent' };
    counts[one.outcome]++;
    const events = one.outcome === 'accepted' ? one.events : 0;
    counts.events += events;
    if (one.outcome === 'accepted' && events === 1) continue;
    const reason = 'reason' in one ? one.reason : '';
    extend(exceptions, { offset, count: 1, outcome: one.outcome, events, reason });
  }
  return { ...range, ...counts, exceptions, settled_at: settledAt };
}

/** Offsets in a row with the same fate are one entry. */
function extend(exceptions: Exception[], next: Exception): void {
  const last = exceptions.at(-1);
  const same =
    last !== undefined &&
    last.offset + last.count === next.offset &&
    last.outcome === next.outcome &&
    last.events === next.events &&
    last.reason === next.reason;
  if (same) exceptions[exceptions.length - 1] = { ...last, count: last.count + 1 };
  else exceptions.push(next);
}

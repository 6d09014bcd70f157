import type { AuditAccounting, Exception } from '../../core/records.generated.ts';

/** What became of one raw offset. */
export type Settled =
  | { readonly outcome: 'accepted'; readonly events: number }
  | { readonly outcome: 'skipped' | 'quarantined'; readonly reason: string };

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
  const skipAbsent = (from: number, to: number): void => {
    counts.absent += to - from;
    exceptions.push({ offset: from, count: to - from, outcome: 'absent', events: 0, reason: '' });
  };

  let reached = range.first;
  for (const [offset, one] of settled) {
    if (offset > reached) skipAbsent(reached, offset);
    counts[one.outcome]++;
    const events = one.outcome === 'accepted' ? one.events : 0;
    counts.events += events;
    reached = offset + 1;
    if (one.outcome === 'accepted' && events === 1) continue;
    const reason = one.outcome === 'accepted' ? '' : one.reason;
    extend(exceptions, { offset, count: 1, outcome: one.outcome, events, reason });
  }
  if (range.next > reached) skipAbsent(reached, range.next);
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

import type { Outgoing } from '../../services/core/log.ts';
import type { AuditDelivery } from '../../services/core/records.generated.ts';
import { type Fate, receipt, writeReceipt } from '../../services/processes/export/receipt.ts';

/** Receipts as the lanes of the export role write them. */

export type Outcome = Fate['outcome'] | 'absent';

export interface Receipted {
  readonly sink?: string;
  readonly partition?: number;
  readonly first: number;
  /** What became of the offsets from `first` on; none for a receipt that only tells the lane's state. */
  readonly outcomes: readonly Outcome[];
  readonly replay?: string;
  readonly state?: string;
  readonly reason?: string;
  /** In seconds. */
  readonly at?: number;
}

export const idAt = (offset: number): string => `00a1b200-0000-8000-8000-${offset.toString(16).padStart(12, '0')}`;

const NAMED = new Set<Outcome>(['buried', 'diverted', 'uncertain', 'skipped']);

export function receiptOf(given: Receipted): AuditDelivery {
  const {
    sink = 'splunk',
    partition = 0,
    first,
    outcomes,
    replay = '',
    state = 'running',
    reason = '',
    at = 0,
  } = given;
  const fates = outcomes.flatMap((outcome, n): readonly Fate[] => {
    const offset = first + n;
    if (outcome === 'absent') return [];
    const isNamed = NAMED.has(outcome);
    return [{ offset, outcome, event_id: isNamed ? idAt(offset) : '', reason: isNamed ? `why ${offset}` : '' }];
  });
  const stub = { sink, audit_partition: partition, replay, state, state_reason: reason, settled_at: at * 1_000_000 };
  return receipt(stub, first, first + outcomes.length, fates);
}

export const recordOf = (record: AuditDelivery): Outgoing => writeReceipt(record, new Map(), 5);

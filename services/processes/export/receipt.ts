import { delivery } from '../../codec/records.ts';
import { frame } from '../../codec/wire.ts';
import type { Headers, Outgoing } from '../../core/log.ts';
import type { Watermark } from '../../core/origin.ts';
import type { AuditDelivery, DeliveryException } from '../../core/records.generated.ts';

/** What became of one audit offset at a receiver. */
export interface Fate {
  readonly offset: number;
  readonly outcome: 'delivered' | 'buried' | 'filtered' | 'diverted' | 'uncertain' | 'redelivered' | 'skipped';
  /** Empty where the entry needs none: filtered and redelivered offsets, and delivered ones. */
  readonly event_id: string;
  readonly reason: string;
}

/** Whose receipt it is, and the state of its lane. */
export interface Stub {
  readonly sink: string;
  readonly audit_partition: number;
  readonly replay: string;
  readonly state: string;
  readonly state_reason: string;
  readonly settled_at: number;
}

/** Of raw partitions: how far each has been taken. */
export type Marks = ReadonlyMap<string, Watermark>;

/**
 * The receipt of a range. An offset without a fate is absent: neither the log nor the store holds anything there. What was
 * delivered by the lane itself is the rule and not listed; a replay lists all it sent and nothing else.
 */
export function receipt(stub: Stub, first: number, next: number, fates: readonly Fate[]): AuditDelivery {
  const isReplay = stub.replay !== '';
  const counts = { delivered: 0, buried: 0, filtered: 0, diverted: 0, uncertain: 0, redelivered: 0, absent: 0 };
  const exceptions: DeliveryException[] = [];
  const skipAbsent = (from: number, to: number): void => {
    if (isReplay || to === from) return;
    counts.absent += to - from;
    exceptions.push({ offset: from, count: to - from, outcome: 'absent', event_id: '', reason: '' });
  };

  let reached = first;
  for (const { offset, outcome, event_id, reason } of fates) {
    skipAbsent(reached, offset);
    reached = offset + 1;
    if (outcome !== 'skipped') counts[outcome]++;
    if (outcome !== 'delivered' || isReplay) extend(exceptions, { offset, count: 1, outcome, event_id, reason });
  }
  skipAbsent(reached, next);
  return { ...stub, first, next, ...counts, exceptions };
}

/** Offsets in a row with the same fate are one entry, unless it names an event. */
function extend(exceptions: DeliveryException[], next: DeliveryException): void {
  const last = exceptions.at(-1);
  const joins =
    last !== undefined &&
    last.offset + last.count === next.offset &&
    last.outcome === next.outcome &&
    last.event_id === next.event_id &&
    last.reason === next.reason;
  if (joins) exceptions[exceptions.length - 1] = { ...last, count: last.count + 1 };
  else exceptions.push(next);
}

/** Headers of a receipt, so that who reads receipts again need not decode them. */
export const RECEIPT = { lane: 'origin', range: 'range', marks: 'marks', replay: 'replay' } as const;

export const laneName = (sink: string, partition: number): string => `${sink}/${partition}`;

export function writeReceipt(record: AuditDelivery, marks: Marks, schemaId: number): Outgoing {
  const { sink, audit_partition, first, next, replay } = record;
  const headers: Headers = {
    [RECEIPT.lane]: Buffer.from(laneName(sink, audit_partition)),
    ...(replay === ''
      ? { [RECEIPT.range]: Buffer.from(`${first}:${next}`), [RECEIPT.marks]: Buffer.from(writeMarks(marks)) }
      : { [RECEIPT.replay]: Buffer.from(replay) }),
  };
  return { headers, value: frame(schemaId, [delivery.encode(record)]) };
}

export const writeMarks = (marks: Marks): string =>
  JSON.stringify(Object.fromEntries([...marks].map(([lineage, { offset, ordinal }]) => [lineage, [offset, ordinal]])));

/** Undefined when the text is not ours. */
export function readMarks(text: string): Marks | undefined {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null) return undefined;
    const marks = new Map<string, Watermark>();
    for (const [lineage, at] of Object.entries(read)) {
      if (!Array.isArray(at)) return undefined;
      const [offset, ordinal]: unknown[] = at;
      if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(ordinal)) return undefined;
      marks.set(lineage, { offset: Number(offset), ordinal: Number(ordinal) });
    }
    return marks;
  } catch {
    return undefined;
  }
}

import type { Clock } from '../../core/clock.ts';
import type { AuditEvent } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import { isBeyond, type Watermark } from '../../core/origin.ts';
import type { AuditDelivery } from '../../core/records.generated.ts';
import type { Dispatcher, Ended, LaneState, Parcel } from '../../delivery/dispatch.ts';
import { type Fate, type Marks, receipt, type Stub, writeMarks, writeReceipt } from './receipt.ts';
import type { View } from './view.ts';

/** One event of an audit partition, from the topic or from the store. */
export interface Item {
  readonly offset: number;
  /** The raw partition it comes from, and where in it. */
  readonly lineage: string;
  readonly mark: Watermark;
  readonly bytes: number;
  open(view: View): AuditEvent;
}

export interface ShiftParts {
  readonly sink: string;
  readonly partition: number;
  readonly log: Log;
  readonly clock: Clock;
  /** Id of the receipts' schema. */
  readonly schemaId: number;
  readonly dispatcher: Dispatcher;
  readonly view: View;
  /** Why the receiver's filter, which knows the public part alone, leaves it out; absent where there is no filter. */
  readonly leftOut?: ((event: AuditEvent) => string | undefined) | undefined;
  /** What is to be known about the lane while it runs; empty for nothing. */
  note?(): string;
  /** Told of every settled offset. */
  counted(outcome: Fate['outcome'], count: number): void;
}

/** Where a lane was left. */
export interface Standing {
  /** Everything below is receipted. */
  readonly settled: number;
  readonly marks: Marks;
  /** Where on the receipts' topic the newest receipt is, to read on from. */
  readonly receiptsAt: number;
}

const RECEIPTS = 'audit.deliveries';
/** Leaves room below the 4,096 bytes a commit may carry. */
const MARKS_BYTES = 3_500;

/**
 * One partition of `audit.events` on its way to one receiver, from an assignment to its end. Settles ranges in order: a
 * range is settled once its receipt is durable.
 */
export class Shift {
  /** Aborts when the partition is taken away. */
  readonly over = new AbortController();
  settled: number;
  /** When the offset after `settled` was first met; undefined when nothing waits. */
  waitingSince: Date | undefined;
  /** Resolves once what the topic no longer holds is delivered from the store. */
  caughtUp: Promise<void> = Promise.resolve();
  private readonly parts: ShiftParts;
  private marks: Marks;
  private receiptsAt: number;

  constructor(parts: ShiftParts, { settled, marks, receiptsAt }: Standing) {
    this.parts = parts;
    this.settled = settled;
    this.marks = marks;
    this.receiptsAt = receiptsAt;
  }

  /** Delivers what of the range is not settled yet; resolves once its last receipt is durable. */
  async work(items: readonly Item[], next: number, asked: AbortSignal): Promise<void> {
    const { dispatcher } = this.parts;
    const signal = AbortSignal.any([asked, this.over.signal]);
    signal.throwIfAborted();
    const left = items.filter(({ offset }) => offset >= this.settled);
    const fates = new Map<number, Fate>();
    const parcels = this.sort(left, fates);
    this.waitingSince ??= this.parts.clock.now();
    let at = 0;
    const settle = async (ended: readonly Ended[]) => {
      for (const one of ended) fates.set(one.offset, one);
      const from = at;
      while (at < left.length && fates.has(left[at]?.offset ?? -1)) at++;
      const done = left.slice(from, at);
      const upTo = left[at]?.offset ?? next;
      await this.settle(done, fates, upTo);
    };
    if (parcels.length > 0) await dispatcher.dispatch(parcels, settle, signal);
    if (this.settled < next) await settle([]);
    this.waitingSince = undefined;
  }

  /** Tells the lane's state without settling anything. */
  async report(state: LaneState): Promise<void> {
    await this.append(receipt(this.stub(state), this.settled, this.settled, []), this.marks);
  }

  /** What is committed with the settled offset. */
  metadata(): string {
    const marks = writeMarks(this.marks);
    const receipts = this.receiptsAt;
    return JSON.stringify(marks.length > MARKS_BYTES ? { receipts } : { receipts, marks });
  }

  private sort(items: readonly Item[], fates: Map<number, Fate>): readonly Parcel[] {
    const { leftOut, view } = this.parts;
    const marks = new Map(this.marks);
    const parcels: Parcel[] = [];
    for (const { offset, lineage, mark, bytes, open } of items) {
      if (!isBeyond(mark, marks.get(lineage))) {
        fates.set(offset, { offset, outcome: 'redelivered', event_id: '', reason: '' });
        continue;
      }
      marks.set(lineage, mark);
      const reason = leftOut?.(open(view));
      if (reason === undefined) parcels.push({ offset, bytes, open: () => open(view) });
      else fates.set(offset, { offset, outcome: 'filtered', event_id: '', reason });
    }
    return parcels;
  }

  private async settle(done: readonly Item[], fates: ReadonlyMap<number, Fate>, upTo: number): Promise<void> {
    const settled = done.flatMap(({ offset }) => fates.get(offset) ?? []);
    const marks = new Map(this.marks);
    for (const { offset, lineage, mark } of done)
      if (fates.get(offset)?.outcome !== 'redelivered') marks.set(lineage, mark);
    await this.append(receipt(this.stub(this.parts.dispatcher.state()), this.settled, upTo, settled), marks);
    // Not before: a report written meanwhile would carry marks of events that no receipt tells of.
    this.marks = marks;
    this.settled = upTo;
    this.waitingSince = this.parts.clock.now();
    for (const { outcome } of settled) this.parts.counted(outcome, 1);
  }

  private async append(record: AuditDelivery, marks: Marks): Promise<void> {
    const { log, partition, schemaId } = this.parts;
    this.receiptsAt = await log.append(RECEIPTS, partition, [writeReceipt(record, marks, schemaId)]);
  }

  private stub(state: LaneState): Stub {
    const { sink, partition, clock, note } = this.parts;
    const made = stub(sink, partition, '', state, clock.now());
    return state.kind === 'running' ? { ...made, state_reason: note?.() ?? '' } : made;
  }
}

export function stub(sink: string, audit_partition: number, replay: string, state: LaneState, now: Date): Stub {
  const state_reason = 'reason' in state ? state.reason : '';
  return { sink, audit_partition, replay, state: state.kind, state_reason, settled_at: now.getTime() * 1000 };
}

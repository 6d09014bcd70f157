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
  /** Told of settled offsets in their order, of so many in a row at once. */
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

/** An item and what became of it. */
interface Settled {
  readonly item: Item;
  readonly fate: Fate;
}

/** An item as the receiver is to see it. */
class Shown implements Parcel {
  readonly #item: Item;
  readonly #view: View;

  constructor(item: Item, view: View) {
    this.#item = item;
    this.#view = view;
  }

  get offset(): number {
    return this.#item.offset;
  }

  get bytes(): number {
    return this.#item.bytes;
  }

  open(): AuditEvent {
    return this.#item.open(this.#view);
  }
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
    const fates: (Fate | undefined)[] = left.map(() => undefined);
    const parcels = this.sort(left, fates);
    this.waitingSince ??= this.parts.clock.now();
    let at = 0;
    const settle = async (ended: readonly Ended[]) => {
      const done: Settled[] = [];
      for (let told = 0, item = left[at]; item !== undefined; item = left[++at]) {
        const fate = fates[at] ?? ended[told++];
        if (fate === undefined) break;
        if (fate.offset !== item.offset)
          throw new Error(`offset ${fate.offset} was told of in the place of ${item.offset}`);
        done.push({ item, fate });
      }
      await this.settle(done, left[at]?.offset ?? next);
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

  /** What is to be sent; `fates` gets those, by position, that are known without. */
  private sort(items: readonly Item[], fates: (Fate | undefined)[]): readonly Parcel[] {
    const { leftOut, view } = this.parts;
    const marks = new Map(this.marks);
    const parcels: Parcel[] = [];
    for (const [index, item] of items.entries()) {
      const { offset, lineage, mark } = item;
      if (!isBeyond(mark, marks.get(lineage))) {
        fates[index] = { offset, outcome: 'redelivered', event_id: '', reason: '' };
        continue;
      }
      marks.set(lineage, mark);
      const reason = leftOut?.(item.open(view));
      if (reason === undefined) parcels.push(new Shown(item, view));
      else fates[index] = { offset, outcome: 'filtered', event_id: '', reason };
    }
    return parcels;
  }

  private async settle(done: readonly Settled[], upTo: number): Promise<void> {
    const marks = new Map(this.marks);
    for (const { item, fate } of done) if (fate.outcome !== 'redelivered') marks.set(item.lineage, item.mark);
    const fates = done.map(({ fate }) => fate);
    await this.append(receipt(this.stub(this.parts.dispatcher.state()), this.settled, upTo, fates), marks);
    // Not before: a report written meanwhile would carry marks of events that no receipt tells of.
    this.marks = marks;
    this.settled = upTo;
    this.waitingSince = this.parts.clock.now();
    for (let first = 0, next = 1; first < fates.length; first = next++) {
      const outcome = fates[first]?.outcome ?? 'skipped';
      while (fates[next]?.outcome === outcome) next++;
      this.parts.counted(outcome, next - first);
    }
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

import type { AuditEvent } from '../core/event.ts';
import type { Batch } from '../core/sink.ts';

/** One event of an audit partition on its way to one receiver. */
export interface Parcel {
  readonly offset: number;
  /** Its size as stored: batches are cut by it without opening anything. */
  readonly bytes: number;
  /** Reads it as the receiver may see it: whole until another one is read. */
  open(): AuditEvent;
}

/** How an event ended at the receiver. */
export interface Ended {
  readonly offset: number;
  /** Empty where it was delivered: that is the rule, and told by offsets. */
  readonly event_id: string;
  readonly outcome: 'delivered' | 'buried' | 'diverted' | 'uncertain';
  /** Empty where it was delivered. */
  readonly reason: string;
}

/**
 * The events of parcels, for one attempt. Each attempt opens them anew and none is kept: events that wait for an answer would
 * fill the memory, and reading one again costs less than keeping it.
 */
export class ParcelBatch implements Batch {
  readonly #parcels: readonly Parcel[];
  #fault: { readonly error: unknown } | undefined;

  constructor(parcels: readonly Parcel[]) {
    this.#parcels = parcels;
  }

  get length(): number {
    return this.#parcels.length;
  }

  *[Symbol.iterator](): Generator<AuditEvent, void> {
    for (const parcel of this.#parcels) yield this.#open(parcel);
  }

  /** @throws what opening a parcel threw: no answer of the receiver, whatever the sink made of it. */
  check(): void {
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  #open(parcel: Parcel): AuditEvent {
    try {
      return parcel.open();
    } catch (error) {
      this.#fault = { error };
      throw error;
    }
  }
}

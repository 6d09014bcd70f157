import type { AuditEvent } from '../core/event.ts';

/** One event of an audit partition on its way to one receiver. */
export interface Parcel {
  readonly offset: number;
  /** Its size as stored: batches are cut by it without opening anything. */
  readonly bytes: number;
  /** Decoded and profiled on demand. */
  open(): AuditEvent;
}

/** How an event ended at the receiver. */
export interface Ended {
  readonly offset: number;
  readonly event_id: string;
  readonly outcome: 'delivered' | 'buried' | 'diverted' | 'uncertain';
  /** Empty where it was delivered. */
  readonly reason: string;
}

/** A parcel that is opened when first asked for its event, and once. */
export interface Letter {
  readonly offset: number;
  event(): AuditEvent;
}

export function letter(parcel: Parcel): Letter {
  let event: AuditEvent | undefined;
  return {
    offset: parcel.offset,
    event() {
      event ??= parcel.open();
      return event;
    },
  };
}

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
  readonly event_id: string;
  readonly outcome: 'delivered' | 'buried' | 'diverted' | 'uncertain';
  /** Empty where it was delivered. */
  readonly reason: string;
}

/**
 * A parcel under way. It is opened for each attempt anew and keeps nothing but the id: events that wait for an answer would fill
 * the memory, and reading one again costs less than keeping it.
 */
export class Letter {
  readonly #parcel: Parcel;
  #id: string | undefined;

  constructor(parcel: Parcel) {
    this.#parcel = parcel;
  }

  get offset(): number {
    return this.#parcel.offset;
  }

  event(): AuditEvent {
    const event = this.#parcel.open();
    this.#id ??= event.event_id;
    return event;
  }

  id(): string {
    return this.#id ?? this.event().event_id;
  }
}

/** The events of letters, for one attempt. */
export class LetterBatch implements Batch {
  readonly #letters: readonly Letter[];
  #fault: { readonly error: unknown } | undefined;

  constructor(letters: readonly Letter[]) {
    this.#letters = letters;
  }

  get length(): number {
    return this.#letters.length;
  }

  *[Symbol.iterator](): Generator<AuditEvent, void> {
    for (const letter of this.#letters) yield this.#open(letter);
  }

  /** @throws what opening a letter threw: no answer of the receiver, whatever the sink made of it. */
  check(): void {
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  #open(letter: Letter): AuditEvent {
    try {
      return letter.event();
    } catch (error) {
      this.#fault = { error };
      throw error;
    }
  }
}

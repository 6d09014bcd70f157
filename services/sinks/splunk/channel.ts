import type { Clock } from '../../core/clock.ts';

const FIRST_MS = 250;
const LONGEST_MS = 5_000;
/** Ids given are remembered to notice one given twice; a channel with more is left for a new one. */
const MOST_IDS = 10_000;

/** What the node said about the ids asked for; a node that cannot say has indexed none. */
export interface Polled {
  readonly indexed: ReadonlySet<number>;
  readonly fault?: string;
}

export type Poll = (channel: string, ids: readonly number[], signal: AbortSignal) => Promise<Polled>;

export type Confirmation = { readonly kind: 'indexed' } | { readonly kind: 'unconfirmed'; readonly reason: string };

interface Waiting {
  readonly since: number;
  settle(confirmation: Confirmation): void;
}

/**
 * A data channel of one HEC node and the acknowledgements awaited on it; one poll asks for all of them. Splunk forgets
 * an id once it said `true`, and counts from 0 again after a restart, as does another indexer behind the same address:
 * an id given twice means that the ids no longer tell batches apart, so nothing on the channel is believed from then on.
 */
export class Channel {
  readonly id: string;
  readonly #poll: Poll;
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  readonly #given = new Set<number>();
  readonly #waiting = new Map<number, Waiting>();
  #left = false;
  #ambiguous = false;
  #polling = false;
  #nap = { ms: 0, controller: new AbortController() };
  #request = new AbortController();

  constructor(id: string, poll: Poll, clock: Clock, deadlineMs: number) {
    this.id = id;
    this.#poll = poll;
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
  }

  /** Nothing more is to be sent on it. */
  get left(): boolean {
    return this.#left;
  }

  /** To be called when an id may have been given that nobody will ask for: a later one must not be taken for it. */
  leave(): void {
    this.#left = true;
  }

  /** Ends the pause between two polls. */
  close(): void {
    this.#nap.controller.abort();
  }

  /** Whatever the reason, what the indexer does not confirm within the deadline is unconfirmed. */
  confirm(ackId: number, signal: AbortSignal): Promise<Confirmation> {
    if (this.#given.has(ackId)) this.#doubtAll();
    this.#given.add(ackId);
    if (this.#given.size >= MOST_IDS) this.leave();
    if (this.#ambiguous) return Promise.resolve(AMBIGUOUS);
    if (signal.aborted) return Promise.reject(signal.reason);

    const { promise, resolve, reject } = Promise.withResolvers<Confirmation>();
    this.#waiting.set(ackId, { since: this.#clock.now().getTime(), settle: resolve });
    /** A caller's patience is longer than the deadline: it ends early at a stop, or on a poll that hangs. */
    const giveUp = (): void => {
      this.#waiting.delete(ackId);
      this.leave();
      this.#request.abort();
      reject(signal.reason);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    this.#wake();
    return promise.finally(() => signal.removeEventListener('abort', giveUp));
  }

  #doubtAll(): void {
    this.#ambiguous = true;
    this.leave();
    for (const id of this.#waiting.keys()) this.#settle(id, AMBIGUOUS);
  }

  #settle(id: number, confirmation: Confirmation): void {
    this.#waiting.get(id)?.settle(confirmation);
    this.#waiting.delete(id);
  }

  #wake(): void {
    if (!this.#polling) void this.#run();
    else if (this.#nap.ms > FIRST_MS) this.#nap.controller.abort();
  }

  async #run(): Promise<void> {
    this.#polling = true;
    while (this.#waiting.size > 0) {
      await this.#pause();
      const ids = [...this.#waiting.keys()];
      if (ids.length === 0) continue;
      this.#request = new AbortController();
      this.#read(ids, await this.#poll(this.id, ids, this.#request.signal).catch(lost));
    }
    this.#polling = false;
  }

  /** As long as the youngest has waited so far: an id alone is asked for at doubling intervals. */
  async #pause(): Promise<void> {
    const youngest = [...this.#waiting.values()].at(-1)?.since ?? 0;
    const ms = Math.min(LONGEST_MS, Math.max(FIRST_MS, this.#clock.now().getTime() - youngest));
    this.#nap = { ms, controller: new AbortController() };
    await this.#clock.sleep(ms, this.#nap.controller.signal).catch(() => undefined);
  }

  #read(ids: readonly number[], { indexed, fault }: Polled): void {
    const now = this.#clock.now().getTime();
    for (const id of ids) {
      const since = this.#waiting.get(id)?.since ?? now;
      if (indexed.has(id)) this.#settle(id, { kind: 'indexed' });
      else if (now - since >= this.#deadlineMs) {
        this.leave();
        const detail = fault === undefined ? '' : ` (last poll: ${fault})`;
        this.#settle(id, { kind: 'unconfirmed', reason: `not confirmed in ${this.#deadlineMs} ms${detail}` });
      }
    }
  }
}

const AMBIGUOUS: Confirmation = {
  kind: 'unconfirmed',
  reason: 'ackId given twice on a channel: indexer restarted, or several behind one address without sticky sessions',
};

const lost = (): Polled => ({ indexed: new Set(), fault: 'no answer' });

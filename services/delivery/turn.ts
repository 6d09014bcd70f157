import type { Clock } from '../core/clock.ts';
import type { Delivery } from '../core/sink.ts';
import { namedMs, reasonOf, restMs, type Setback } from './backoff.ts';

/** How a lane stands. A setback lasts until the receiver takes something again. */
export type LaneState =
  | { readonly kind: 'running' }
  | { readonly kind: 'retrying'; readonly since: Date; readonly reason: string }
  | { readonly kind: 'parked'; readonly since: Date; readonly reason: string }
  | { readonly kind: 'paused'; readonly since: Date };

export interface TurnOptions {
  readonly clock: Clock;
  random(): number;
  changed(state: LaneState): void;
}

type Trouble = Extract<LaneState, { readonly kind: 'retrying' | 'parked' }>;

/**
 * The gate all deliveries of a lane share. While the receiver takes what it gets, everybody passes. After a setback
 * nobody does until the lane has rested; then one delivery tries, and its success opens the gate for all.
 */
export class Turn {
  private readonly options: TurnOptions;
  /** Ends rests early. */
  private readonly closing: AbortSignal;
  private readonly waiting = new Set<() => void>();
  private trouble: Trouble | undefined;
  private pausedSince: Date | undefined;
  /** Setbacks since the last success. */
  private setbacks = 0;
  /** Counts the closings of the gate: an attempt that began before the last one knows nothing newer. */
  private round = 0;
  /** Rests under way: the longest holds the gate, and no date is compared, for clocks jump. */
  private rests = 0;
  private isProbed = false;

  constructor(options: TurnOptions, closing: AbortSignal) {
    this.options = options;
    this.closing = closing;
  }

  state(): LaneState {
    if (this.pausedSince !== undefined) return { kind: 'paused', since: this.pausedSince };
    return this.trouble ?? { kind: 'running' };
  }

  pause(): void {
    if (this.pausedSince !== undefined) return;
    this.pausedSince = this.options.clock.now();
    this.options.changed(this.state());
  }

  resume(): void {
    if (this.pausedSince === undefined) return;
    this.pausedSince = undefined;
    this.options.changed(this.state());
    this.wake();
  }

  /** Makes an attempt once it is its turn, and hears the answer. */
  async take(run: () => Promise<Delivery>, signal: AbortSignal): Promise<Delivery> {
    signal.throwIfAborted();
    while (!this.admits()) await this.woken(signal);
    const { round } = this;
    const isProbe = this.trouble !== undefined;
    if (isProbe) this.isProbed = true;
    try {
      const answer = await run();
      if (answer.kind === 'retry' || answer.kind === 'parked') this.failed(answer, round);
      else if (round === this.round) this.succeeded();
      return answer;
    } finally {
      if (isProbe) this.isProbed = false;
      this.wake();
    }
  }

  /** Holds every further attempt for so long. */
  rest(ms: number): void {
    this.rests++;
    const over = () => {
      this.rests--;
      this.wake();
    };
    this.options.clock.sleep(ms, this.closing).then(over, over);
  }

  private admits(): boolean {
    const isHeld = this.pausedSince !== undefined || this.rests > 0;
    return !isHeld && (this.trouble === undefined || !this.isProbed);
  }

  private failed(answer: Setback, round: number): void {
    // Attempts that were under way together fail together: one setback, whose rest only a named time can lengthen.
    if (this.trouble !== undefined && round !== this.round) {
      this.rest(namedMs(answer));
      return;
    }
    this.setbacks++;
    this.round++;
    this.rest(restMs(answer, this.setbacks, this.options.random));
    this.become(answer.kind === 'parked' ? 'parked' : 'retrying', reasonOf(answer));
  }

  private succeeded(): void {
    this.setbacks = 0;
    if (this.trouble === undefined) return;
    this.trouble = undefined;
    this.tell();
  }

  private become(kind: Trouble['kind'], reason: string): void {
    const before = this.trouble;
    if (before?.kind === kind && before.reason === reason) return;
    const since = before?.kind === kind ? before.since : this.options.clock.now();
    this.trouble = { kind, since, reason };
    this.tell();
  }

  /** A pause hides what is beneath it. */
  private tell(): void {
    if (this.pausedSince === undefined) this.options.changed(this.state());
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
  }

  /** Waits for something to change; those who wait longest look first. */
  private async woken(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    this.waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    await promise;
    this.waiting.delete(wake);
    signal.removeEventListener('abort', wake);
    signal.throwIfAborted();
  }
}

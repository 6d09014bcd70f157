import PQueue from 'p-queue';
import type { Clock } from '../core/clock.ts';
import type { Delivery, Limits, Sink } from '../core/sink.ts';
import { attempt } from './attempt.ts';
import { batches } from './batches.ts';
import { deliver } from './deliver.ts';
import { outcome } from './outcome.ts';
import { type Ended, type Parcel, ParcelBatch } from './parcel.ts';
import { Settling } from './settling.ts';
import { type LaneState, Turn } from './turn.ts';

export type { Ended, Parcel } from './parcel.ts';
export type { LaneState } from './turn.ts';

export interface DispatchOptions {
  /** Closed with the dispatcher. */
  readonly sink: Sink;
  readonly limits: Limits;
  readonly clock: Clock;
  /** From 0 to below 1. */
  random(): number;
  /** Told of every change of state. */
  changed(state: LaneState): void;
  /** Told of every attempt's answer, for metrics. */
  attempted?(kind: Delivery['kind'], events: number): void;
  /** How long an attempt may take; a receiver that acknowledges late needs more. */
  readonly attemptMs?: number;
  /** Most events per second, for replays. */
  readonly rate?: number;
}

/** What stands between the events of any number of partitions and one receiver. */
export interface Dispatcher {
  /**
   * Delivers all. `settle` is called with the longest settled prefix, in offset order, each event once, never
   * concurrently. Resolves when all are settled; rejects only when the signal aborts, the dispatcher closes, or `settle`
   * or `open` throws: what is known by then is still settled, the rest is unknown.
   */
  dispatch(
    parcels: readonly Parcel[],
    settle: (ended: readonly Ended[]) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  state(): LaneState;
  /** Holds every attempt that has not begun. */
  pause(): void;
  resume(): void;
  /** Aborts what is under way and closes the sink. */
  close(): Promise<void>;
}

const ATTEMPT_MS = 60_000;

export function openDispatcher(options: DispatchOptions): Dispatcher {
  const { sink, clock, rate = Infinity, attemptMs = ATTEMPT_MS } = options;
  const limits = { ...options.limits, events: Math.min(options.limits.events, Math.max(1, Math.floor(rate))) };
  const closing = new AbortController();
  const turn = new Turn(options, closing.signal);
  const queue = new PQueue({ concurrency: limits.concurrency });

  const send = (batch: readonly Parcel[], signal: AbortSignal): Promise<Delivery> =>
    turn.take(async () => {
      if (rate < Infinity) turn.rest(Math.ceil((1000 * batch.length) / rate));
      const events = new ParcelBatch(batch);
      const answer = believed(await attempt(sink, events, attemptMs, clock, signal), batch);
      events.check();
      options.attempted?.(answer.kind, batch.length);
      return answer;
    }, signal);

  return {
    async dispatch(parcels, settle, asked) {
      const failed = new AbortController();
      const fail = (error: unknown) => failed.abort(error);
      const signal = AbortSignal.any([asked, closing.signal, failed.signal]);
      const settling = new Settling(settle);
      const deliverAll = async (batch: readonly Parcel[], first: number): Promise<void> => {
        let at = first;
        for await (const ended of deliver(batch, (part) => send(part, signal))) {
          settling.note(at, ended).catch(fail);
          at += ended.length;
        }
      };

      // The queue lets go of a task as soon as the signal aborts, before the task has come to its end.
      const begun: Promise<void>[] = [];
      let first = 0;
      const queued = batches(parcels, limits).map((batch) => {
        const at = first;
        first += batch.length;
        const begin = () => {
          const work = deliverAll(batch, at).catch(fail);
          begun.push(work);
          return work;
        };
        return queue.add(begin, { signal }).catch(fail);
      });
      await Promise.all(queued);
      await Promise.all(begun);
      await settling.rest().catch(fail);
      signal.throwIfAborted();
    },
    state: () => turn.state(),
    pause: () => turn.pause(),
    resume: () => turn.resume(),
    async close() {
      closing.abort();
      await sink.close();
    },
  };
}

/**
 * An answer that cannot be true of the batch is a bug in the sink or a receiver that lies. Whatever was read into it might bury
 * or claim the wrong event: the lane parks, which touches none, and the lanes beside it go on.
 */
function believed(answer: Delivery, batch: readonly Parcel[]): Delivery {
  try {
    if (answer.kind === 'partial') outcome(answer, batch);
    return answer;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { kind: 'parked', reason: error.message };
  }
}

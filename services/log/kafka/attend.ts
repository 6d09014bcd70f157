import type { Clock } from '../../core/clock.ts';
import type { Batch, Settled, Source } from '../../core/log.ts';
import { isOut, kafkaType } from './failure.ts';

export interface Patience {
  /** The group counts a member out that was silent for so long. */
  readonly sessionMs: number;
  /** How long a rebalance waits for its members. */
  readonly rebalanceMs: number;
  /** Longest a handler may take for one batch. */
  readonly handlerMs: number;
  /** How long a handler that was told to end may take to do so before it is left to itself. */
  readonly endMs: number;
}

/** How a batch ended. */
export type Attended =
  | { readonly kind: 'settled'; readonly settled: Settled | undefined }
  /** The handler threw of itself. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** The partition is no longer ours; what the handler did does not count. */
  | { readonly kind: 'lost'; readonly error: unknown }
  /** It took longer than `handlerMs`. */
  | { readonly kind: 'overdue' };

/** The group is about to count this member out: it was not reached for too long, or a rebalance waited too long. */
export class SessionEnding extends Error {
  override readonly name = 'SessionEnding';
  /** kafkajs may try again: the next heartbeat shows whether the member is still in. */
  readonly retriable = true;
}

export interface Watch {
  readonly handle: Parameters<Source['run']>[0];
  readonly heartbeat: () => Promise<void>;
  readonly clock: Clock;
  readonly patience: Patience;
  /** Aborts when the partition is taken away or the source stops. */
  readonly signal: AbortSignal;
}

/** Between two heartbeats; kafkajs sends them no faster than its own interval. */
const BEAT_MS = 1_000;

/**
 * Runs the handler and keeps the member in its group meanwhile. The handler is told to end, by its signal, when the partition
 * is lost, when a rebalance has waited for half of its time, when the session is about to end for want of an answer, and
 * when it has taken too long. One that does not end then is left to itself: what it still does, consumers recognise by its
 * origin.
 */
export async function attend(batch: Batch, watch: Watch): Promise<Attended> {
  const told = new AbortController();
  const ended = new AbortController();
  const signal = AbortSignal.any([watch.signal, told.signal]);
  const work = start(batch, watch, signal).finally(() => ended.abort());
  const verdict = await Promise.race([work, beat(watch, ended.signal)]);
  if (verdict.kind !== 'lost' && verdict.kind !== 'overdue') return verdict;

  told.abort(verdict.kind === 'lost' ? verdict.error : new Error('the handler took too long'));
  const patience = watch.clock.sleep(watch.patience.endMs, ended.signal).catch(() => undefined);
  await Promise.race([work, patience]);
  ended.abort();
  return verdict;
}

async function start(batch: Batch, { handle }: Watch, signal: AbortSignal): Promise<Attended> {
  try {
    return { kind: 'settled', settled: await handle(batch, signal) };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** Heartbeats until the handler has ended or has to. Never answers for a handler that ended: its verdict is its own. */
async function beat({ heartbeat, clock, patience }: Watch, ended: AbortSignal): Promise<Attended> {
  const now = () => clock.now().getTime();
  const startedAt = now();
  let answeredAt = startedAt;
  let rebalancingSince: number | undefined;
  let refused: { readonly error: unknown } | undefined;
  let asking = false;

  // Not awaited: a broker that hangs must not keep us from seeing the session end.
  const ask = () => {
    if (asking) return;
    asking = true;
    const answered = () => {
      answeredAt = now();
    };
    const turnedDown = (error: unknown) => {
      if (kafkaType(error) === 'REBALANCE_IN_PROGRESS') {
        answered();
        rebalancingSince ??= now();
      } else if (isOut(error)) refused = { error };
    };
    heartbeat()
      .then(answered, turnedDown)
      .finally(() => {
        asking = false;
      });
  };

  while (await slept(clock, ended)) {
    if (refused !== undefined) return { kind: 'lost', error: refused.error };
    if (now() - startedAt > patience.handlerMs) return { kind: 'overdue' };
    if (now() - answeredAt > patience.sessionMs * 0.8) return lost('the group did not answer heartbeats');
    if (now() - (rebalancingSince ?? now()) > patience.rebalanceMs / 2)
      return lost('a rebalance waits for the handler');
    ask();
  }
  return new Promise(() => {});
}

const lost = (why: string): Attended => ({ kind: 'lost', error: new SessionEnding(why) });

/** False when the handler ended first. */
async function slept(clock: Clock, ended: AbortSignal): Promise<boolean> {
  await clock.sleep(BEAT_MS, ended).catch(() => undefined);
  return !ended.aborted;
}

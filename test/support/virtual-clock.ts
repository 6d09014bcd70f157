import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../services/core/clock.ts';

export interface VirtualClock extends Clock {
  /** Lets `ms` pass: sleepers wake in the order of their time, and what each does comes to rest before time moves on. */
  pass(ms: number): Promise<void>;
  /** Lets as much time pass as the work takes; throws where it waits and nobody sleeps, so that nothing would ever happen. */
  finish<T>(work: Promise<T>): Promise<T>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * Time for many sleepers at once that stands still until a test lets it pass. What runs on it may wait for promises and
 * for the clock, not for real input or output.
 */
export function virtualClock(start = new Date('2026-01-15T09:00:00Z')): VirtualClock {
  let now = start.getTime();
  const sleepers = new Set<Sleeper>();

  /** Wakes whoever sleeps shortest, unless that is beyond `before`. */
  async function wakeNext(before: number): Promise<boolean> {
    await setImmediate();
    let next: Sleeper | undefined;
    for (const one of sleepers) if (one.at <= before && (next === undefined || one.at < next.at)) next = one;
    if (next === undefined) return false;
    now = next.at;
    next.wake();
    await setImmediate();
    return true;
  }

  return {
    now: () => new Date(now),
    async sleep(ms, signal) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const sleeper = { at: now + Math.max(0, ms), wake: resolve };
      const stop = () => reject(signal.reason);
      sleepers.add(sleeper);
      signal.addEventListener('abort', stop);
      await promise.finally(() => {
        sleepers.delete(sleeper);
        signal.removeEventListener('abort', stop);
      });
    },
    async pass(ms) {
      const end = now + ms;
      while (await wakeNext(end));
      now = end;
    },
    async finish(work) {
      let isDone = false;
      const done = work.finally(() => {
        isDone = true;
      });
      done.catch(() => undefined);
      while (!isDone)
        if (!(await wakeNext(Infinity)) && !isDone) throw new Error('the work waits for what never comes');
      return done;
    },
  };
}

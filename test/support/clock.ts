import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../services/core/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time on; whoever sleeps until then wakes. */
  advance(ms: number): void;
}

/** Time that passes only when a sleep asks for it (each sleep moves it on by its length at once) or a test says so. */
export function fakeClock(start = new Date('2026-01-15T09:00:00Z')): FakeClock {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    advance(ms) {
      now += ms;
    },
    async sleep(ms, signal) {
      signal.throwIfAborted();
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      now += ms;
    },
  };
}

/** Real sleeps, and a date that a test can move on: for what happens after days. */
export function shiftedClock(): FakeClock {
  let shift = 0;
  return {
    now: () => new Date(Date.now() + shift),
    advance(ms) {
      shift += ms;
    },
    async sleep(ms, signal) {
      signal.throwIfAborted();
      await setTimeout(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
    },
  };
}

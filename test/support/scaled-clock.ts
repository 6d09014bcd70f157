import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../services/core/clock.ts';

/** Time that passes `factor` times as fast as it does: hours of waiting for a receiver over a real socket. */
export function scaledClock(factor: number, start = new Date('2026-06-15T12:00:00Z')): Clock {
  const begun = performance.now();
  return {
    now: () => new Date(start.getTime() + (performance.now() - begun) * factor),
    async sleep(ms, signal) {
      signal.throwIfAborted();
      await setTimeout(ms / factor, undefined, { signal }).catch(() => signal.throwIfAborted());
    },
  };
}

import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';

export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    signal.throwIfAborted();
    await setTimeout(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  },
};

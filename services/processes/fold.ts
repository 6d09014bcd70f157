import type { Clock } from '../core/clock.ts';

const MINUTE = 60_000;

/**
 * A dashboard that asks the same again and again is one event per principal, query and minute. Who asks while the first
 * is being recorded waits for it; one that could not be recorded counts for nobody.
 */
export function fold(clock: Clock): (key: string, tell: () => Promise<void>) => Promise<void> {
  let minute = 0;
  const told = new Map<string, Promise<void>>();
  return async (key, tell) => {
    const now = Math.floor(clock.now().getTime() / MINUTE);
    if (now !== minute) told.clear();
    minute = now;
    const before = told.get(key);
    if (before !== undefined) return before;
    const telling = tell();
    told.set(key, telling);
    try {
      await telling;
    } catch (error) {
      if (told.get(key) === telling) told.delete(key);
      throw error;
    }
  };
}

import type { Clock } from '../../core/clock.ts';

/** Wakes waiting consumers of the same process; those of other processes find new records by polling. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring after the call, after `ms`, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function openBell(clock: Clock): Bell {
  const waiting = new Set<AbortController>();
  return {
    ring() {
      for (const waiter of waiting) waiter.abort();
      waiting.clear();
    },
    async wait(ms, signal) {
      const waiter = new AbortController();
      const end = () => waiter.abort();
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      waiting.add(waiter);
      await clock.sleep(ms, waiter.signal).catch(() => undefined);
      waiting.delete(waiter);
      signal.removeEventListener('abort', end);
    },
  };
}

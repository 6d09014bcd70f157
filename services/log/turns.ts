import { setImmediate } from 'node:timers/promises';

/** Resolves when it is one's turn: one at a time, and the event loop goes round between two. */
export type Turn = () => Promise<void>;

/**
 * Handlers work for long without waiting. Where several partitions have something to hand out, one would follow the other without
 * a heartbeat, a timer or an answer in between: each begins in a round of the event loop of its own.
 */
export function openTurns(): Turn {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => setImmediate());
    return last;
  };
}

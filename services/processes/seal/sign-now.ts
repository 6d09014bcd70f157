import type { Signing } from '../../console/checkpoint.ts';
import type { Clock } from '../../core/clock.ts';
import type { Position } from '../../core/log.ts';

/** How often it is looked whether a partition has been read as far as it goes. */
const LOOK_MS = 50;

/** What is sealed of a partition so far, and how to sign it. */
export interface Signable {
  /** Offset on audit.events to be read next; undefined where its tree is not open. */
  next(partition: number): number | undefined;
  isStopped(partition: number): boolean;
  seal(partition: number): Promise<void>;
}

/** Waits until what the topic held when it was asked has been read, and signs it. */
export async function signNow(
  positions: readonly Position[],
  { next, isStopped, seal }: Signable,
  clock: Clock,
  signal: AbortSignal,
): Promise<Signing> {
  for (const { partition, end } of positions) {
    while (!isStopped(partition) && (next(partition) ?? 0) < end) await clock.sleep(LOOK_MS, signal);
    await seal(partition);
    if (isStopped(partition))
      return {
        kind: 'refused',
        reason: `audit partition ${partition} is signed no more: it contradicts what was signed`,
      };
  }
  return { kind: 'signed' };
}

import { listenForCheckpoints } from '../../console/checkpoint.ts';
import { isListening } from '../../console/socket.ts';
import type { Clock } from '../../core/clock.ts';
import type { SealRole } from './index.ts';

/** How long one who wants a checkpoint is kept waiting. */
const WISH_MS = 60_000;

/** How often it is looked whose the socket is. */
const LOOK_MS = 500;

/**
 * Listens for wishes while this process is the one that seals, and nobody else does: one that waits for the lease must not take
 * the socket away from the one that has it.
 */
export async function grantWishes(
  path: string,
  role: Pick<SealRole, 'isAtWork' | 'signNow'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    if (role.isAtWork() && !(await isListening(path))) {
      const wishes = await listenForCheckpoints(path, () => role.signNow(AbortSignal.timeout(WISH_MS)));
      while (!signal.aborted && role.isAtWork()) await clock.sleep(LOOK_MS, signal).catch(() => {});
      await wishes.close();
    }
    await clock.sleep(LOOK_MS, signal).catch(() => {});
  }
}

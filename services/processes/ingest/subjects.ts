import type { Clock } from '../../core/clock.ts';
import type { Destroyed, Keys } from '../../privacy/keys.ts';

/** Keys of the subjects that were met, at hand while a batch is settled. */
export interface Subjects {
  readonly known: ReadonlyMap<string, Uint8Array | Destroyed>;
  /** Forgets what may have been destroyed since. Called before each batch. */
  renew(): Promise<void>;
  fetch(names: readonly string[]): Promise<void>;
}

/** With more, all are fetched anew. */
const REMEMBERED = 20_000;

/** A key whose file was taken away by hand, and not destroyed, is used no longer than this. */
const TRUSTED_MS = 60_000;

/** A key that was destroyed is used for no batch that begins afterwards. */
export function openSubjects(keys: Pick<Keys, 'getAll' | 'destroyed'>, clock: Clock): Subjects {
  const known = new Map<string, Uint8Array | Destroyed>();
  let [buried, since] = [0, 0];

  return {
    known,
    async renew() {
      const [now, graves] = [clock.now().getTime(), await keys.destroyed()];
      if (graves === buried && known.size <= REMEMBERED && Math.abs(now - since) <= TRUSTED_MS) return;
      known.clear();
      [buried, since] = [graves, now];
    },
    async fetch(names) {
      for (const [name, key] of await keys.getAll(names)) known.set(name, key);
    },
  };
}

import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import type { Store } from '../../core/store.ts';
import type { Signer, Verifier } from '../../ledger/note.ts';
import type { Disk } from './disk.ts';

/** What the ledger of one audit partition is made with. */
export interface SealParts {
  readonly log: Log;
  readonly store: Store;
  readonly disk: Disk;
  /** Folder of all trees; one below it per audit partition. */
  readonly folder: string;
  /** The customer's directory. */
  readonly outside: string | undefined;
  readonly origin: string;
  readonly signer: Signer;
  /** Whose checkpoints are believed: the signer's and those of keys before it. */
  readonly known: readonly Verifier[];
  readonly clock: Clock;
  readonly logger: Logger;
}

export const EVENTS = 'audit.events';

/** Something is in the way for now: it is looked at again. The message is ours and holds no event. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}

/** A record is not one of ours, or not whole. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** What was signed and what there is do not go together. Nothing more of the partition is signed until somebody has looked. */
export class HistoryDiffers extends Error {
  override readonly name = 'HistoryDiffers';
}

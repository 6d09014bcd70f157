import { openNote, type Signer, signNote, type Verifier } from './note.ts';
import { HASH_BYTES } from './tree.ts';

/** What a signature stands for: the tree at a size (https://c2sp.org/tlog-checkpoint), and what goes with it. */
export interface Checkpoint {
  /** `<name of the installation>/<audit partition>` */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Audit offset the ledger of the partition begins at: records before it are not in the tree. */
  readonly firstOffset: number;
  /** Audit offset of the last leaf. */
  readonly lastOffset: number;
  /** RFC 3339, UTC, by the clock of who signed. */
  readonly signedAt: string;
  /** SHA-256 of the accounting statement that belongs to it. */
  readonly accounting: Uint8Array;
}

/** A checkpoint, and the signed note it was read from. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: string;
}

export function signCheckpoint(checkpoint: Checkpoint, signers: readonly Signer[]): SignedCheckpoint {
  const { origin, size, root, firstOffset, lastOffset, signedAt, accounting } = checkpoint;
  const lines = [
    origin,
    size,
    base64(root),
    `first-offset ${firstOffset}`,
    `last-offset ${lastOffset}`,
    `signed-at ${signedAt}`,
    `accounting ${base64(accounting)}`,
  ];
  return { ...checkpoint, note: signNote(`${lines.join('\n')}\n`, signers) };
}

export type OpenedCheckpoint =
  | { readonly kind: 'verified'; readonly checkpoint: SignedCheckpoint; readonly by: readonly Verifier[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** Reads what a known key has signed. A signature by anybody else is as good as none. */
export function openCheckpoint(note: string, known: readonly Verifier[]): OpenedCheckpoint {
  const opened = openNote(note, known);
  if (opened.kind === 'refused') return opened;
  const checkpoint = read(opened.text);
  if (checkpoint === undefined) return { kind: 'refused', reason: 'it is signed, but no checkpoint of a ledger' };
  return { kind: 'verified', checkpoint: { ...checkpoint, note }, by: opened.by };
}

const HASH = '([A-Za-z0-9+/]{43}=)';
const COUNT = '(0|[1-9][0-9]{0,15})';
const BODY = new RegExp(
  `^([^\\n]+)\\n${COUNT}\\n${HASH}\\nfirst-offset ${COUNT}\\nlast-offset ${COUNT}\\nsigned-at ([0-9TZ:.-]+)\\naccounting ${HASH}\\n$`,
);

function read(text: string): Checkpoint | undefined {
  const [, origin, size, root, firstOffset, lastOffset, signedAt, accounting] = BODY.exec(text) ?? [];
  if (origin === undefined || signedAt === undefined || root === undefined || accounting === undefined)
    return undefined;
  return {
    origin,
    size: Number(size),
    root: bytes(root),
    firstOffset: Number(firstOffset),
    lastOffset: Number(lastOffset),
    signedAt,
    accounting: bytes(accounting),
  };
}

const base64 = (hash: Uint8Array): string => Buffer.from(hash).toString('base64');

const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64').subarray(0, HASH_BYTES);

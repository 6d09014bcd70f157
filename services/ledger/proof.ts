import { openCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import type { Verifier } from './note.ts';
import { HASH_BYTES, verifyInclusion } from './tree.ts';

/** That one leaf is in a signed tree, as a file that needs nothing else (https://c2sp.org/tlog-proof). */

const HEAD = 'c2sp.org/tlog-proof@v1';

export interface Proof {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  /** The signed note, as it stands. */
  readonly checkpoint: string;
}

export function writeProof({ index, hashes, checkpoint }: Proof): string {
  const lines = hashes.map((hash) => `${Buffer.from(hash).toString('base64')}\n`);
  return `${HEAD}\nindex ${index}\n${lines.join('')}\n${checkpoint}`;
}

/** Undefined where the text is no proof. Extra data, which nobody signs, is passed over. */
export function readProof(text: string): Proof | undefined {
  const [, index, lines, checkpoint] =
    /^c2sp\.org\/tlog-proof@v1\n(?:extra [^\n]*\n)?index (0|[1-9][0-9]{0,15})\n((?:[A-Za-z0-9+/]{43}=\n){0,63})\n([\s\S]+)$/.exec(
      text,
    ) ?? [];
  if (lines === undefined || checkpoint === undefined) return undefined;
  const hashes = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'base64').subarray(0, HASH_BYTES));
  return { index: Number(index), hashes, checkpoint };
}

export type Proved =
  | { readonly kind: 'proved'; readonly checkpoint: SignedCheckpoint; readonly index: number }
  | { readonly kind: 'refused'; readonly reason: string };

/** Whether a proof shows that a leaf is in a tree that a known key has signed. */
export function checkProof(text: string, leaf: Uint8Array, known: readonly Verifier[]): Proved {
  const proof = readProof(text);
  if (proof === undefined) return { kind: 'refused', reason: 'it is no inclusion proof' };
  const opened = openCheckpoint(proof.checkpoint, known);
  if (opened.kind === 'refused') return { kind: 'refused', reason: `its checkpoint: ${opened.reason}` };
  const { checkpoint } = opened;
  const { size, root } = checkpoint;
  if (!verifyInclusion({ leaf, index: proof.index, size, proof: proof.hashes, root }))
    return { kind: 'refused', reason: 'the leaf is not where the proof says' };
  return { kind: 'proved', checkpoint, index: proof.index };
}

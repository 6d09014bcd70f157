import { hash, verify } from 'node:crypto';
import { attempt, base64 } from './json.ts';
import type { Checkpoint, Row } from './report.ts';

export const sha256 = (...parts: readonly Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');

// ---- Signatures and trees: DSSE, C2SP signed-note and tlog-checkpoint, RFC 6962

const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
export const NO_HASH = Buffer.alloc(0);
export const signed = (type: string, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);

export function isSigned(message: Buffer, signature: Buffer, spki: Buffer): boolean {
  const isEd25519 = spki.length === SPKI.length + 32 && spki.subarray(0, SPKI.length).equals(SPKI);
  return (
    isEd25519 && attempt(() => verify(null, message, { key: spki, format: 'der', type: 'spki' }, signature), false)
  );
}

const HEAD =
  /^([^\n+]+)\/(0|[1-9]\d*)\n(0|[1-9]\d{0,12})\n(.{43}=)\nfirst-offset \d+\nlast-offset \d+\nsigned-at (.+)\naccounting (.{43}=)\n$/;

/** A tree's head, signed by a key of its log; undefined where none has signed it, or the signature does not fit. */
export function openCheckpoint(note: string, vkeys: readonly string[], partition: number): Checkpoint | undefined {
  const split = note.lastIndexOf('\n\n') + 1;
  const [body, tail] = [note.slice(0, split), note.slice(split).split('\n')];
  const [, log = '', place, size, root = '', signedAt = '', accounting = ''] = HEAD.exec(body) ?? [];
  for (const vkey of vkeys.filter((one) => one.startsWith(`${log}+`) && Number(place) === partition)) {
    const [, id = '', material = ''] = /^([0-9a-f]{8})\+(.+)$/.exec(vkey.slice(log.length + 1)) ?? [];
    const key = base64(material);
    const isKey = key[0] === 1 && sha256(Buffer.from(`${log}\n`), key).toString('hex', 0, 4) === id;
    const lines = tail.filter((line) => line.startsWith(`— ${log} `)).map((line) => base64(line.slice(log.length + 3)));
    const mine = lines.find((bytes) => bytes.toString('hex', 0, 4) === id)?.subarray(4) ?? NO_HASH;
    const spki = Buffer.concat([SPKI, key.subarray(1)]);
    const head = { origin: `${log}/${place}`, size: Number(size), root: base64(root), accounting: base64(accounting) };
    if (isKey && isSigned(Buffer.from(body), mine, spki))
      return { ...head, note, signedAt, fingerprint: sha256(spki).toString('hex') };
  }
  return undefined;
}

const node = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.of(1), left, right);

/** Largest power of two below a width of two or more. */
const leftOf = (width: number): number => 2 ** Math.ceil(Math.log2(width) - 1);

/**
 * Root over the rows and the hashes of the subtrees between them, left to right; undefined where any is left over. The inclusion
 * proof of leaf `of` goes to `path`.
 */
export function rootOf(
  rows: readonly Row[],
  size: number,
  hashes: readonly Buffer[],
  of = -1,
  path: Buffer[] = [],
): Buffer | undefined {
  let [row, next] = [0, 0];
  const subtree = (from: number, to: number): Buffer => {
    if ((rows[row]?.index ?? size) >= to) return hashes[next++] ?? NO_HASH;
    if (to - from === 1) return Buffer.from(rows[row++]?.leaf ?? '', 'latin1');
    const middle = from + leftOf(to - from);
    const [left, right] = [subtree(from, middle), subtree(middle, to)];
    if (from <= of && of < to) path.push(of < middle ? right : left);
    return node(left, right);
  };
  const root = subtree(0, size);
  return row === rows.length && next === hashes.length ? root : undefined;
}

/** RFC 9162, 2.1.4: the tree of the second checkpoint begins with the one of the first. The proof is read as it is made. */
export function isConsistent(first: Checkpoint, second: Checkpoint, proof: readonly Buffer[]): boolean {
  let next = 0;
  const roots = (old: number, all: number, isWhole: boolean): readonly [Buffer, Buffer] => {
    if (old === all) return isWhole ? [first.root, first.root] : [proof[next] ?? NO_HASH, proof[next++] ?? NO_HASH];
    const left = leftOf(all);
    const [one, two] = old <= left ? roots(old, left, isWhole) : roots(old - left, all - left, false);
    const other = proof[next++] ?? NO_HASH;
    return old <= left ? [one, node(two, other)] : [node(other, one), node(other, two)];
  };
  if (first.size > second.size || first.size === 0) return first.size === 0 && proof.length === 0;
  const [one, two] = roots(first.size, second.size, true);
  return next === proof.length && one.equals(first.root) && two.equals(second.root);
}

/** What a tree proves of the leaf at an index (c2sp.org/tlog-proof). */
export const proofText = (index: number, path: readonly Buffer[], { note }: Checkpoint): string =>
  `c2sp.org/tlog-proof@v1\nindex ${index}\n${path.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${note}`;

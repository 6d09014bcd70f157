import { hash } from 'node:crypto';

/**
 * The Merkle tree of RFC 6962, section 2.1, over leaf hashes (SHA-256(0x00 ‖ entry)), which are made elsewhere. Hashes are of
 * 32 bytes; several in a row are packed end to end.
 */

export const HASH_BYTES = 32;

/** Root of the tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT: Uint8Array = hash('sha256', '', 'buffer');

/** The complete subtree of 2^level leaves that begins at leaf index·2^level. */
export type NodeReader = (level: number, index: number) => Promise<Uint8Array>;

/** Hashing is synchronous, so one buffer serves all calls. */
const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return hash('sha256', pair, 'buffer');
}

/** Root over packed hashes: of leaves, or of complete subtrees of one size, the last of which may be smaller. */
export function rootOf(packed: Uint8Array): Uint8Array {
  if (packed.length % HASH_BYTES !== 0) throw new RangeError(`${packed.length} bytes are no whole hashes`);
  let row = split(packed);
  if (row.length === 0) return EMPTY_ROOT;
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let index = 0; index < row.length; index += 2) {
      const [left, right] = [at(row, index), row[index + 1]];
      above.push(right === undefined ? left : nodeHash(left, right));
    }
    row = above;
  }
  return at(row, 0);
}

export function split(packed: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: packed.length / HASH_BYTES }, (_, index) => hashAt(packed, index));
}

export const hashAt = (packed: Uint8Array, index: number): Uint8Array =>
  packed.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);

export const sameHash = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** A run of leaves that is one complete subtree. */
interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** Leaves `first` up to, not including, `next` as complete subtrees, from left to right. `first` is where a subtree begins. */
function subtrees(first: number, next: number): readonly Subtree[] {
  const found: Subtree[] = [];
  for (let at = first; at < next; ) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= next) level++;
    found.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return found;
}

/** Hash of leaves `first` up to, not including, `next`, a subtree of some tree. */
async function rangeHash(read: NodeReader, first: number, next: number): Promise<Uint8Array> {
  const parts = await Promise.all(subtrees(first, next).map(({ level, index }) => read(level, index)));
  return parts.reduceRight((right, left) => nodeHash(left, right));
}

/** Root of the tree as it was at a size. */
export async function rootAt(read: NodeReader, size: number): Promise<Uint8Array> {
  return size === 0 ? EMPTY_ROOT : rangeHash(read, 0, size);
}

/** Largest power of two below `size`, for a size of 2 or more. */
function leftSize(size: number): number {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}

/** RFC 6962, 2.1.1: from the leaf's sibling up to the child of the root. */
export async function inclusionProof(read: NodeReader, index: number, size: number): Promise<readonly Uint8Array[]> {
  if (index >= size || index < 0) throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
  const proof: Uint8Array[] = [];
  let [first, next] = [0, size];
  while (next - first > 1) {
    const middle = first + leftSize(next - first);
    const isLeft = index < middle;
    proof.push(await (isLeft ? rangeHash(read, middle, next) : rangeHash(read, first, middle)));
    [first, next] = isLeft ? [first, middle] : [middle, next];
  }
  return proof.reverse();
}

/** RFC 6962, 2.1.2: that the tree of `second` leaves begins with the one of `first`. Empty where nothing has to be shown. */
export async function consistencyProof(
  read: NodeReader,
  first: number,
  second: number,
): Promise<readonly Uint8Array[]> {
  if (first > second || first < 0) throw new RangeError(`a tree of ${second} does not begin with one of ${first}`);
  if (first === 0 || first === second) return [];
  const proof: Uint8Array[] = [];
  let [begin, next] = [0, second];
  let isWhole = true;
  while (first !== next) {
    const middle = begin + leftSize(next - begin);
    if (first <= middle) {
      proof.push(await rangeHash(read, middle, next));
      next = middle;
    } else {
      proof.push(await rangeHash(read, begin, middle));
      begin = middle;
      isWhole = false;
    }
  }
  if (!isWhole) proof.push(await rangeHash(read, begin, next));
  return proof.reverse();
}

/** What an inclusion proof is about. */
export interface Inclusion {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** RFC 9162, 2.1.3.2. */
export function verifyInclusion({ leaf, index, size, proof, root }: Inclusion): boolean {
  if (![index, size].every(Number.isSafeInteger) || index < 0 || index >= size) return false;
  if (![leaf, root, ...proof].every(isHash)) return false;
  let [at, last] = [index, size - 1];
  let reached = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      reached = nodeHash(sibling, reached);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else reached = nodeHash(reached, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && sameHash(reached, root);
}

/** What a consistency proof is about. */
export interface Consistency {
  readonly first: number;
  readonly firstRoot: Uint8Array;
  readonly second: number;
  readonly secondRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** RFC 9162, 2.1.4.2, and the cases that need no proof: two of one size, and the tree without leaves. */
export function verifyConsistency({ first, firstRoot, second, secondRoot, proof }: Consistency): boolean {
  if (![first, second].every(Number.isSafeInteger) || first < 0 || first > second) return false;
  if (![firstRoot, secondRoot, ...proof].every(isHash)) return false;
  if (first === second) return proof.length === 0 && sameHash(firstRoot, secondRoot);
  if (first === 0) return proof.length === 0 && sameHash(firstRoot, EMPTY_ROOT);
  const path = Number.isInteger(Math.log2(first)) ? [firstRoot, ...proof] : proof;
  let [at, last] = [first - 1, second - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  const [begin, ...rest] = path;
  if (begin === undefined) return false;
  let [old, fresh] = [begin, begin];
  for (const node of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [old, fresh] = [nodeHash(node, old), nodeHash(node, fresh)];
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else fresh = nodeHash(fresh, node);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && sameHash(old, firstRoot) && sameHash(fresh, secondRoot);
}

const isHash = (bytes: Uint8Array): boolean => bytes.length === HASH_BYTES;

function at(row: readonly Uint8Array[], index: number): Uint8Array {
  const found = row[index];
  if (found === undefined) throw new RangeError(`no hash at ${index}`);
  return found;
}

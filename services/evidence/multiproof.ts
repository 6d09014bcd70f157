import { nodesOf, type TileReader } from '../ledger/tiles.ts';
import { type NodeReader, nodeHash } from '../ledger/tree.ts';

/**
 * The hashes that, with the leaves at `indices`, make the root of a tree: those of the largest subtrees that hold none of them, left
 * to right. One proof for many leaves: what single inclusion proofs have in common stands in it once, so that a
 * stretch of leaves costs as many hashes as the two ends of it, and a lone leaf as many as its own proof.
 */
export async function* subtreesBetween(
  indices: readonly number[],
  tiles: TileReader,
  size: number,
): AsyncGenerator<Uint8Array> {
  const read = nodesOf(tiles, size);
  let at = 0;

  async function* walk(from: number, to: number): AsyncGenerator<Uint8Array> {
    if ((indices[at] ?? size) >= to) yield await hashOf(read, from, to);
    else if (to - from === 1) at++;
    else {
      const middle = from + leftOf(to - from);
      yield* walk(from, middle);
      yield* walk(middle, to);
    }
  }
  yield* walk(0, size);
}

/** Hash of the leaves of a node of the tree; at its right edge the node need not be complete. */
async function hashOf(read: NodeReader, from: number, to: number): Promise<Uint8Array> {
  const level = Math.log2(to - from);
  if (Number.isInteger(level)) return read(level, from / (to - from));
  const middle = from + leftOf(to - from);
  return nodeHash(await hashOf(read, from, middle), await hashOf(read, middle, to));
}

/** Largest power of two below a width of two or more. */
const leftOf = (width: number): number => 2 ** Math.ceil(Math.log2(width) - 1);

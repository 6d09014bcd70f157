import { hash } from 'node:crypto';
import { Edge } from '../../services/ledger/edge.ts';
import { type TileReader, tilePath } from '../../services/ledger/tiles.ts';

/** Leaf hash number `index` of a tree for tests. */
export const leafAt = (index: number): Uint8Array => hash('sha256', `\0leaf ${index}`, 'buffer');

/** A tree of `size` leaves as tiles in memory, by path: those of its size and all that are full. */
export function growTiles(size: number, leaf = leafAt): { readonly edge: Edge; readonly tiles: TileReader } {
  const files = new Map<string, Uint8Array>();
  const edge = new Edge();
  for (let index = 0; index < size; index++)
    edge.append(leaf(index), (tile) => void files.set(tilePath(tile), tile.hashes));
  for (const tile of edge.partials()) files.set(tilePath(tile), tile.hashes);
  return { edge, tiles: readTiles(files) };
}

function readTiles(files: ReadonlyMap<string, Uint8Array>): TileReader {
  return async (level, index, width) => {
    const found = files.get(tilePath({ level, index, width })) ?? files.get(tilePath({ level, index, width: 256 }));
    if (found === undefined) throw new Error(`no tile ${tilePath({ level, index, width })}`);
    return found;
  };
}

/** MTH as RFC 6962, 2.1, words it, over leaf hashes: the slow twin. */
export function plainRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return hash('sha256', '', 'buffer');
  if (leaves.length === 1) return only;
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  const [left, right] = [plainRoot(leaves.slice(0, half)), plainRoot(leaves.slice(half))];
  return hash('sha256', Buffer.concat([Uint8Array.of(1), left, right]), 'buffer');
}

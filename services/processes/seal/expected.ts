import { TILE_WIDTH } from '../../ledger/tiles.ts';
import { inclusionProof, type NodeReader, verifyInclusion } from '../../ledger/tree.ts';
import type { Place, Places } from './places.ts';

/** A leaf as it was signed, and the event it is of. */
export interface Expected extends Place {
  readonly index: number;
  readonly leaf: Uint8Array;
}

/** The files of a tree are not those of the root that was signed. */
export class TreeBroken extends Error {
  override readonly name = 'TreeBroken';
}

interface Tree {
  readonly size: number;
  readonly root: Uint8Array;
  readonly nodes: NodeReader;
  readonly places: Places;
}

/** Leaves `first` up to, not including, `next`, each of a tile that leads to the root. */
export async function expectedLeaves(
  { size, root, nodes, places }: Tree,
  first: number,
  next: number,
): Promise<readonly Expected[]> {
  const leaves: Expected[] = [];
  for (const [at, place] of (await places.read(first, next)).entries()) {
    const index = first + at;
    const leaf = await nodes(0, index);
    const isNewTile = at === 0 || index % TILE_WIDTH === 0;
    if (isNewTile && !verifyInclusion({ leaf, index, size, root, proof: await inclusionProof(nodes, index, size) }))
      throw new TreeBroken(`the tile of leaf ${index} does not lead to the signed root`);
    if (place.auditOffset <= (leaves.at(-1)?.auditOffset ?? -1))
      throw new TreeBroken(`the audit offsets of the leaves do not rise at leaf ${index}`);
    leaves.push({ ...place, index, leaf });
  }
  return leaves;
}

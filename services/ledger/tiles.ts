import { HASH_BYTES, type NodeReader, nodeHash, split } from './tree.ts';

/** The tree as files: tiles of 256 hashes (https://c2sp.org/tlog-tiles). */

/** Levels of the tree that one tile spans. */
const TILE_HEIGHT = 8;

/** Hashes in a full tile. */
export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/** Which tile: its level, its index in the level, and how many hashes it holds. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** The packed hashes of a tile: `width` of them, or more where the fuller tile has taken its place. */
export type TileReader = (level: number, index: number, width: number) => Promise<Uint8Array>;

/** `tile/0/x001/x234/067`, and `.p/5` behind it where the tile holds 5 hashes. */
export function tilePath({ level, index, width }: Tile): string {
  const suffix = width === TILE_WIDTH ? '' : `.p/${width}`;
  return `tile/${level}/${indexPath(index)}${suffix}`;
}

function indexPath(index: number): string {
  const last = String(index % 1000).padStart(3, '0');
  let path = last;
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  return path;
}

/** How many hashes a tile of a tree holds; 0 where it is not there. */
export function tileWidth(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.min(TILE_WIDTH, Math.max(0, hashes - index * TILE_WIDTH));
}

/** The tiles at the right edge of a tree that are not full, by level. */
export function partialTiles(size: number): readonly Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level++) {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1));
    const width = tileWidth(level, index, size);
    if (width > 0) tiles.push({ level, index, width });
  }
  return tiles;
}

/** Tiles whose inner nodes are kept at hand: neighbours share the tiles above them. */
const KEPT = 64;

/** Reads the nodes of a tree of `size` leaves from its tiles. */
export function nodesOf(tiles: TileReader, size: number): NodeReader {
  const kept = new Map<string, Promise<Rows>>();

  function opened(level: number, index: number): Promise<Rows> {
    const name = `${level}/${index}`;
    const known = kept.get(name);
    if (known !== undefined) return known;
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size >= KEPT) kept.delete(oldest);
    const opening = openTile(tiles, { level, index, width: tileWidth(level, index, size) });
    kept.set(name, opening);
    opening.catch(() => kept.delete(name));
    return opening;
  }

  return async (level, index) => {
    const inTile = level % TILE_HEIGHT;
    const tileLevel = (level - inTile) / TILE_HEIGHT;
    const perTile = 2 ** (TILE_HEIGHT - inTile);
    const rows = await opened(tileLevel, Math.floor(index / perTile));
    const node = rows[inTile]?.[index % perTile];
    if (node === undefined) throw new RangeError(`node ${level}/${index} is not in a tree of ${size}`);
    return node;
  };
}

/** The hashes of a tile, their parents, and so on, as far as they are complete. */
type Rows = readonly (readonly Uint8Array[])[];

async function openTile(tiles: TileReader, { level, index, width }: Tile): Promise<Rows> {
  if (width === 0) throw new RangeError(`there is no tile ${level}/${index} in this tree`);
  const packed = await tiles(level, index, width);
  if (packed.length < width * HASH_BYTES) throw new TileShort({ level, index, width });
  const rows: Uint8Array[][] = [[...split(packed.subarray(0, width * HASH_BYTES))]];
  for (let below = rows[0] ?? []; below.length > 1; ) {
    const row: Uint8Array[] = [];
    for (let at = 0; at + 1 < below.length; at += 2) {
      const [left, right] = [below[at], below[at + 1]];
      if (left !== undefined && right !== undefined) row.push(nodeHash(left, right));
    }
    rows.push(row);
    below = row;
  }
  return rows;
}

/** A tile's file holds fewer hashes than its tree needs. */
export class TileShort extends Error {
  override readonly name = 'TileShort';

  constructor(tile: Tile) {
    super(`${tilePath(tile)} holds fewer than ${tile.width} hashes`);
  }
}

import { partialTiles, TILE_WIDTH, type Tile, type TileReader } from './tiles.ts';
import { EMPTY_ROOT, HASH_BYTES, rootOf } from './tree.ts';

/** A tile with its hashes. */
export interface FilledTile extends Tile {
  readonly hashes: Uint8Array;
}

/** The right edge of a tree, the tiles that are not full yet: all it takes to grow it and to tell its root. */
export class Edge {
  #size = 0;
  /** By level; each has room for a full tile. */
  readonly #rows: { readonly hashes: Buffer; width: number }[] = [];

  /** The edge of a tree that was written down at a size. */
  static async open(tiles: TileReader, size: number): Promise<Edge> {
    const edge = new Edge();
    for (const { level, index, width } of partialTiles(size)) {
      const hashes = await tiles(level, index, width);
      const row = edge.#row(level);
      row.hashes.set(hashes.subarray(0, width * HASH_BYTES));
      row.width = width;
    }
    edge.#size = size;
    return edge;
  }

  get size(): number {
    return this.#size;
  }

  /** Appends a leaf hash, and hands on the tiles that it fills. */
  append(leaf: Uint8Array, filled: (tile: FilledTile) => void): void {
    let [hash, beyond] = [leaf, this.#size];
    for (let level = 0; ; level++) {
      const row = this.#row(level);
      row.hashes.set(hash, row.width * HASH_BYTES);
      row.width++;
      if (row.width < TILE_WIDTH) break;
      const hashes = Uint8Array.from(row.hashes);
      beyond = Math.floor(beyond / TILE_WIDTH);
      filled({ level, index: beyond, width: TILE_WIDTH, hashes });
      row.width = 0;
      hash = rootOf(hashes);
    }
    this.#size++;
  }

  /** The tiles that are not full. */
  partials(): readonly FilledTile[] {
    return partialTiles(this.#size).map((tile) => {
      const { hashes, width } = this.#row(tile.level);
      return { ...tile, hashes: Uint8Array.from(hashes.subarray(0, width * HASH_BYTES)) };
    });
  }

  root(): Uint8Array {
    let right: Uint8Array | undefined;
    for (const { hashes } of this.partials()) {
      const row = right === undefined ? hashes : Buffer.concat([hashes, right]);
      right = rootOf(row);
    }
    return right ?? EMPTY_ROOT;
  }

  #row(level: number): { readonly hashes: Buffer; width: number } {
    const known = this.#rows[level];
    if (known !== undefined) return known;
    const row = { hashes: Buffer.alloc(TILE_WIDTH * HASH_BYTES), width: 0 };
    this.#rows[level] = row;
    return row;
  }
}

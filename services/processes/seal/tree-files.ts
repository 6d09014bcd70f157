import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Edge, type FilledTile } from '../../ledger/edge.ts';
import { TILE_WIDTH, type Tile, type TileReader, tilePath } from '../../ledger/tiles.ts';
import { type Disk, isCode } from './disk.ts';
import { type Place, PlacesWriter } from './places.ts';

/** Reads tiles of a folder: the very width, or the full tile that has taken its place. */
export function tileFiles(folder: string): TileReader {
  return async (level, index, width) => {
    const whole = { level, index, width: TILE_WIDTH };
    return (await readTile(folder, { level, index, width })) ?? (await readTile(folder, whole)) ?? missing(whole);
  };
}

async function readTile(folder: string, tile: Tile): Promise<Uint8Array | undefined> {
  try {
    return await readFile(join(folder, tilePath(tile)));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A tile that a signed tree needs is not there. */
export class TileMissing extends Error {
  override readonly name = 'TileMissing';
}

function missing(tile: Tile): never {
  throw new TileMissing(`${tilePath(tile)} is missing`);
}

/** The tree of one audit partition in its folder. What was appended is durable after `flush`. */
export class TreeFiles {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #edge: Edge;
  readonly #places: PlacesWriter;
  #full: FilledTile[] = [];

  private constructor(folder: string, edge: Edge, places: PlacesWriter, disk: Disk) {
    this.#folder = folder;
    this.#edge = edge;
    this.#places = places;
    this.#disk = disk;
  }

  /** The tree as it was written at a size; whatever was written beyond it is made again. */
  static async open(folder: string, size: number, disk: Disk): Promise<TreeFiles> {
    const edge = await Edge.open(tileFiles(folder), size);
    return new TreeFiles(folder, edge, await PlacesWriter.open(folder, size, disk), disk);
  }

  get size(): number {
    return this.#edge.size;
  }

  /** Full tiles that are in memory only. */
  get pending(): number {
    return this.#full.length;
  }

  root(): Uint8Array {
    return this.#edge.root();
  }

  append(leaf: Uint8Array, place: Place): void {
    this.#edge.append(leaf, (tile) => void this.#full.push(tile));
    this.#places.add(place);
  }

  async flush(): Promise<void> {
    const full = this.#full;
    await this.#places.flush();
    await this.#disk.write([...full, ...this.#edge.partials()].map((tile) => this.#file(tile)));
    this.#full = this.#full.slice(full.length);
    for (const tile of full) await rm(`${this.#file(tile).path}.p`, { recursive: true, force: true });
  }

  #file(tile: FilledTile): { readonly path: string; readonly bytes: Uint8Array } {
    return { path: join(this.#folder, tilePath(tile)), bytes: tile.hashes };
  }
}

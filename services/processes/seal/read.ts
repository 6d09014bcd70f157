import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SignedCheckpoint } from '../../ledger/checkpoint.ts';
import type { Verifier } from '../../ledger/note.ts';
import type { Statement } from '../../ledger/statement.ts';
import type { TileReader } from '../../ledger/tiles.ts';
import { disk, isCode } from './disk.ts';
import { type Place, type Places, places } from './places.ts';
import { type Shelf, shelf } from './shelf.ts';
import { tileFiles } from './tree-files.ts';

/** The ledger as its files tell it: what is signed, and the trees beneath. Everything a proof needs, and no store. */
export interface Ledger {
  /** Audit partitions with a tree, in order. */
  partitions(): Promise<readonly number[]>;
  /**
   * The newest checkpoint; with an audit offset, the earliest that covers it. Undefined where nothing is signed, or not so far.
   * Throws `Untrusted` where it is not what a known key signed.
   */
  checkpoint(partition: number, atLeastOffset?: number): Promise<SignedCheckpoint | undefined>;
  /** What a checkpoint's accounting says of the raw offsets since the one before. */
  statement(partition: number, checkpoint: SignedCheckpoint): Promise<Statement>;
  /** All of a partition, oldest first. */
  checkpoints(partition: number): Shelf;
  /** Index of the leaf of an audit offset in the signed tree; undefined where none of it is an event. */
  leafIndex(partition: number, auditOffset: number): Promise<number | undefined>;
  /** Where leaves stand and come from, by index. */
  places(partition: number): Places;
  tiles(partition: number): TileReader;
  /** The keys that checkpoints are checked with, as verifiers of notes are handed them. */
  keys(): readonly string[];
}

/** Opens the ledger in a folder; `known` are the keys whose checkpoints are believed. */
export function openLedger(folder: string, known: readonly Verifier[]): Ledger {
  const below = (partition: number, ...names: readonly string[]) => join(folder, String(partition), ...names);
  const shelfOf = (partition: number): Shelf => shelf(below(partition, 'checkpoints'), known, disk);

  async function checkpoint(partition: number, atLeastOffset?: number): Promise<SignedCheckpoint | undefined> {
    const own = shelfOf(partition);
    if (atLeastOffset === undefined) return own.newest();
    const sizes = await own.sizes();
    let [low, high] = [0, sizes.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await own.checkpoint(sizes[middle] ?? 0)).lastOffset < atLeastOffset) low = middle + 1;
      else high = middle;
    }
    const size = sizes[low];
    return size === undefined ? undefined : own.checkpoint(size);
  }

  return {
    async partitions() {
      const names = await readdir(folder).catch((error: unknown) => {
        if (isCode(error, 'ENOENT')) return [];
        throw error;
      });
      const numbers = names.filter((name) => /^\d+$/.test(name)).map(Number);
      return numbers.sort((a, b) => a - b);
    },
    checkpoint,
    statement: (partition, signed) => shelfOf(partition).statement(signed),
    checkpoints: shelfOf,
    async leafIndex(partition, auditOffset) {
      const newest = await checkpoint(partition);
      if (newest === undefined) return undefined;
      const read = places(below(partition));
      const index = await read.indexFrom(auditOffset, newest.size);
      const [place]: readonly Place[] = index < newest.size ? await read.read(index, index + 1) : [];
      return place?.auditOffset === auditOffset ? index : undefined;
    },
    places: (partition) => places(below(partition)),
    tiles: (partition) => tileFiles(below(partition)),
    keys: () => known.map(({ vkey }) => vkey),
  };
}

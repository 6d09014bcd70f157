import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Store } from '../../core/store.ts';
import type { SignedCheckpoint } from '../../ledger/checkpoint.ts';
import type { Verifier } from '../../ledger/note.ts';
import { nodesOf } from '../../ledger/tiles.ts';
import { foldersOf, trusted, type Witnessed, witnesses } from './base.ts';
import { readCertified } from './certified.ts';
import { disk } from './disk.ts';
import { TreeBroken } from './expected.ts';
import { HistoryDiffers } from './parts.ts';
import { prove } from './prove.ts';
import { openLedger } from './read.ts';
import type { Shelf } from './shelf.ts';
import { type Verified, verify } from './verify.ts';

export interface LedgerPlaces {
  readonly folder: string;
  readonly outside: string | undefined;
  readonly known: readonly Verifier[];
  readonly store: Store;
  /** Directory of certificates of deletion and erasure, and the public keys whose signatures under them count. */
  readonly certificates: string;
  readonly certificateKeys: readonly KeyObject[];
  readonly clock: Clock;
}

/** RFC 3339, or empty: no bound. What was signed in between is looked at, whole intervals. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

/** What is found of one audit partition. `broken`: its ledger itself cannot be believed. */
export type PartitionVerified =
  | ({ readonly kind: 'compared'; readonly partition: number; readonly checkpoint: SignedCheckpoint } & Verified & {
        readonly first: number;
      })
  | { readonly kind: 'broken'; readonly partition: number; readonly reason: string };

export interface LedgerVerified {
  readonly partitions: readonly PartitionVerified[];
  /** On what ground each signed certificate of erasure was ordered. */
  readonly bases: ReadonlyMap<string, string>;
  /** Certificates that do not count, and why. */
  readonly refused: readonly string[];
  /** Audit partitions with stored events and no ledger. */
  readonly unsealed: readonly number[];
}

/** Tells of the progress made. */
export interface Watching {
  /** A partition of so many events is next. */
  begin(events: number): void;
  advance(by: number): void;
}

/** Holds what is stored against what was signed, partition by partition. */
export async function verifyLedger(places: LedgerPlaces, window: Window, watching: Watching): Promise<LedgerVerified> {
  const ledger = openLedger(places.folder, places.known);
  const since = places.clock.now().getTime() * 1000;
  const certified = await readCertified(places.certificates, places.certificateKeys);
  const partitions: PartitionVerified[] = [];
  for (const partition of await ledger.partitions()) {
    try {
      const checkpoint = await trusted(() => ledger.checkpoint(partition));
      if (checkpoint === undefined) throw new HistoryDiffers('nothing of it is signed yet');
      const nodes = nodesOf(ledger.tiles(partition), checkpoint.size);
      const found = await witnesses(foldersOf({ ...places, disk }, partition), places);
      await standsUp(checkpoint, found, () => prove({ ...checkpoint, nodes }, found));
      const range = await trusted(() => rangeOf(ledger.checkpoints(partition), window));
      watching.begin(range.next - range.first);
      const seen = { partition, checkpoint, nodes, places: ledger.places(partition) };
      const around = { ...seen, store: places.store, certified, since };
      const verified = await verify({ ...around, ...range }, watching.advance);
      partitions.push({ kind: 'compared', partition, checkpoint, first: range.first, ...verified });
    } catch (error) {
      if (!isOurs(error)) throw error;
      partitions.push({ kind: 'broken', partition, reason: error.message });
    }
  }
  const sealed = new Set(partitions.map(({ partition }) => partition));
  const stored = await places.store.rows('SELECT DISTINCT audit_partition AS partition FROM audit.events');
  const unsealed = stored.map(({ partition }) => Number(partition)).filter((partition) => !sealed.has(partition));
  const { erased, refused } = certified;
  return { partitions, bases: erased.bases, refused, unsealed: unsealed.sort((a, b) => a - b) };
}

/** A tree that is smaller than one that was signed has been put back to an earlier state. */
async function standsUp(
  { size }: SignedCheckpoint,
  found: readonly Witnessed[],
  proved: () => Promise<void>,
): Promise<void> {
  const ahead = found.find(({ checkpoint }) => checkpoint.size > size);
  if (ahead !== undefined)
    throw new HistoryDiffers(
      `the checkpoint ${ahead.where} has ${ahead.checkpoint.size} leaves, the ledger on disk ${size}: it was put back`,
    );
  await proved();
}

/** Leaves between the last checkpoint that was signed before the window and the first that was signed after it. */
async function rangeOf(shelf: Shelf, { from, to }: Window): Promise<{ readonly first: number; readonly next: number }> {
  const sizes = await shelf.sizes();
  const signedBefore = async (time: string): Promise<number> => {
    let [low, high] = [0, sizes.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const { signedAt } = await shelf.checkpoint(sizes[middle] ?? 0);
      if (Date.parse(signedAt) < Date.parse(time)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const first = from === '' ? 0 : (sizes[(await signedBefore(from)) - 1] ?? 0);
  const next = to === '' ? undefined : sizes[await signedBefore(to)];
  return { first, next: next ?? sizes.at(-1) ?? 0 };
}

const OURS = new Set(['HistoryDiffers', 'TileMissing', 'TileShort', 'RangeError']);

const isOurs = (error: unknown): error is Error =>
  error instanceof TreeBroken || (error instanceof Error && OURS.has(error.name));

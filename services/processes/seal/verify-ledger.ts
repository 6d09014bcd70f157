import type { KeyObject } from 'node:crypto';
import { partitionsTold } from '../../clickhouse/ledger.ts';
import { partitionsStored } from '../../clickhouse/strays.ts';
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
  for (const partition of await partitionsSigned(places)) {
    try {
      const checkpoint = await trusted(() => ledger.checkpoint(partition));
      const found = await witnesses(foldersOf({ ...places, disk }, partition), places);
      if (checkpoint === undefined) throw new HistoryDiffers(gone(found));
      const nodes = nodesOf(ledger.tiles(partition), checkpoint.size);
      await standsUp(checkpoint, found, places, () => prove({ ...checkpoint, nodes }, found));
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
  const unsealed = (await partitionsStored(places.store)).filter((partition) => !sealed.has(partition));
  const { erased, refused } = certified;
  return { partitions, bases: erased.bases, refused, unsealed };
}

/** Those that anything speaks of: a ledger that was taken away as a whole is missed by those who hold its checkpoints. */
async function partitionsSigned({ folder, outside, known, store }: LedgerPlaces): Promise<readonly number[]> {
  const own = await openLedger(folder, known).partitions();
  const elsewhere = outside === undefined ? [] : await openLedger(outside, known).partitions();
  return [...new Set([...own, ...elsewhere, ...(await partitionsTold(store))])].sort((a, b) => a - b);
}

function gone([witness]: readonly Witnessed[]): string {
  if (witness === undefined) return 'nothing of it is signed yet';
  return `the checkpoint ${witness.where} has ${witness.checkpoint.size} leaves, and there is no ledger on disk`;
}

/**
 * A tree that is smaller than one that was signed has been put back to an earlier state. What is signed stands outside before it stands
 * on disk: where it does not, outside was not looked at.
 */
async function standsUp(
  { size }: SignedCheckpoint,
  found: readonly Witnessed[],
  { outside }: Pick<LedgerPlaces, 'outside'>,
  proved: () => Promise<void>,
): Promise<void> {
  if (outside !== undefined && !found.some(({ where, checkpoint }) => where === 'outside' && checkpoint.size >= size))
    throw new HistoryDiffers(`the checkpoint on disk (size ${size}) is not outside: is ${outside} what it was?`);
  const ahead = found.find(({ checkpoint }) => checkpoint.size > size);
  if (ahead !== undefined)
    throw new HistoryDiffers(
      `the checkpoint ${ahead.where} has ${ahead.checkpoint.size} leaves, the ledger on disk ${size}: it was put back`,
    );
  await proved();
}

/**
 * Leaves between the last checkpoint that was signed before the window and the first that was signed after it. A signer's clock
 * may have been set back: everything that any checkpoint puts into the window is in.
 */
async function rangeOf(shelf: Shelf, { from, to }: Window): Promise<{ readonly first: number; readonly next: number }> {
  const sizes = await shelf.sizes();
  const last = sizes.at(-1) ?? 0;
  if (from === '' && to === '') return { first: 0, next: last };
  const times: number[] = [];
  for (const size of sizes) times.push(Date.parse((await shelf.checkpoint(size)).signedAt));
  const begin = from === '' ? 0 : times.findIndex((time) => time >= Date.parse(from));
  if (begin < 0) return { first: last, next: last };
  const end = to === '' ? -1 : times.findLastIndex((time) => time < Date.parse(to)) + 1;
  const next = (end < 0 ? undefined : sizes[end]) ?? last;
  const first = sizes[begin - 1] ?? 0;
  return { first, next: Math.max(first, next) };
}

const OURS = new Set(['HistoryDiffers', 'TileMissing', 'TileShort', 'RangeError']);

const isOurs = (error: unknown): error is Error =>
  error instanceof TreeBroken || (error instanceof Error && OURS.has(error.name));

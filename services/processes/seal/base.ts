import { join } from 'node:path';
import { marksBefore } from '../../clickhouse/events.ts';
import { newestTold, storedTo } from '../../clickhouse/ledger.ts';
import type { Position } from '../../core/log.ts';
import type { Pages } from '../../ledger/book.ts';
import { openCheckpoint, type SignedCheckpoint } from '../../ledger/checkpoint.ts';
import { writeStatement } from '../../ledger/statement.ts';
import { nodesOf } from '../../ledger/tiles.ts';
import { rootAt, sameHash } from '../../ledger/tree.ts';
import { EVENTS, HistoryDiffers, NotYet, type SealParts } from './parts.ts';
import { places } from './places.ts';
import { type Shelf, shelf, Untrusted } from './shelf.ts';
import { TileMissing, tileFiles } from './tree-files.ts';

/** Where the ledger of a partition keeps what. */
export interface Folders {
  readonly partition: number;
  /** Of the tree and what belongs to it. */
  readonly tree: string;
  readonly own: Shelf;
  readonly outside: Shelf | undefined;
}

export function foldersOf(
  { folder, outside, known, disk }: Pick<SealParts, 'folder' | 'outside' | 'known' | 'disk'>,
  partition: number,
): Folders {
  const tree = join(folder, String(partition));
  return {
    partition,
    tree,
    own: shelf(join(tree, 'checkpoints'), known, disk),
    outside: outside === undefined ? undefined : shelf(join(outside, String(partition)), known, disk),
  };
}

/** What the tree goes on from. */
export interface Base {
  /** Undefined where nothing is signed yet, or the files of what was signed are gone. */
  readonly signed: Signed | undefined;
  readonly pages: Pages;
  readonly firstOffset: number;
}

/** A checkpoint with the text of its statement. */
export interface Signed {
  readonly checkpoint: SignedCheckpoint;
  readonly statement: string;
}

/** A checkpoint, and where it was found, in words. */
export interface Witnessed {
  readonly where: string;
  readonly checkpoint: SignedCheckpoint;
}

/** The newest checkpoint of each place that keeps them. Throws `HistoryDiffers` where one cannot be believed. */
export async function witnesses(
  folders: Folders,
  parts: Pick<SealParts, 'store' | 'known'>,
): Promise<readonly Witnessed[]> {
  const found: Witnessed[] = [];
  const own = await trusted(() => folders.own.newest());
  if (own !== undefined) found.push({ where: 'on disk', checkpoint: own });
  const outside = await trusted(async () => folders.outside?.newest());
  if (outside !== undefined) found.push({ where: 'outside', checkpoint: outside });
  const told = await newestTold(parts.store, folders.partition);
  if (told === undefined) return found;
  const opened = openCheckpoint(told, parts.known);
  if (opened.kind === 'refused') throw new HistoryDiffers(`the newest checkpoint in the store: ${opened.reason}`);
  return [...found, { where: 'in the store', checkpoint: opened.checkpoint }];
}

export async function trusted<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Untrusted) throw new HistoryDiffers(error.message);
    throw error;
  }
}

/** The newest checkpoint that the files of the tree bear out, and the statement that goes with it. */
export async function findBase(folders: Folders, position: Position, parts: SealParts): Promise<Base> {
  const found = await witnesses(folders, parts);
  const newestFirst = found.toSorted((a, b) => b.checkpoint.size - a.checkpoint.size);
  for (const { where, checkpoint } of newestFirst) {
    const statements = where === 'outside' ? folders.outside : folders.own;
    if (statements === undefined || where === 'in the store') continue;
    if (!(await isBorneOut(folders.tree, checkpoint))) continue;
    const statement = await trusted(() => statements.statement(checkpoint));
    const { firstOffset } = checkpoint;
    return { signed: { checkpoint, statement: writeStatement(statement) }, pages: statement, firstOffset };
  }
  const firstOffset = newestFirst[0]?.checkpoint.firstOffset ?? position.start;
  return { signed: undefined, pages: await pagesBefore(firstOffset, position.partition, parts), firstOffset };
}

/** Whether the files of the tree give its root, and its last leaf stands where it was signed. */
async function isBorneOut(tree: string, { size, root, lastOffset }: SignedCheckpoint): Promise<boolean> {
  try {
    const [last] = await places(tree).read(size - 1, size);
    return last?.auditOffset === lastOffset && sameHash(await rootAt(nodesOf(tileFiles(tree), size), size), root);
  } catch (error) {
    if (error instanceof TileMissing || error instanceof RangeError || isAbsent(error)) return false;
    throw error;
  }
}

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** A ledger that begins later than its topic did: what was stored before counts as taken, and as accounted for. */
async function pagesBefore(offset: number, partition: number, { store }: SealParts): Promise<Pages> {
  if (offset === 0) return { accounts: 0, raw: [] };
  if ((await storedTo(store, EVENTS, partition)) < offset)
    throw new NotYet(`the archive has not stored audit.events/${partition} up to ${offset} yet`);
  const marks = await marksBefore(store, partition, offset);
  const raw = [...marks].map(([lineage, taken]) => ({ lineage, taken, accounted: taken.offset + 1 }));
  return { accounts: 0, raw: raw.map((one) => ({ ...one, ranges: [], waiting: [] })) };
}

import { join } from 'node:path';
import { takeIndexed } from '../../clickhouse/archive/take-indexed.ts';
import type { StoredLeaf } from '../../clickhouse/stored-leaves.ts';
import type { Batch, Envelope, Position } from '../../core/log.ts';
import { isBeyond } from '../../core/origin.ts';
import { Book } from '../../ledger/book.ts';
import { type SignedCheckpoint, signCheckpoint } from '../../ledger/checkpoint.ts';
import { statementDigest, writeStatement } from '../../ledger/statement.ts';
import { nodesOf } from '../../ledger/tiles.ts';
import { HASH_BYTES } from '../../ledger/tree.ts';
import { takeAccounts } from './accounts.ts';
import { type Base, type Folders, findBase, foldersOf, type Signed, trusted, witnesses } from './base.ts';
import { EVENTS, HistoryDiffers, type SealParts, Unreadable } from './parts.ts';
import type { Place } from './places.ts';
import { prove } from './prove.ts';
import { handOut } from './shelf.ts';
import { isTold, markTold, tellCheckpoint } from './tell.ts';
import { TreeFiles, tileFiles } from './tree-files.ts';

/** Full tiles that may wait in memory. */
const MOST_PENDING = 64;

/** The ledger of one audit partition as it grows. None of its methods may be called while another is under way. */
export class SealedPartition {
  readonly origin: string;
  readonly #parts: SealParts;
  readonly #folders: Folders;
  readonly #firstOffset: number;
  readonly #tree: TreeFiles;
  readonly #book: Book;
  #newest: SignedCheckpoint | undefined;
  #next: number;
  #lastOffset: number;
  #isTold = false;

  private constructor(folders: Folders, { signed, pages, firstOffset }: Base, tree: TreeFiles, parts: SealParts) {
    this.origin = `${parts.origin}/${folders.partition}`;
    this.#parts = parts;
    this.#folders = folders;
    this.#firstOffset = firstOffset;
    this.#tree = tree;
    this.#book = new Book(pages);
    this.#newest = signed?.checkpoint;
    this.#lastOffset = signed?.checkpoint.lastOffset ?? firstOffset - 1;
    this.#next = this.#lastOffset + 1;
  }

  /** Goes on from the newest checkpoint that the files bear out, whatever a crash has left beyond it. */
  static async open(position: Position, parts: SealParts): Promise<SealedPartition> {
    const folders = foldersOf(parts, position.partition);
    const base = await findBase(folders, position, parts);
    const tree = await TreeFiles.open(folders.tree, base.signed?.checkpoint.size ?? 0, parts.disk);
    const partition = new SealedPartition(folders, base, tree, parts);
    const { own, outside } = folders;
    const late = outside === undefined ? 0 : await trusted(() => handOut(own, outside));
    if (late > 0) parts.logger.warn({ origin: partition.origin, checkpoints: late }, 'put outside late');
    if (base.signed === undefined) return partition;
    await partition.#publish(base.signed);
    partition.#isTold = await isTold(folders.tree, base.signed.checkpoint.size);
    return partition;
  }

  /** Offset on audit.events to be read next. */
  get next(): number {
    return this.#next;
  }

  get newest(): SignedCheckpoint | undefined {
    return this.#newest;
  }

  async take({ records, next }: Batch): Promise<void> {
    for (const record of records) if (record.offset >= this.#next) this.#takeRecord(record);
    await this.#reach(next);
  }

  #takeRecord(record: Envelope): void {
    const took = takeIndexed(record, this.#book.taken);
    const place = `${EVENTS}/${this.#folders.partition}/${record.offset}`;
    if (took.kind === 'unreadable') throw new Unreadable(`${place}: ${took.reason}`);
    if (took.reached === undefined) return;
    const { leaf } = record.headers;
    if (took.rows.length !== 1 || leaf?.length !== HASH_BYTES)
      throw new Unreadable(`${place}: it is not one event with its leaf`);
    const { lineage, mark } = took.reached;
    this.#append(leaf, { auditOffset: record.offset, lineage, ...mark });
  }

  /** Rows of the store, in order, in place of records that the topic no longer holds. */
  async takeStored(rows: readonly StoredLeaf[], next: number): Promise<void> {
    for (const { auditOffset, lineage, offset, ordinal, leaf } of rows)
      if (isBeyond({ offset, ordinal }, this.#book.taken.get(lineage)))
        this.#append(leaf, { auditOffset, lineage, offset, ordinal });
    await this.#reach(next);
  }

  #append(leaf: Uint8Array, place: Place): void {
    this.#tree.append(leaf, place);
    this.#book.seal(place.lineage, { offset: place.offset, ordinal: place.ordinal });
    this.#lastOffset = place.auditOffset;
  }

  async #reach(next: number): Promise<void> {
    this.#next = next;
    if (this.#tree.pending >= MOST_PENDING) await this.#tree.flush();
  }

  /** Signs what has come since the last time, and tells of it. `HistoryDiffers`: that would contradict what was signed. */
  async seal(): Promise<void> {
    if (this.#tree.size > (this.#newest?.size ?? 0) && (await this.#mayBeSigned()))
      await this.#publish(await this.#sign());
    if (this.#newest === undefined || this.#isTold) return;
    const { signer, disk } = this.#parts;
    await tellCheckpoint(this.#folders.partition, this.#newest, signer.verifier, this.#parts);
    await markTold(this.#folders.tree, this.#newest.size, disk);
    this.#isTold = true;
  }

  /** False while another has signed more than has been read so far, or just as much. */
  async #mayBeSigned(): Promise<boolean> {
    const { size } = this.#tree;
    await this.#tree.flush();
    const isAll = await this.#isAtEnd();
    const found = await witnesses(this.#folders, this.#parts);
    const ahead = found.find(({ checkpoint }) => checkpoint.size > size);
    if (ahead !== undefined && isAll)
      throw new HistoryDiffers(
        `the checkpoint ${ahead.where} has ${ahead.checkpoint.size} leaves, and ${EVENTS} ends at ${size}: it was cut`,
      );
    if (ahead !== undefined) return false;
    const nodes = nodesOf(tileFiles(this.#folders.tree), size);
    const grown = { origin: this.origin, firstOffset: this.#firstOffset, size, root: this.#tree.root(), nodes };
    await prove(grown, found);
    return found.every(({ checkpoint }) => checkpoint.size < size);
  }

  async #isAtEnd(): Promise<boolean> {
    const { partition } = this.#folders;
    const end = (await this.#parts.log.describe(EVENTS))?.partitions[partition]?.end;
    return end !== undefined && this.#next >= end;
  }

  async #sign(): Promise<Signed> {
    const { store, clock, signer } = this.#parts;
    await takeAccounts(this.#book, this.#folders.partition, () => this.#isAtEnd(), store);
    const { size } = this.#tree;
    const heading = { origin: this.origin, size, previous: this.#newest?.size ?? 0 };
    const statement = writeStatement({ ...heading, ...this.#book.pages() });
    const checkpoint = signCheckpoint(
      {
        ...{ origin: this.origin, size, root: this.#tree.root() },
        ...{ firstOffset: this.#firstOffset, lastOffset: this.#lastOffset },
        ...{ signedAt: clock.now().toISOString(), accounting: statementDigest(statement) },
      },
      [signer],
    );
    return { checkpoint, statement };
  }

  /** Outside first: what stands there once binds whoever signs next. */
  async #publish({ checkpoint, statement }: Signed): Promise<void> {
    const { own, outside, tree } = this.#folders;
    await trusted(async () => outside?.add(checkpoint, statement));
    await trusted(() => own.add(checkpoint, statement));
    await this.#parts.disk.write([{ path: join(tree, 'checkpoint'), bytes: Buffer.from(checkpoint.note) }]);
    this.#newest = checkpoint;
    this.#isTold = false;
    this.#book.turnPage();
  }
}

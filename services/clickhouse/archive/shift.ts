import type { Written } from '../../codec/schemas.ts';
import { type Batch, type BatchBounds, endOf, LogLost, type Position, type Settled } from '../../core/log.ts';
import type { Writer } from '../client.ts';
import { type ArchivedTopic, TABLES, type Table } from '../tables.ts';
import { CUT_LIMITS, type Cut, cuts, NO_LIMITS, type Stretch } from './cut.ts';
import { type Entry, sameTaken, write } from './journal.ts';
import type { ArchiveMetrics, ArchiveParts } from './parts.ts';
import { persist } from './persist.ts';
import { after, begin, type Progress, settledBy } from './progress.ts';
import { shelve, stored } from './shelf.ts';
import { Fenced, LaneStopped } from './stopped.ts';
import type { Take } from './take.ts';
import { takeIndexed } from './take-indexed.ts';
import { takeRange } from './take-range.ts';
import { takeReceipt } from './take-receipt.ts';

const TAKES: Readonly<Record<ArchivedTopic, Take>> = {
  'audit.events': takeIndexed,
  'audit.content': takeIndexed,
  'audit.quarantine': takeIndexed,
  'audit.accounting': takeRange,
  'audit.deliveries': takeReceipt,
};

/**
 * A cut of one row costs the store as much as one of thousands does: what arrives within a moment is stored together. Whoever looks
 * at the trail waits for events, whoever reveals one for its content, whoever mends a source for quarantine, and nobody for the rest.
 */
const WAIT_MS: Readonly<Record<ArchivedTopic, number>> = {
  'audit.events': 800,
  'audit.content': 1_200,
  'audit.quarantine': 1_200,
  'audit.accounting': 3_000,
  'audit.deliveries': 3_000,
};

const together = (topic: ArchivedTopic): BatchBounds => ({
  records: CUT_LIMITS.rows,
  bytes: CUT_LIMITS.bytes,
  waitMs: WAIT_MS[topic],
});

/** What the lane shows, while it is written. */
type Counts = { -readonly [K in keyof ArchiveMetrics]: number };

/** One subscription, from the journal's word on where to begin until it ends or is fenced off. */
export class Shift {
  readonly #parts: ArchiveParts;
  readonly #counts: Counts;
  readonly #nameEntry: () => string;
  readonly #signal: AbortSignal;
  readonly #table: Table;
  readonly #writer: Writer;
  readonly #take: Take;
  readonly #progress = new Map<number, Progress>();

  constructor(parts: ArchiveParts, counts: Counts, nameEntry: () => string, signal: AbortSignal) {
    this.#parts = parts;
    this.#counts = counts;
    this.#nameEntry = nameEntry;
    this.#signal = signal;
    this.#table = TABLES[parts.topic];
    this.#writer = parts.clickhouse.writer;
    this.#take = TAKES[parts.topic];
  }

  run(): Promise<void> {
    const { log, group, topic } = this.#parts;
    const resume = (position: Position, held: AbortSignal) => this.#resume(position, held);
    const source = log.subscribe({ group, topics: [topic], batch: together(topic), resume });
    return source.run((batch, signal) => this.#settle(batch, signal), this.#signal);
  }

  async #resume(position: Position, held: AbortSignal): Promise<number> {
    const ask = () => begin(this.#writer, this.#table, position);
    const progress = await this.#persist('journal', position.partition, ask, this.#signal);
    const needed = progress.doubt?.entry.next ?? progress.next;
    if (position.end < needed && (await endOf(this.#parts.log, position)) < needed) throw new LogLost(position, needed);
    // Taken away meanwhile: a newer assignment may have progress of its own by now.
    if (held.aborted) return position.start;
    this.#progress.set(position.partition, progress);
    if (progress.cut < 0 && position.start > 0) this.#tellBelow(position);
    return Math.min(firstToRead(progress, position), position.end);
  }

  async #settle(batch: Batch, signal: AbortSignal): Promise<Settled> {
    const { partition } = batch;
    let progress = this.#progress.get(partition);
    if (progress === undefined || batch.first > progress.next)
      throw this.#stopped(batch, batch.first, `expected offset ${progress?.next}: the log skipped records`);
    this.#recognise(batch, progress);

    let stretch = from(batch, progress.next);
    if (progress.doubt !== undefined) {
      progress = this.#advance(partition, progress, await this.#redo(progress, stretch, signal));
      stretch = from(stretch, progress.next);
    }
    for (const cut of cuts(stretch, progress.taken, this.#take, this.#parts.limits ?? CUT_LIMITS)) {
      if (cut.kind === 'unreadable') throw this.#stopped(batch, cut.offset, cut.reason);
      progress = this.#advance(partition, progress, await this.#store(progress, batch, cut, signal));
    }
    return settledBy(progress);
  }

  /** A store without a journal takes what the log still holds. No account is left to miss the rest: it is said here. */
  #tellBelow({ topic, partition, start }: Position): void {
    this.#parts.logger.error(
      { topic, partition, start },
      'the log begins after 0: what lay below is not in this store',
    );
  }

  /** The record just below where we stand was settled before. One that is not is of another log under the same name. */
  #recognise(batch: Batch, { next, taken, doubt }: Progress): void {
    const settled = batch.records.find(({ offset }) => offset === next - 1);
    if (settled === undefined || doubt !== undefined) return;
    const took = this.#take(settled, taken);
    if (took.kind === 'took' && took.reached === undefined) return;
    throw this.#stopped(batch, next - 1, 'this is not the record settled before: the topic was re-created');
  }

  /** Makes the cut in doubt again, once all its records were read. */
  async #redo(progress: Progress, stretch: Stretch, signal: AbortSignal): Promise<Progress> {
    const { doubt } = progress;
    if (doubt === undefined) return progress;
    const { entry } = doubt;
    const records = [...doubt.records, ...stretch.records.filter(({ offset }) => offset < entry.next)];
    if (stretch.next < entry.next) return { ...progress, next: stretch.next, doubt: { entry, records } };

    const { partition, first, next } = entry;
    const [cut, ...more] = cuts({ partition, first, next, records }, entry.before, this.#take, NO_LIMITS);
    const same =
      cut?.kind === 'cut' && more.length === 0 && cut.rows.length === entry.rows && sameTaken(cut.after, entry.after);
    if (!same) throw this.#stopped(entry, first, `cut ${entry.cut} is journalled, but the log now holds other records`);
    await this.#insert(cut, entry, await this.#schema(cut, entry, signal), true, signal);
    const ask = () => stored(this.#writer, this.#table, entry);
    const rows = await this.#persist('count', partition, ask, signal);
    if (rows === entry.rows) return after(entry);
    throw this.#stopped(entry, first, `cut ${entry.cut} has ${entry.rows} rows, the table holds ${rows} of them`);
  }

  async #store(progress: Progress, place: Batch, cut: Cut, signal: AbortSignal): Promise<Progress> {
    const { topic, partition } = place;
    const { first, next, before, after: taken } = cut;
    const number = progress.cut + 1;
    const owner = this.#nameEntry();
    const rows = cut.rows.length;
    const entry: Entry = { topic, partition, cut: number, first, next, rows, before, after: taken, owner };

    const schema = await this.#schema(cut, entry, signal);
    const newest = await this.#persist('journal', partition, () => write(this.#writer, entry), signal);
    if (newest?.owner !== owner) throw new Fenced(topic, partition, newest?.cut ?? number);
    await this.#insert(cut, entry, schema, false, signal);
    return after(entry);
  }

  async #insert(
    cut: Cut,
    entry: Entry,
    schema: Written | undefined,
    again: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    if (schema !== undefined && cut.rows.length > 0) {
      const insert = (attempt: number) => shelve(this.#writer, this.#table, schema, cut, entry, again || attempt > 1);
      await this.#persist('insert', entry.partition, insert, signal);
    }
    this.#counts.cuts++;
    this.#counts.rows += cut.rows.length;
    this.#counts.redelivered += cut.redelivered;
    this.#counts.holes += cut.holes;
    if (cut.holes === 0) return;
    const { topic, partition, first, next } = entry;
    this.#parts.logger.error({ topic, partition, first, next, holes: cut.holes }, 'accounting leaves raw offsets out');
  }

  async #schema({ schemaId }: Cut, entry: Entry, signal: AbortSignal): Promise<Written | undefined> {
    if (schemaId === undefined) return undefined;
    const ask = () => this.#parts.schemas.byId(schemaId);
    const schema = await this.#persist('schema registry', entry.partition, ask, signal);
    if (schema?.name === this.#table.record) return schema;
    throw this.#stopped(entry, entry.first, `schema id ${schemaId} is not one of ${this.#table.record}`);
  }

  /** A newer assignment of the partition has progress of its own: what is left of the older one ends. */
  #advance(partition: number, from: Progress, to: Progress): Progress {
    if (this.#progress.get(partition) !== from) throw new Fenced(this.#parts.topic, partition, to.cut);
    this.#progress.set(partition, to);
    return to;
  }

  #persist<T>(what: string, partition: number, attempt: (n: number) => Promise<T>, signal: AbortSignal): Promise<T> {
    const { clock, logger, topic } = this.#parts;
    const patience = { clock, logger, retried: () => this.#counts.retries++ };
    return persist(what, { topic, partition }, attempt, patience, signal);
  }

  #stopped({ topic, partition }: { topic: string; partition: number }, offset: number, reason: string): LaneStopped {
    return new LaneStopped(topic, partition, offset, reason);
  }
}

/** One record early where the log still holds it, to know the log again; a cut in doubt is compared as a whole. */
function firstToRead({ cut, next, doubt }: Progress, { start }: Position): number {
  return cut >= 0 && doubt === undefined && next > start ? next - 1 : next;
}

/** What is left of a stretch from an offset on. */
function from({ partition, first, next, records }: Stretch, offset: number): Stretch {
  if (offset <= first) return { partition, first, next, records };
  return {
    partition,
    first: offset,
    next: Math.max(next, offset),
    records: records.filter((one) => one.offset >= offset),
  };
}

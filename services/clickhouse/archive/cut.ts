import { long } from '../../codec/container.ts';
import type { Envelope } from '../../core/log.ts';
import type { Watermark } from '../../core/origin.ts';
import type { Take, Taken, Took, Unreadable } from './take.ts';

/** A row as bytes: what came from the log, uncopied, and where on the audit topic that was, which the archive appends. */
export interface CutRow {
  readonly datum: Uint8Array;
  readonly place: Uint8Array;
}

/** A contiguous range of an audit partition and the rows it becomes: what one insert stores. */
export interface Cut {
  readonly kind: 'cut';
  /** First audit offset. */
  readonly first: number;
  /** Audit offset after the last. */
  readonly next: number;
  /** Undefined where the range holds no record. */
  readonly schemaId: number | undefined;
  readonly rows: readonly CutRow[];
  readonly before: Taken;
  readonly after: Taken;
  readonly redelivered: number;
  readonly holes: number;
}

export interface Limits {
  readonly rows: number;
  readonly bytes: number;
  /** Distinct table partitions. */
  readonly parts: number;
}

/**
 * ClickHouse refuses an insert into more than 100 partitions (`max_partitions_per_insert_block`). Rows and bytes keep a
 * cut to one block in memory, and what a crash repeats to a second's work.
 */
export const CUT_LIMITS: Limits = { rows: 50_000, bytes: 32 * 1024 * 1024, parts: 90 };

/** Makes one cut of whatever it is given: a cut that was journalled is made again by its own bounds. */
export const NO_LIMITS: Limits = { rows: Infinity, bytes: Infinity, parts: Infinity };

/** Every offset of `first` up to, not including, `next`. */
export interface Stretch {
  readonly partition: number;
  readonly first: number;
  readonly next: number;
  readonly records: readonly Envelope[];
}

/** Where a record could not be read; what lies before it has been cut. */
export interface Stopped extends Unreadable {
  readonly offset: number;
}

/**
 * Cuts a stretch into inserts. Records are never split, so one that is beyond the limits by itself stands alone. A cut
 * has one schema. Pure, and the cuts cover the stretch without gaps.
 */
export function* cuts(stretch: Stretch, before: Taken, take: Take, limits: Limits): Generator<Cut | Stopped> {
  const partition = long(stretch.partition);
  let open = new OpenCut(stretch.first, before);
  for (const record of stretch.records) {
    const took = take(record, open.taken);
    if (took.kind === 'unreadable') {
      if (record.offset > open.first) yield open.close(record.offset);
      yield { ...took, offset: record.offset };
      return;
    }
    if (!open.fits(took, limits)) {
      yield open.close(record.offset);
      open = new OpenCut(record.offset, open.taken);
    }
    open.add(took, Buffer.concat([partition, long(record.offset)]));
  }
  if (stretch.next > open.first) yield open.close(stretch.next);
}

/** A cut while records are added to it. */
class OpenCut {
  readonly first: number;
  readonly #before: Taken;
  readonly #taken: Map<string, Watermark>;
  readonly #rows: CutRow[] = [];
  readonly #parts = new Set<string>();
  #bytes = 0;
  #schemaId: number | undefined;
  #redelivered = 0;
  #holes = 0;

  constructor(first: number, before: Taken) {
    this.first = first;
    this.#before = before;
    this.#taken = new Map(before);
  }

  get taken(): Taken {
    return this.#taken;
  }

  fits({ schemaId, rows }: Took, limits: Limits): boolean {
    if (this.#schemaId === undefined) return true;
    if (schemaId !== this.#schemaId) return false;
    if (this.#rows.length === 0) return true;
    if (this.#rows.length + rows.length > limits.rows) return false;
    let bytes = this.#bytes;
    const fresh = new Set<string>();
    for (const { datum, part } of rows) {
      bytes += datum.length;
      if (!this.#parts.has(part)) fresh.add(part);
    }
    return bytes <= limits.bytes && this.#parts.size + fresh.size < limits.parts;
  }

  add({ schemaId, rows, reached, redelivered, holes }: Took, place: Uint8Array): void {
    for (const { datum, part } of rows) {
      this.#rows.push({ datum, place });
      this.#parts.add(part);
      this.#bytes += datum.length;
    }
    if (reached !== undefined) this.#taken.set(reached.lineage, reached.mark);
    this.#schemaId = schemaId;
    this.#redelivered += redelivered;
    this.#holes += holes;
  }

  close(next: number): Cut {
    return {
      kind: 'cut',
      first: this.first,
      next,
      schemaId: this.#schemaId,
      rows: this.#rows,
      before: this.#before,
      after: this.#taken,
      redelivered: this.#redelivered,
      holes: this.#holes,
    };
  }
}

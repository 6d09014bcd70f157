import { isBeyond, type Watermark } from '../core/origin.ts';
import type { AuditAccounting } from '../core/records.generated.ts';
import { type Exception, OUTCOMES, type Range, type Run, type Standing, type Statement } from './statement.ts';

interface Entry {
  accounted: number | undefined;
  ranges: Range[];
  waiting: Run[];
}

/** What a statement says beyond its heading. */
export type Pages = Pick<Statement, 'accounts' | 'raw'>;

/** Keeps, per raw partition, what is in the tree against what was accounted for: the next statement in the making. */
export class Book {
  readonly #taken = new Map<string, Watermark>();
  readonly #entries = new Map<string, Entry>();
  #accounts: number;

  /** Goes on from the pages of the last statement. */
  constructor({ accounts, raw }: Pages) {
    this.#accounts = accounts;
    for (const { lineage, taken, accounted, waiting } of raw) {
      if (taken !== undefined) this.#taken.set(lineage, taken);
      this.#entries.set(lineage, { accounted, ranges: [], waiting: [...waiting] });
    }
  }

  /** How far each raw partition is in the tree. */
  get taken(): ReadonlyMap<string, Watermark> {
    return this.#taken;
  }

  /** Offset of the first account that has not been taken up. */
  get accounts(): number {
    return this.#accounts;
  }

  /** An event of a raw partition is in the tree now. */
  seal(lineage: string, mark: Watermark): void {
    this.#taken.set(lineage, mark);
    const { waiting } = this.#entry(lineage);
    const last = waiting.at(-1);
    if (last !== undefined && last.offset + last.count - 1 === mark.offset) {
      const before = { ...last, count: last.count - 1 };
      waiting.splice(-1, 1, ...(before.count > 0 ? [before] : []));
      waiting.push({ offset: mark.offset, count: 1, events: last.events + 1 });
      return;
    }
    joinLast(waiting);
    waiting.push({ offset: mark.offset, count: 1, events: 1 });
  }

  /** Raw offset up to which a raw partition is accounted for. */
  accounted(lineage: string): number | undefined {
    return this.#entries.get(lineage)?.accounted;
  }

  /** Whether every event that an account promises has its place in the tree, or was passed by. */
  covers(lineage: string, account: AuditAccounting): boolean {
    const last = lastPromised(account);
    return last === undefined || !isBeyond(last, this.#taken.get(lineage));
  }

  /** Takes up an account; `next` is the offset on audit.accounting after it. It begins not before what is accounted for. */
  account(lineage: string, account: AuditAccounting, next: number): void {
    const entry = this.#entry(lineage);
    const { early, within, late } = cut(entry.waiting, account.first, account.next);
    const exceptions = account.exceptions.map(({ offset, count, events, outcome }): Exception => {
      const known = OUTCOMES.find((one) => one === outcome);
      if (known === undefined) throw new RangeError(`an account with an outcome nobody knows: ${outcome.slice(0, 20)}`);
      return { outcome: known, offset, count, events };
    });
    const strays = early.map((run): Exception => ({ outcome: 'unaccounted', ...run }));
    const { first, accepted, skipped, quarantined, absent, events } = account;
    const range = { first, next: account.next, accepted, skipped, quarantined, absent, events, sealed: sum(within) };
    addRange(entry.ranges, { ...range, exceptions: [...strays, ...exceptions] });
    entry.waiting = [...late];
    entry.accounted = account.next;
    this.#accounts = next;
  }

  /** Passes an account over that speaks of nothing new. */
  passOver(next: number): void {
    this.#accounts = next;
  }

  /** What was said once is not said again. */
  turnPage(): void {
    for (const entry of this.#entries.values()) entry.ranges = [];
  }

  /** As a statement says it. */
  pages(): Pages {
    const raw = [...this.#entries].map(([lineage, { accounted, ranges, waiting }]): Standing => {
      const standing = { lineage, taken: this.#taken.get(lineage), accounted };
      return { ...standing, ranges: [...ranges], waiting: [...waiting] };
    });
    return { accounts: this.#accounts, raw: raw.sort((a, b) => (a.lineage < b.lineage ? -1 : 1)) };
  }

  #entry(lineage: string): Entry {
    const known = this.#entries.get(lineage);
    if (known !== undefined) return known;
    const entry: Entry = { accounted: undefined, ranges: [], waiting: [] };
    this.#entries.set(lineage, entry);
    return entry;
  }
}

/** The last run is whole now: it goes into the one before where both say the same. */
function joinLast(runs: Run[]): void {
  const [before, last] = runs.slice(-2);
  if (before === undefined || last === undefined) return;
  if (before.offset + before.count !== last.offset || before.events !== last.events) return;
  runs.splice(-2, 2, { ...before, count: before.count + last.count });
}

/** The last event that an account promises; undefined where it promises none. */
function lastPromised({ first, next, exceptions }: AuditAccounting): Watermark | undefined {
  let end = next;
  for (const { offset, count, events } of exceptions.toReversed()) {
    if (offset + count < end) break;
    if (events > 0) return { offset: offset + count - 1, ordinal: events - 1 };
    end = offset;
  }
  return end > first ? { offset: end - 1, ordinal: 0 } : undefined;
}

/** Runs before a stretch of offsets, within it, and from its end on. */
function cut(runs: readonly Run[], first: number, next: number): Record<'early' | 'within' | 'late', readonly Run[]> {
  const part = (from: number, to: number): readonly Run[] =>
    runs.flatMap(({ offset, count, events }) => {
      const [begin, end] = [Math.max(offset, from), Math.min(offset + count, to)];
      return begin < end ? [{ offset: begin, count: end - begin, events }] : [];
    });
  return { early: part(0, first), within: part(first, next), late: part(next, Number.POSITIVE_INFINITY) };
}

const sum = (runs: readonly Run[]): number => runs.reduce((total, { count, events }) => total + count * events, 0);

/** What follows without a gap is one range; an account that does not add up stays by itself, so that it can be found. */
function addRange(ranges: Range[], added: Range): void {
  const last = ranges.at(-1);
  const addsUp = [last, added].every((range) => range === undefined || range.events === range.sealed);
  if (last === undefined || last.next !== added.first || !addsUp) {
    ranges.push(added);
    return;
  }
  ranges[ranges.length - 1] = {
    first: last.first,
    next: added.next,
    accepted: last.accepted + added.accepted,
    skipped: last.skipped + added.skipped,
    quarantined: last.quarantined + added.quarantined,
    absent: last.absent + added.absent,
    events: last.events + added.events,
    sealed: last.sealed + added.sealed,
    exceptions: [...last.exceptions, ...added.exceptions],
  };
}

import type { Envelope, Position, Settled } from '../../core/log.ts';
import type { Writer } from '../client.ts';
import type { Table } from '../tables.ts';
import { type Entry, newest } from './journal.ts';
import { stored } from './shelf.ts';
import type { Taken } from './take.ts';

/** Where an audit partition stands in the archive. */
export interface Progress {
  /** Number of the last journalled cut; -1 before the first. */
  readonly cut: number;
  /** The offset to be read next. */
  readonly next: number;
  readonly taken: Taken;
  /** The last cut, while it is unknown whether it was stored, and its records as far as they were read again. */
  readonly doubt: { readonly entry: Entry; readonly records: readonly Envelope[] } | undefined;
}

/**
 * Begins where the journal says. The group's offset only tells that the last cut was stored, when it was committed for
 * that very cut, by number and end (a store that was replaced counts its cuts anew); otherwise the table is asked, and a
 * cut that is not wholly there is read and inserted again.
 */
export async function begin(writer: Writer, table: Table, position: Position): Promise<Progress> {
  const entry = await newest(writer, position);
  if (entry === undefined) return { cut: -1, next: position.start, taken: new Map(), doubt: undefined };

  const done = isCommitted(entry, position) || (await stored(writer, table, entry)) === entry.rows;
  return done
    ? after(entry)
    : { cut: entry.cut, next: entry.first, taken: entry.before, doubt: { entry, records: [] } };
}

/** The progress once an entry's cut is stored. */
export function after({ cut, next, after: taken }: Entry): Progress {
  return { cut, next, taken, doubt: undefined };
}

/** What is committed: the last cut that was stored. Of a cut in doubt nothing is, however much of it was read again. */
export const settledBy = ({ cut, doubt }: Progress): Settled =>
  doubt === undefined ? { metadata: String(cut) } : { metadata: String(cut - 1), offset: doubt.entry.first };

const isCommitted = ({ cut, next }: Entry, { committed }: Position): boolean =>
  committed?.metadata === String(cut) && committed.offset === next;

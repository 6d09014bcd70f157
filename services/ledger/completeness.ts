import type { Range, Statement } from './statement.ts';

/** What statements that follow one another show of a raw partition. */
export interface Completeness {
  readonly lineage: string;
  /** Raw offsets that are accounted for, but for the holes: `first` up to, not including, `next`. */
  readonly first: number;
  readonly next: number;
  readonly accepted: number;
  readonly skipped: number;
  readonly quarantined: number;
  readonly absent: number;
  readonly events: number;
  readonly sealed: number;
  /** Where something is missing. None: nothing is, from `first` to `next`. */
  readonly holes: readonly Hole[];
}

/** Raw offsets `first` up to, not including, `next`. */
export interface Hole {
  readonly first: number;
  readonly next: number;
  /** Events that were promised and are not in the tree; undefined where no account says how many there were. */
  readonly missing: number | undefined;
  readonly reason: 'not accounted for' | 'fewer events than accounted for' | 'more events than accounted for';
}

/** Statements are given oldest first, without a gap. */
export function completeness(statements: readonly Statement[]): readonly Completeness[] {
  const found = new Map<string, Completeness>();
  for (const { lineage, ranges } of statements.flatMap(({ raw }) => raw))
    for (const range of ranges) found.set(lineage, extended(found.get(lineage), lineage, range));
  return [...found.values()].sort((a, b) => (a.lineage < b.lineage ? -1 : 1));
}

function extended(known: Completeness | undefined, lineage: string, range: Range): Completeness {
  const { first, next, accepted, skipped, quarantined, absent, events, sealed } = range;
  const holes = [...holesBefore(known, range), ...holesIn(range)];
  const counts = { accepted, skipped, quarantined, absent, events, sealed };
  if (known === undefined) return { lineage, first, next, ...counts, holes };
  return {
    lineage,
    first: known.first,
    next,
    accepted: known.accepted + accepted,
    skipped: known.skipped + skipped,
    quarantined: known.quarantined + quarantined,
    absent: known.absent + absent,
    events: known.events + events,
    sealed: known.sealed + sealed,
    holes: [...known.holes, ...holes],
  };
}

function holesBefore(known: Completeness | undefined, { first }: Range): readonly Hole[] {
  if (known === undefined || known.next === first) return [];
  const [from, to] = [Math.min(known.next, first), Math.max(known.next, first)];
  return [{ first: from, next: to, missing: undefined, reason: 'not accounted for' }];
}

function holesIn({ first, next, events, sealed, exceptions }: Range): readonly Hole[] {
  const strays = exceptions.filter(({ outcome }) => outcome === 'unaccounted');
  const more = strays.map(({ offset, count, events: each }): Hole => {
    const missing = -count * each;
    return { first: offset, next: offset + count, missing, reason: 'more events than accounted for' };
  });
  if (sealed === events) return more;
  const reason = sealed < events ? 'fewer events than accounted for' : 'more events than accounted for';
  return [...more, { first, next, missing: events - sealed, reason }];
}

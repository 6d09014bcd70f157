/** What a partition's rows say about when they have run their time. Microseconds since 1970. */
export interface Span {
  readonly firstDue: number;
  readonly lastDue: number;
}

/**
 * `leaves`: every row in it is due. `aside`: some are, or will be before the next pass: what outlives its deadline is copied to
 * where it is kept, so that it never ceases to show. `rests`: nothing to do.
 */
export type Move = 'leaves' | 'aside' | 'rests';

/** A pass runs at every full hour; one that is late finds the copies of the pass before. */
export const AHEAD_US = 2 * 3_600_000_000;

export function moveOf({ firstDue, lastDue }: Span, now: number): Move {
  if (lastDue <= now) return 'leaves';
  return firstDue <= now + AHEAD_US ? 'aside' : 'rests';
}

const HOUR_MS = 3_600_000;

/**
 * How long until the next full hour. Days and months of partitions end on one, so that a pass meets a partition in the moment in
 * which its last row may be due.
 */
export const untilNextPass = (nowMs: number): number => HOUR_MS - (nowMs % HOUR_MS);

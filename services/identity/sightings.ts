import { openForgotten } from './forgotten.ts';

/** The last person seen with something, and when anybody else was. Times are microseconds of the raw log. */
export interface Seen {
  readonly email: string;
  readonly first: number;
  readonly last: number;
  /** When somebody else was seen last; undefined where nobody was. */
  readonly other: number | undefined;
}

/** When a sighting took place, and when it was taken in: eviction goes by our own clock, which no producer sets. */
export interface When {
  readonly at: number;
  readonly now: number;
}

export interface Sightings {
  learn(name: string, email: string, when: When): void;
  /** `forgotten`: it was known within the span, and whose it was no longer is. */
  find(name: string, now: number): Seen | 'forgotten' | undefined;
  /** Drops whom `isGone` names, as if there had been no room: nobody else is taken for who was alone there. */
  drop(isGone: (seen: Seen) => boolean, now: number): void;
}

interface Kept extends Seen {
  readonly touched: number;
}

/**
 * Who was seen with a session or at a device, for at most `most` of them. What was not seen for the span runs out. When there
 * is no room the least recently seen is dropped and its name kept among the forgotten, so that it does not come back as
 * somebody's alone while what was known of it may still count: forgetting loses an inference and never makes one.
 */
export function openSightings(most: number, span: number): Sightings {
  /** In the order of `touched`. */
  const kept = new Map<string, Kept>();
  const forgotten = openForgotten(span);

  function makeRoom(now: number): void {
    for (const [name, { touched }] of kept) {
      const hasRunOut = touched < now - span;
      if (!hasRunOut && kept.size < most) return;
      kept.delete(name);
      if (!hasRunOut) forgotten.add(name, now);
    }
  }

  return {
    learn(name, email, { at, now }) {
      const known = kept.get(name);
      if (known === undefined) {
        if (forgotten.has(name, now)) return forgotten.add(name, now);
        makeRoom(now);
      }
      kept.delete(name);
      kept.set(name, { ...seenAgain(known, email, at), touched: Math.max(now, known?.touched ?? now) });
    },
    find(name, now) {
      const known = kept.get(name);
      if (known === undefined) return forgotten.has(name, now) ? 'forgotten' : undefined;
      return known.touched < now - span ? undefined : known;
    },
    drop(isGone, now) {
      for (const [name, seen] of kept) {
        if (!isGone(seen)) continue;
        kept.delete(name);
        forgotten.add(name, now);
      }
    },
  };
}

function seenAgain(known: Seen | undefined, email: string, at: number): Seen {
  if (known === undefined) return { email, first: at, last: at, other: undefined };
  const { first, last, other = Number.NEGATIVE_INFINITY } = known;
  if (known.email === email) return { ...known, first: Math.min(first, at), last: Math.max(last, at) };
  return at < last
    ? { ...known, other: Math.max(other, at) }
    : { email, first: at, last: at, other: Math.max(other, last) };
}

import type { Claims } from '../core/event.ts';
import type { Actor, Ceiling } from './attribute.ts';
import type { Directory } from './person.ts';

/** What claims and the directory tell together, whatever the session and the device. */
export interface Told {
  readonly actor: Actor;
  /** Whether the directory knows whom the claims name. */
  readonly isKnown: boolean;
}

interface Remembered {
  readonly claims: Claims;
  readonly ceiling: Ceiling;
  readonly told: Told;
}

/** Different names that are remembered of a directory; with more, all are asked about anew. */
const REMEMBERED = 10_000;

const remembered = new WeakMap<Directory, Map<string, Remembered>>();

/**
 * Performance: who calls, calls again with the same claims, which are looked up by the name that differs most and then compared.
 * To ask the directory, whose four indexes lie far from each other in memory, took more than twice as long; `tell`, which does, is
 * the twin.
 */
export function toldOf(
  claims: Claims,
  ceiling: Ceiling,
  directory: Directory,
  tell: (claims: Claims, ceiling: Ceiling, directory: Directory) => Told,
): Told {
  const known = knownOf(directory);
  const name = claims.id ?? claims.email ?? claims.name ?? '';
  const before = known.get(name);
  if (before !== undefined && before.ceiling === ceiling && areSame(before.claims, claims)) return before.told;
  const told = tell(claims, ceiling, directory);
  if (known.size >= REMEMBERED) known.clear();
  known.set(name, { claims, ceiling, told });
  return told;
}

function knownOf(directory: Directory): Map<string, Remembered> {
  const before = remembered.get(directory);
  if (before !== undefined) return before;
  const known = new Map<string, Remembered>();
  remembered.set(directory, known);
  return known;
}

function areSame(one: Claims, other: Claims): boolean {
  return (
    one.id === other.id &&
    one.email === other.email &&
    one.team === other.team &&
    one.project === other.project &&
    one.organisation === other.organisation &&
    one.name === other.name &&
    one.kind === other.kind &&
    one.basis === other.basis &&
    areSameTexts(one.groups, other.groups)
  );
}

function areSameTexts(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}

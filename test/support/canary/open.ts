import type { Leak } from './run.ts';

/** A leak that is known and not mended yet. An entry goes when its leak does: nothing may stay here. */
interface Open {
  readonly name: string;
  is(leak: Leak): boolean;
}

const OPEN: readonly Open[] = [];

/** What is left of the leaks when known ones are taken out, and how many canaries each known one let through. */
export function sorted(leaks: readonly Leak[]): {
  readonly fresh: readonly Leak[];
  readonly known: ReadonlyMap<string, number>;
} {
  const fresh = leaks.filter((leak) => !OPEN.some(({ is }) => is(leak)));
  const canaries = (open: Open) => new Set(leaks.filter(open.is).map(({ text }) => text)).size;
  return { fresh, known: new Map(OPEN.map((open) => [open.name, canaries(open)])) };
}

import type { Random } from '../../../services/processes/demo/random.ts';

/** The same value with the keys of every object in another order. */
export function shuffled(value: unknown, dice: Random): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => shuffled(one, dice));
  const entries = Object.entries(value).map(([name, child]) => [dice.next(), name, shuffled(child, dice)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a - b).map(([, name, child]) => [name, child]));
}

/** Chance that a seed decides: the same seed gives the same numbers, in the same order. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** Of 0 to below `count`. */
  below(count: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** Mulberry32: 32 bits of state, one multiplication a step, even enough for choosing faults. */
export function openRandom(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    next,
    below,
    chance: (probability) => probability > 0 && next() < probability,
    pick: (from) => from[below(from.length)] ?? from[0],
  };
}

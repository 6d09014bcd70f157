/** A seeded source of choices (mulberry32): the same seed plays the same day on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  integer(from: number, to: number): number;
  /** Throws on an empty list. */
  pick<T>(list: readonly T[]): T;
  hex(digits: number): string;
  /** A UUID of version 4's shape. */
  uuid(): string;
}

/** A stream of its own for each source, so that one more choice in one of them changes no other. */
export function randomFor(seed: number, source: string): Random {
  let mixed = seed >>> 0;
  for (const letter of source) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return random(mixed);
}

export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const word = (): string =>
    Math.floor(next() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const hex = (digits: number): string => {
    let made = '';
    while (made.length < digits) made += word();
    return made.slice(0, digits);
  };
  return {
    next,
    integer,
    hex,
    pick(list) {
      const one = list[integer(0, list.length - 1)];
      if (one === undefined) throw new RangeError('nothing to pick from');
      return one;
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  };
}

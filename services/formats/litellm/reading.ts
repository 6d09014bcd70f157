/** Largest whole number of a column: beyond, Avro's encoder writes another one. */
const LARGEST = 2 ** 52;

type Path = readonly string[];

/**
 * Reads leaves out of a payload for columns and remembers which ones a column now holds exactly as they came: those are
 * left out of the rest. A leaf that is missing or of another kind reads as undefined and stays in the rest.
 */
export interface Reading {
  /** Leave the leaf where it is; so do `word` and `number`. */
  peek(...path: Path): unknown;
  word(...path: Path): string | undefined;
  /** A finite number, also one that came as text. */
  number(...path: Path): number | undefined;
  /** A text that is not empty, for a column. */
  text(...path: Path): string | undefined;
  /** A whole number for a column, also one that came as text. */
  count(...path: Path): number | undefined;
  /** Leaves out a leaf that a column holds in another spelling from which the first one follows. */
  take(...path: Path): void;
  /** What no column holds. */
  rest(): unknown;
}

/** A tree of the leaves that columns hold; a leaf has nothing below it. */
type Taken = Map<string, Taken>;

export function reading(payload: object): Reading {
  const taken: Taken = new Map();
  const peek = (...path: Path): unknown => path.reduce(step, payload);
  const take = (...path: Path): void => void path.reduce(branch, taken);
  const word = (...path: Path): string | undefined => {
    const value = peek(...path);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const number = (...path: Path): number | undefined => {
    const value = peek(...path);
    const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
  };

  return {
    peek,
    word,
    number,
    take,
    text(...path) {
      const text = word(...path);
      if (text !== undefined) take(...path);
      return text;
    },
    count(...path) {
      const read = number(...path);
      if (read === undefined || !Number.isInteger(read) || Math.abs(read) > LARGEST) return undefined;
      // "007" is a number that a column cannot give back as it came.
      if (String(read) === String(peek(...path))) take(...path);
      return read;
    },
    rest: () => without(payload, taken),
  };
}

function step(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function branch(taken: Taken, name: string): Taken {
  const below = taken.get(name) ?? new Map();
  taken.set(name, below);
  return below;
}

function without(value: unknown, taken: Taken): unknown {
  if (!isObject(value)) return value;
  const kept = Object.entries(value).flatMap(([name, child]): [string, unknown][] => {
    const below = taken.get(name);
    if (below === undefined) return [[name, child]];
    return below.size === 0 ? [] : [[name, without(child, below)]];
  });
  return Object.fromEntries(kept);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Largest whole number of a column: beyond, Avro's encoder writes another one. */
export const LARGEST = 2 ** 52;

type Path = readonly string[];

/**
 * Reads leaves out of a message for columns and remembers which ones a column now holds exactly as they came: those are
 * left out of the rest. A leaf that is missing or of another kind reads as undefined and stays in the rest. The step into
 * a list is an index.
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
  /** A number of milliseconds for a column, also one that came as text. */
  milliseconds(...path: Path): number | undefined;
  /** Leaves out a leaf that a column holds in another spelling from which the first one follows. */
  take(...path: Path): void;
  /** Cuts out what no column holds of the part at a path, standing where it stood. Columns are read before. */
  apart(...path: Path): unknown;
  /** What no column holds and was not cut out. */
  rest(): unknown;
}

/** A tree of the leaves that are taken; a leaf has nothing below it. */
type Taken = Map<string, Taken>;

export function reading(message: object): Reading {
  const taken: Taken = new Map();
  const peek = (...path: Path): unknown => path.reduce(step, message);
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
  const takeNumber = (path: Path, fits: (value: number) => boolean): number | undefined => {
    const read = number(...path);
    if (read === undefined || !fits(read)) return undefined;
    // "007" is a number that a column cannot give back as it came.
    if (String(read) === String(peek(...path))) take(...path);
    return read;
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
    count: (...path) => takeNumber(path, (value) => Number.isInteger(value) && Math.abs(value) <= LARGEST),
    milliseconds: (...path) => takeNumber(path, () => true),
    apart(...path) {
      const piece = alone(message, taken, path);
      path
        .slice(0, -1)
        .reduce(branch, taken)
        .set(path.at(-1) ?? '', new Map());
      return piece;
    },
    rest: () => without(message, taken),
  };
}

function step(value: unknown, name: string): unknown {
  return isContainer(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function branch(taken: Taken, name: string): Taken {
  const below = taken.get(name) ?? new Map();
  taken.set(name, below);
  return below;
}

/** A part without what is taken of it, in the containers it stands in. */
function alone(value: unknown, taken: Taken | undefined, [name, ...below]: Path): unknown {
  if (name === undefined) return taken === undefined ? value : without(value, taken);
  const child = alone(step(value, name), taken?.get(name), below);
  return Array.isArray(value) ? [child] : { [name]: child };
}

function without(value: unknown, taken: Taken): unknown {
  if (!isContainer(value)) return value;
  const kept = Object.entries(value).flatMap(([name, child]): [string, unknown][] => {
    const below = taken.get(name);
    if (below === undefined) return [[name, child]];
    return below.size === 0 ? [] : [[name, without(child, below)]];
  });
  return Array.isArray(value) ? kept.map(([, child]) => child) : Object.fromEntries(kept);
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isContainer(value) && !Array.isArray(value);
}

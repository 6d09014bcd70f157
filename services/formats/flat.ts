/** Largest whole number of a column: beyond, Avro's encoder writes another one. */
const LARGEST = 2 ** 52;

export type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the fields of a flat record for columns and remembers which ones a column now holds exactly as they came: those
 * are left out of the rest. A field that is missing, empty or of another kind reads as undefined and stays in the rest.
 */
export interface Flat {
  /** Leaves the field where it is; so does `number`. */
  word(name: string): string | undefined;
  /** A finite number, also one that came as text. */
  number(name: string): number | undefined;
  /** A text for a column. */
  text(name: string): string | undefined;
  /** A whole number for a column, also one that came as text. */
  count(name: string): number | undefined;
  /** A number with or without a fraction for a column, also one that came as text. */
  measure(name: string): number | undefined;
  /** Leaves out a field that a column holds in another spelling from which the first one follows. */
  take(name: string): void;
  /** What no column holds. */
  rest(): Fields;
}

const NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;

export function flat(fields: Fields): Flat {
  const taken = new Set<string>();
  const peek = (name: string): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined);
  const word = (name: string): string | undefined => {
    const value = peek(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const number = (name: string): number | undefined => {
    const value = peek(name);
    const read = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
    return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
  };

  const measure = (name: string): number | undefined => {
    const read = number(name);
    // "007" is a number that a column cannot give back as it came.
    if (read !== undefined && String(read) === String(peek(name))) taken.add(name);
    return read;
  };

  return {
    word,
    number,
    text(name) {
      const text = word(name);
      if (text !== undefined) taken.add(name);
      return text;
    },
    measure,
    count(name) {
      const read = number(name);
      return Number.isInteger(read) && Math.abs(read ?? 0) <= LARGEST ? measure(name) : undefined;
    },
    take: (name) => void taken.add(name),
    rest: () => Object.fromEntries(Object.entries(fields).filter(([name]) => !taken.has(name))),
  };
}

import { type Taken, without } from '../core/taken.ts';
import { cut, type Takings, take, takeNothing } from './takings.ts';

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
  /** The same, without building it: the message, and what is left out of it. Columns are read before. */
  left(): { readonly from: unknown; readonly taken: Taken };
}

export function reading(message: object): Reading {
  return new Reader(message);
}

/** Performance: a class, for every message would make each of these functions anew. */
class Reader implements Reading {
  readonly #message: object;
  #takings: Takings = takeNothing();

  constructor(message: object) {
    this.#message = message;
  }

  peek(...path: Path): unknown {
    let value: unknown = this.#message;
    for (let at = 0; at < path.length; at++) value = step(value, path[at] ?? '');
    return value;
  }

  word(...path: Path): string | undefined {
    const value = this.peek(...path);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  number(...path: Path): number | undefined {
    const value = this.peek(...path);
    const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
  }

  text(...path: Path): string | undefined {
    const text = this.word(...path);
    if (text !== undefined) this.#take(path);
    return text;
  }

  count(...path: Path): number | undefined {
    const read = this.number(...path);
    if (read === undefined || !Number.isInteger(read) || Math.abs(read) > LARGEST) return undefined;
    return this.#takeNumber(path, read);
  }

  milliseconds(...path: Path): number | undefined {
    const read = this.number(...path);
    return read === undefined ? undefined : this.#takeNumber(path, read);
  }

  take(...path: Path): void {
    this.#take(path);
  }

  apart(...path: Path): unknown {
    const piece = alone(this.#message, this.#takings.taken, path);
    this.#takings = cut(this.#takings, path);
    return piece;
  }

  rest(): unknown {
    return without(this.#message, this.#takings.taken);
  }

  left(): { readonly from: unknown; readonly taken: Taken } {
    return { from: this.#message, taken: this.#takings.taken };
  }

  /** "007" is a number that a column cannot give back as it came. */
  #takeNumber(path: Path, read: number): number {
    const value = this.peek(...path);
    if (value === read || String(read) === String(value)) this.#take(path);
    return read;
  }

  #take(path: Path): void {
    this.#takings = take(this.#takings, path);
  }
}

/** Most leaves that are asked for are missing, which is told before whose they are. */
function step(value: unknown, name: string): unknown {
  const child = isContainer(value) ? value[name] : undefined;
  return child === undefined || !isContainer(value) || !Object.hasOwn(value, name) ? undefined : child;
}

/** A part without what is taken of it, in the containers it stands in. */
function alone(value: unknown, taken: Taken | undefined, [name, ...below]: Path): unknown {
  if (name === undefined) return taken === undefined ? value : without(value, taken);
  const child = alone(step(value, name), taken?.get(name), below);
  return Array.isArray(value) ? [child] : { [name]: child };
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isContainer(value) && !Array.isArray(value);
}

import { shownKey } from '../core/format.ts';

/** Where the scanner stands in a message, and the first thing it found wrong. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
  /** Members of all objects so far. */
  members: number;
  /** Whether the text last read holds an escape. */
  escaped: boolean;
  fault: Fault | undefined;
}

interface Fault {
  readonly what: string;
  /** From the leaf outwards, added to as the readers return; undefined where the byte is the place. */
  readonly steps: (string | number)[] | undefined;
}

/** The grammar is broken: the byte is the place. */
export function malformed(cursor: Cursor, what: string): false {
  const ended = cursor.at >= cursor.bytes.length;
  cursor.fault = { what: ended ? 'ends too early to be JSON' : `is not JSON: ${what}`, steps: undefined };
  return false;
}

/** A leaf or key that cannot be kept: its path is the place. */
export function wrong(cursor: Cursor, what: string, ...below: readonly string[]): false {
  cursor.fault = { what, steps: [...below] };
  return false;
}

/** Skips JSON's white space. */
export function space(cursor: Cursor): void {
  for (;;) {
    const byte = cursor.bytes[cursor.at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    cursor.at++;
  }
}

/** Takes one byte. */
export function step(cursor: Cursor): true {
  cursor.at++;
  return true;
}

/** Longest place that a fault names, in characters. */
const LONGEST_PLACE = 240;

/** `metadata.user.0.name: holds a NUL`, `byte 1234: is not JSON: …` or `message: …`. */
export function explain({ fault, at, bytes }: Cursor): string | undefined {
  if (fault === undefined) return undefined;
  const { what, steps } = fault;
  if (steps === undefined) return `byte ${Math.min(at, bytes.length)}: ${what}`;
  const place = steps.toReversed().map(shownKey).join('.').slice(0, LONGEST_PLACE);
  return `${place === '' ? 'message' : place}: ${what}`;
}

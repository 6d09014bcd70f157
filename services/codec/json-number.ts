import { type Cursor, malformed, wrong } from './json-cursor.ts';

const [MINUS, PLUS, DOT, ZERO, NINE] = [0x2d, 0x2b, 0x2e, 0x30, 0x39];

/** Fifteen digits survive as a double. */
const SURE_DIGITS = 15;

/** A longer number is nobody's measurement. */
const LONGEST = 1024;

/** Reads a JSON number that a double holds: integers digit by digit, decimals rounded, nothing past 2^53. */
export function number(cursor: Cursor): boolean {
  const { bytes, at: from } = cursor;
  if (bytes[from] === MINUS) cursor.at++;
  const first = bytes[cursor.at];
  const whole = digits(cursor);
  if (whole === 0) return malformed(cursor, 'a value should stand here');
  if (whole > 1 && first === ZERO) return malformed(cursor, 'a number must not begin with 0');
  if (bytes[cursor.at] === DOT) {
    cursor.at++;
    if (digits(cursor) === 0) return malformed(cursor, 'a digit should stand here');
  }
  const exponent = bytes[cursor.at] === 0x65 || bytes[cursor.at] === 0x45;
  if (exponent) {
    cursor.at++;
    if (bytes[cursor.at] === PLUS || bytes[cursor.at] === MINUS) cursor.at++;
    if (digits(cursor) === 0) return malformed(cursor, 'a digit should stand here');
  }
  return (whole <= SURE_DIGITS && !exponent) || survives(cursor, from);
}

function survives(cursor: Cursor, from: number): boolean {
  if (cursor.at - from > LONGEST) return wrong(cursor, 'is a number of too many digits');
  const size = Math.abs(Number(String.fromCharCode(...cursor.bytes.subarray(from, cursor.at))));
  return size <= Number.MAX_SAFE_INTEGER || wrong(cursor, 'is a number past 2^53, whose digits would be lost');
}

/** How many digits stand here; the cursor is left behind them. */
function digits(cursor: Cursor): number {
  const from = cursor.at;
  for (;;) {
    const byte = cursor.bytes[cursor.at] ?? 0;
    if (byte < ZERO || byte > NINE) return cursor.at - from;
    cursor.at++;
  }
}

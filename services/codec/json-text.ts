import { type Cursor, malformed, step, wrong } from './json-cursor.ts';

const [QUOTE, BACKSLASH, SMALL_U] = [0x22, 0x5c, 0x75];
const SHORT_ESCAPES = new Set([...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0)));

/** Reads a JSON string, the cursor on its quote. `holds` begins the sentence about what cannot be kept. */
export function text(cursor: Cursor, holds: string): boolean {
  const { bytes } = cursor;
  cursor.escaped = false;
  let at = cursor.at + 1;
  for (;;) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) {
      cursor.at = at;
      if (byte === QUOTE) return step(cursor);
      if (byte !== BACKSLASH) return control(cursor, byte, holds);
      if (!escaped(cursor, holds)) return false;
      at = cursor.at;
    } else at++;
  }
}

function control(cursor: Cursor, byte: number, holds: string): false {
  if (byte === 0 && cursor.at < cursor.bytes.length) return wrong(cursor, `${holds} a NUL`);
  return malformed(cursor, 'a control character in a string must be escaped');
}

function escaped(cursor: Cursor, holds: string): boolean {
  const { bytes, at } = cursor;
  cursor.escaped = true;
  const letter = bytes[at + 1] ?? 0;
  if (letter !== SMALL_U) {
    if (!SHORT_ESCAPES.has(letter)) return malformed(cursor, 'no such escape');
    cursor.at += 2;
    return true;
  }
  const unit = unitAt(bytes, at);
  if (unit < 0) return malformed(cursor, 'four hex digits should follow \\u');
  if (unit === 0) return wrong(cursor, `${holds} a NUL`);
  cursor.at += 6;
  if (unit < 0xd800 || unit > 0xdfff) return true;
  const low = unitAt(bytes, cursor.at);
  if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff) return wrong(cursor, `${holds} half a surrogate pair`);
  cursor.at += 6;
  return true;
}

/** The UTF-16 code unit of a `\uXXXX` at `at`; negative when none stands there. */
function unitAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== BACKSLASH || bytes[at + 1] !== SMALL_U) return -1;
  let unit = 0;
  for (let digit = at + 2; digit < at + 6; digit++) unit = unit * 16 + (HEX.get(bytes[digit] ?? 0) ?? Number.NaN);
  return Number.isNaN(unit) ? -1 : unit;
}

const HEX: ReadonlyMap<number, number> = new Map(
  [...'0123456789abcdefABCDEF'].map((digit) => [digit.charCodeAt(0), Number.parseInt(digit, 16)]),
);

const [QUOTE, BACKSLASH, DOT, MINUS, SMALL_E, BIG_E, SMALL_U] = [0x22, 0x5c, 0x2e, 0x2d, 0x65, 0x45, 0x75];

/** What a byte outside texts is: all else is left to `JSON.parse`. */
const [OTHER, TEXT, DIGIT, OPEN, CLOSE, MEMBER] = [0, 1, 2, 3, 4, 5];
const KIND = new Uint8Array(256).fill(OTHER);
for (const [kind, letters] of [
  [TEXT, '"'],
  [DIGIT, '0123456789'],
  [OPEN, '[{'],
  [CLOSE, ']}'],
  [MEMBER, ':'],
] as const)
  for (const letter of letters) KIND[letter.charCodeAt(0)] = kind;

/** Digits that a double holds whatever they are, and a length that no measurement has. */
const SURE_DIGITS = 15;
const LONG_NUMBER = 100;

/**
 * How many members the objects of a message have together, or -1 where `scan` has to look.
 *
 * Performance: `scan`, the twin, reads all of JSON's grammar, which `JSON.parse` then reads again. Of what `JSON.parse` takes and
 * silently changes or loses, this alone tells: it counts, and turns away whatever might be deep, a large number, or an escape
 * by its code. Keys that reach into the program the caller looks for in the text.
 */
export function plainMembers(bytes: Uint8Array, mostDepth: number): number {
  const { length } = bytes;
  let members = 0;
  let depth = 0;
  for (let at = 0; at < length; ) {
    const kind = KIND[bytes[at++] ?? 0];
    if (kind === OTHER) continue;
    if (kind === TEXT) {
      at = endOfText(bytes, at);
      if (at < 0) return -1;
    } else if (kind === DIGIT) {
      at = endOfNumber(bytes, at);
      if (at < 0) return -1;
    } else if (kind === MEMBER) members++;
    else if (kind === CLOSE) depth--;
    else if (++depth > mostDepth) return -1;
  }
  return members;
}

/** Behind the quote that closes; negative where none does, or a character is written by its code. */
function endOfText(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  for (let at = from; at < length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH && bytes[++at] === SMALL_U) return -1;
  }
  return -1;
}

/** Behind a number, the first digit of which was read; negative where it may be too large for its digits to be kept. */
function endOfNumber(bytes: Uint8Array, from: number): number {
  let at = from;
  while (KIND[bytes[at] ?? 0] === DIGIT) at++;
  if (at - from >= SURE_DIGITS) return -1;
  if (bytes[at] === DOT)
    do at++;
    while (KIND[bytes[at] ?? 0] === DIGIT);
  if (bytes[at] === SMALL_E || bytes[at] === BIG_E) {
    if (bytes[at + 1] !== MINUS) return -1;
    at += 2;
    while (KIND[bytes[at] ?? 0] === DIGIT) at++;
  }
  return at - from > LONG_NUMBER ? -1 : at;
}

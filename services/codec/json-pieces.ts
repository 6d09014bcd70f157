/** A stretch of a file that should be one message. */
export interface Piece {
  /** `document`, `element 2` or `line 3`, counted from 1. */
  readonly place: string;
  readonly bytes: Uint8Array;
}

/**
 * Where the messages of a file begin and end, by its brackets and quotes alone: the elements of an array, the lines of a
 * file some line of which is complete, otherwise the file as it is. What stands in them is not judged here.
 */
export function pieces(file: Uint8Array): readonly Piece[] {
  const from = skip(file, 0);
  if (from === file.length) return [];
  const to = endOfValue(file, from);
  if (to !== undefined && skip(file, to) === file.length)
    return file[from] === BRACKET
      ? elements(file.subarray(from + 1, to - 1))
      : [{ place: 'document', bytes: trimmed(file) }];
  const all = lines(file);
  return all.some(({ bytes }) => isComplete(bytes)) ? all : [{ place: 'document', bytes: trimmed(file) }];
}

/** An object or array of its own; a line of a document that is printed over many lines is no such thing. */
function isComplete(line: Uint8Array): boolean {
  return (line[0] === BRACE || line[0] === BRACKET) && endOfValue(line, 0) === line.length;
}

const [QUOTE, BACKSLASH, COMMA, LINE_FEED] = [0x22, 0x5c, 0x2c, 0x0a];
const [BRACE, END_BRACE, BRACKET, END_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

function elements(inside: Uint8Array): readonly Piece[] {
  if (skip(inside, 0) === inside.length) return [];
  const found: Piece[] = [];
  let from = 0;
  for (let at = 0; at <= inside.length; ) {
    if (at < inside.length && inside[at] !== COMMA) {
      at = isOpening(inside[at]) ? (endOfValue(inside, at) ?? inside.length) : at + 1;
      continue;
    }
    found.push({ place: `element ${found.length + 1}`, bytes: trimmed(inside.subarray(from, at)) });
    from = ++at;
  }
  return found;
}

function lines(file: Uint8Array): readonly Piece[] {
  const found: Piece[] = [];
  let number = 0;
  for (let from = 0; from < file.length; ) {
    const to = lineEnd(file, from);
    number++;
    const bytes = trimmed(file.subarray(from, to));
    if (bytes.length > 0) found.push({ place: `line ${number}`, bytes });
    from = to + 1;
  }
  return found;
}

/** Behind the value that begins at `from`; undefined when it has no end. */
function endOfValue(file: Uint8Array, from: number): number | undefined {
  if (!isOpening(file[from])) return lineEnd(file, from);
  let depth = 0;
  for (let at = from; at < file.length; at++) {
    const byte = file[at];
    if (byte === QUOTE) at = endOfText(file, at);
    else if (byte === BRACE || byte === BRACKET) depth++;
    else if (byte === END_BRACE || byte === END_BRACKET) depth--;
    if (depth === 0) return at < file.length ? at + 1 : undefined;
  }
  return undefined;
}

/** The closing quote of a string, or the end of the file. */
function endOfText(file: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < file.length && file[at] !== QUOTE) at += file[at] === BACKSLASH ? 2 : 1;
  return at;
}

const isOpening = (byte: number | undefined): boolean => byte === QUOTE || byte === BRACE || byte === BRACKET;

function lineEnd(file: Uint8Array, from: number): number {
  const at = file.indexOf(LINE_FEED, from);
  return at < 0 ? file.length : at;
}

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === LINE_FEED || byte === 0x0d || byte === 0x09;

function skip(file: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(file[at])) at++;
  return at;
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let to = bytes.length;
  while (to > 0 && isSpace(bytes[to - 1])) to--;
  return bytes.subarray(Math.min(skip(bytes, 0), to), to);
}

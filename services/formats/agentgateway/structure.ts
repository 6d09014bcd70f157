const NEXT = /[^"[\]{}]*/y;
const PLAIN = /[^"\\]*/y;

/**
 * Where the list or map that begins at `start` ends: behind the bracket that closes the first one. Brackets and blanks
 * inside its texts count for nothing. Undefined where it does not close.
 */
export function structureEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at = past(NEXT, text, at)) {
    const sign = text[at];
    if (sign === '"') {
      at = textEnd(text, at);
      continue;
    }
    depth += sign === '[' || sign === '{' ? 1 : -1;
    at += 1;
    if (depth === 0) return at;
  }
  return undefined;
}

/** Behind the quote that closes the one at `start`, or the end of everything. */
function textEnd(text: string, start: number): number {
  let at = past(PLAIN, text, start + 1);
  while (text[at] === '\\') at = past(PLAIN, text, at + 2);
  return at + 1;
}

function past(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

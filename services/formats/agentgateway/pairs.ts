import { shownKey } from '../../core/format.ts';
import { type Read, unquoted } from './quoted.ts';
import { structureEnd } from './structure.ts';

export type Pairs =
  | { readonly ok: true; readonly pairs: readonly (readonly [string, string])[] }
  | { readonly ok: false; readonly reason: string };

const KEY = /([A-Za-z_][\w./-]*)=/y;
const BLANKS = /[ \t]*/y;
const WORD = /[^ \t]+/y;

/**
 * Reads `key=value` pairs as agentgateway writes them: a value of its own as it is, also with blanks in it; one of a
 * configured field quoted, or as a list or map, with the escapes of Rust's Debug. A bare value ends where the next key
 * begins. Reads each character a fixed number of times at most, and never throws.
 */
export function readPairs(text: string): Pairs {
  const pairs: (readonly [string, string])[] = [];
  const seen = new Set<string>();
  let at = past(BLANKS, text, 0);
  while (at < text.length) {
    const key = keyAt(text, at);
    if (key === undefined) return { ok: false, reason: 'has words that belong to no key' };
    if (seen.has(key)) return { ok: false, reason: `has ${shownKey(key)} twice` };
    const value = valueAt(text, at + key.length + 1);
    if (!value.ok) return { ok: false, reason: `has ${shownKey(key)} with ${value.reason}` };
    seen.add(key);
    pairs.push([key, value.value]);
    at = past(BLANKS, text, value.end);
  }
  return { ok: true, pairs };
}

function valueAt(text: string, start: number): Read {
  const first = text[start];
  if (first === '"') return alone(text, unquoted(text, start));
  if (first !== '[' && first !== '{') return bare(text, start, start);
  const end = structureEnd(text, start);
  return end === undefined ? { ok: false, reason: 'a bracket that does not close' } : bare(text, start, end);
}

/** A quoted value is followed by a blank, or by nothing. */
function alone(text: string, value: Read): Read {
  if (!value.ok || value.end === text.length || past(BLANKS, text, value.end) > value.end) return value;
  return { ok: false, reason: 'more behind its closing quote' };
}

/** From `start` to the next key or the end, without the blanks before it; no key is looked for before `from`. */
function bare(text: string, start: number, from: number): Read {
  let end = past(WORD, text, from);
  for (let next = past(BLANKS, text, end); next < text.length; next = past(BLANKS, text, end)) {
    if (next > end && keyAt(text, next) !== undefined) break;
    end = past(WORD, text, next);
  }
  return { ok: true, value: text.slice(start, end), end };
}

function keyAt(text: string, at: number): string | undefined {
  KEY.lastIndex = at;
  return KEY.exec(text)?.[1];
}

function past(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

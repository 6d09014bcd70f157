import type { Detector, Span } from './detector.ts';

/**
 * Performance: every text of every event passes here, and nearly all hold no credential. A regular expression that
 * alternates over all triggers costs 40 to 90 ns a character in V8, which tries them one by one; this loop costs about
 * 1 ns: the low five bits of three characters in a row (which fold the case of letters) index a table of detectors.
 */
const LETTER_BITS = 5;
const LETTERS = 0b11111;
const WINDOW = 0b111_1111_1111_1111;

/** Calls `found` for the credentials of a text, from left to right and not overlapping. */
export function scanner(detectors: readonly Detector[]): (text: string, found: (span: Span) => void) => void {
  const groups = group(detectors);
  const table = new Uint8Array(WINDOW + 1);
  const lists = [...groups.values()];
  for (const [index, hash] of [...groups.keys()].entries()) table[hash] = index + 1;

  return (text, found) => {
    let window = 0;
    let free = 0;
    for (let next = 0; next < text.length; ) {
      window = ((window << LETTER_BITS) | (text.charCodeAt(next++) & LETTERS)) & WINDOW;
      const entry = table[window];
      if (entry === undefined || entry === 0 || next - 3 < free) continue;
      const span = first(lists[entry - 1] ?? [], text, next - 3);
      if (span === undefined || span.end <= free) continue;
      found({ ...span, start: Math.max(span.start, free) });
      free = span.end;
      next = Math.max(next, free);
      window = 0;
    }
  };
}

function first(detectors: readonly Detector[], text: string, at: number): Span | undefined {
  for (const detector of detectors) {
    const span = detector.read(text, at);
    if (span !== undefined) return span;
  }
  return undefined;
}

/** Detectors by the hash of their triggers; at one place the earlier detector wins. */
function group(detectors: readonly Detector[]): ReadonlyMap<number, readonly Detector[]> {
  const groups = new Map<number, Detector[]>();
  for (const detector of detectors) {
    for (const hash of new Set(detector.triggers.map(hashOf))) {
      const known = groups.get(hash);
      if (known === undefined) groups.set(hash, [detector]);
      else known.push(detector);
    }
  }
  if (groups.size > 255) throw new RangeError('more triggers than a byte can number');
  return groups;
}

function hashOf(trigger: string): number {
  if (trigger.length < 3) throw new RangeError(`trigger ${trigger} is shorter than three characters`);
  return [0, 1, 2].reduce((hash, index) => (hash << LETTER_BITS) | (trigger.charCodeAt(index) & LETTERS), 0);
}

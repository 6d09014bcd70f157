import { AT, BRACKET, type Detector, DIGITS, type Span } from './detector.ts';

/**
 * Performance: every text of every event passes here, and nearly all hold nothing to mask. Each character folds into five
 * bits (letters in either case, any digit, the two signs that are triggers, two groups of other signs, the rest), and
 * three characters in a row index a table of detectors. So words, runs of digits and signs cost one look-up together. The
 * two characters behind are looked up only at a hit: without them terms as frequent as `hep…` were asked for at one
 * place in fifty of our own code. The slow twin is in the test, the figures are those of `npm run prove -- detectors`.
 */
const BITS = 5;
const WINDOW = (1 << (3 * BITS)) - 1;
/** Any character, as a set of folded ones: a bit for each. */
const ANY = 0xffff_ffff;

const DIGIT = 27;
const SIGNS: Readonly<Record<string, number>> = { [AT]: 28, [BRACKET]: 29, ':': 30, '/': 30, '-': 31, _: 31, '.': 31 };

const FOLD = Uint8Array.from({ length: 1 << 7 }, (_, code) => folded(String.fromCharCode(code)));

function folded(character: string): number {
  if (/[a-zA-Z]/.test(character)) return character.charCodeAt(0) & 31;
  if (/[0-9]/.test(character)) return DIGIT;
  return SIGNS[character] ?? 0;
}

/** A detector, and how many characters before the end of the window its trigger begins. */
interface Watch {
  readonly detector: Detector;
  readonly back: number;
}

/**
 * Calls `found` for what the detectors find in a text, from left to right and not overlapping; where several triggers end
 * at one place the earlier detector wins.
 */
export type Scan = (text: string, found: (span: Span) => void) => void;

export function scanner(detectors: readonly Detector[]): Scan {
  const { table, groups, fourth, fifth } = compiled(detectors);

  return (text, found) => {
    const { length } = text;
    const codes = codesOf(text);
    let free = 0;
    window = 0;
    for (let next = 0; ; ) {
      next = seek(table, codes, next, length);
      if (next < 0) return;
      const here = window;
      if (!holds(fourth[here], text, next) || !holds(fifth[here], text, next + 1)) continue;
      const span = first(groups[(table[here] ?? 0) - 1] ?? [], text, next, free);
      if (span === undefined || span.end <= free) continue;
      found(span.start < free ? { ...span, start: free } : span);
      free = span.end;
      next = Math.max(next, free);
      window = 0;
    }
  };
}

/** The last three characters that `seek` has read. */
let window = 0;

/** Behind the next window that any detector watches for; -1 where none does. Calls nothing, so that the engine keeps all in registers. */
function seek(table: Uint8Array, codes: Uint8Array, from: number, length: number): number {
  let seen = window;
  for (let next = from; next < length; next++) {
    seen = ((seen << BITS) | (FOLD[codes[next] ?? 0] ?? 0)) & WINDOW;
    if (table[seen] !== 0) {
      window = seen;
      return next + 1;
    }
  }
  return -1;
}

/**
 * The code units of a text as bytes, what is beyond ASCII as 0: it folds alike. A text that is read letter by letter asks what
 * kind of text it is at each of them, which took four times as long.
 */
function codesOf(text: string): Uint8Array {
  if (3 * text.length > bytes.length) bytes = Buffer.allocUnsafeSlow(6 * text.length);
  if (text.length > SHORT && bytes.write(text) === text.length) return bytes;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    bytes[at] = code < 128 ? code : 0;
  }
  return bytes;
}

/** A call out of the engine takes as long as so many letters. */
const SHORT = 12;

let bytes = Buffer.allocUnsafeSlow(1 << 16);

/** Whether the character at a place is in a set of folded ones. */
const holds = (set: number | undefined, text: string, at: number): boolean =>
  (((set ?? 0) >>> (FOLD[text.charCodeAt(at)] ?? 0)) & 1) === 1;

function first(group: readonly Watch[], text: string, next: number, free: number): Span | undefined {
  for (const { detector, back } of group) {
    if (next - back < free) continue;
    const span = detector.read(text, next - back);
    if (span !== undefined) return span;
  }
  return undefined;
}

interface Compiled {
  /** For each window the number of its group, counting from 1; 0 for none. */
  readonly table: Uint8Array;
  /** Detectors that share windows. */
  readonly groups: readonly (readonly Watch[])[];
  /** For each window the characters that may stand behind it, and behind these. */
  readonly fourth: Uint32Array;
  readonly fifth: Uint32Array;
}

function compiled(detectors: readonly Detector[]): Compiled {
  const [fourth, fifth] = [new Uint32Array(WINDOW + 1), new Uint32Array(WINDOW + 1)];
  const watches = new Map<number, Watch[]>();
  for (const detector of detectors) {
    const windows = new Map<number, number>();
    for (const trigger of detector.triggers) {
      for (const [window, back] of windowsOf(trigger)) {
        windows.set(window, back);
        fourth[window] = (fourth[window] ?? 0) | setOf(trigger, 3);
        fifth[window] = (fifth[window] ?? 0) | setOf(trigger, 4);
      }
    }
    for (const [window, back] of windows) {
      const known = watches.get(window);
      if (known === undefined) watches.set(window, [{ detector, back }]);
      else known.push({ detector, back });
    }
  }
  const numbers = new Map<string, number>();
  const groups: (readonly Watch[])[] = [];
  const table = new Uint8Array(WINDOW + 1);
  for (const [window, group] of watches) {
    const name = group.map(({ detector, back }) => `${detectors.indexOf(detector)}-${back}`).join();
    const number = numbers.get(name) ?? groups.push(group);
    numbers.set(name, number);
    table[window] = number;
  }
  if (groups.length > 255) throw new RangeError('more groups of detectors than a byte can number');
  return { table, groups, fourth, fifth };
}

/** The windows a trigger fills, each with the distance from its end to where the trigger begins. */
function windowsOf(trigger: string): readonly (readonly [number, number])[] {
  const all = Array.from({ length: 1 << BITS }, (_, character) => character);
  if (trigger === DIGITS)
    return all.filter((before) => before !== DIGIT).map((before) => [windowOf(before, DIGIT, DIGIT), 2]);
  if (trigger === AT || trigger === BRACKET)
    return all.flatMap((a) => all.map((b): readonly [number, number] => [windowOf(a, b, folded(trigger)), 1]));
  if (trigger.length < 3) throw new RangeError(`trigger ${trigger} is shorter than three characters`);
  const [a = '', b = '', c = ''] = trigger;
  return [[windowOf(folded(a), folded(b), folded(c)), 3]];
}

/** The character of a trigger at a place as a set; any, where the trigger has ended. */
const setOf = (trigger: string, at: number): number => (at < trigger.length ? 1 << folded(trigger.charAt(at)) : ANY);

const windowOf = (a: number, b: number, c: number): number => (a << (2 * BITS)) | (b << BITS) | c;

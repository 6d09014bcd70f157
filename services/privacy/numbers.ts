import { type Detector, DIGITS, type Span } from './detector.ts';

/** Finds one kind of number. Asked at every run of digits of the lengths it names, so the shape comes before all else. */
export interface NumberReader {
  /** Digits in a row at its beginning, at least and at most. */
  readonly first: readonly [number, number];
  /** Letters may stand before its digits. */
  readonly lettered?: boolean;
  /**
   * Digits begin at a place, so many in a row; more than `LONGEST` are counted as one more. `within`: the character before is a
   * letter, digit or underscore, so they are the end of something.
   */
  read(text: string, at: number, count: number, within: boolean): Span | undefined;
}

const LONGEST = 20;
/** What a longer run counts as. */
export const LONGER = LONGEST + 1;

/** One detector for all kinds of numbers: the run of digits is measured once. The earlier reader wins. */
export function numbers(readers: readonly NumberReader[]): Detector {
  const lengths = Array.from({ length: LONGER + 1 }, (_, count) => count);
  const fitting = (lettered: boolean) =>
    lengths.map((count) =>
      readers.filter(({ first, ...reader }) => {
        const fits = count >= first[0] && count <= first[1];
        return fits && (!lettered || reader.lettered === true);
      }),
    );
  const [alone, behindLetters] = [fitting(false), fitting(true)];

  return {
    triggers: [DIGITS],
    read(text, at) {
      let end = at;
      while (end <= at + LONGEST && isDigit(text.charCodeAt(end))) end++;
      const count = end - at;
      if (count < 2) return undefined;
      const within = at > 0 && isWord(text, at - 1);
      const fit = (within ? behindLetters : alone)[count] ?? NONE;
      for (let index = 0; index < fit.length; index++) {
        const span = fit[index]?.read(text, at, count, within);
        if (span !== undefined) return span;
      }
      return undefined;
    },
  };
}

const NONE: readonly NumberReader[] = [];

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** A letter, digit or underscore, unless it belongs to an escape (`\n` in JSON kept as text, `%20` in an address). */
function isWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (!(isDigit(code) || ((code | 32) - 97 < 26 && (code | 32) >= 97) || code === 95 || (code > 0xbf && code < 0x250)))
    return false;
  if (text.charCodeAt(at - 1) !== BACKSLASH && text.charCodeAt(at - 2) !== PERCENT) return true;
  return !/(?:\\[nrtbf]|%[0-9A-Fa-f]{2})$/.test(text.slice(Math.max(0, at - 2), at + 1));
}

const [BACKSLASH, PERCENT] = [92, 37];

/** Whether a letter or an underscore stands at a place: digits in the midst of a longer id are most. */
export function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 32;
  return (code >= 97 && code <= 122) || text.charCodeAt(at) === 95;
}

/** Whether a capital letter of ASCII stands at a place. */
export function isCapital(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 65 && code <= 90;
}

/** Whether a letter stands so near before a place that a word there can tell what begins: decimals and times have none. */
export function followsWord(text: string, at: number): boolean {
  for (let before = at - 1; before >= 0 && at - before <= FARTHEST_WORD; before--)
    if (isLetter(text, before) || text.charCodeAt(before) > 127) return true;
  return false;
}

/** Beyond what stands between a number and its name in any reader. */
const FARTHEST_WORD = 40;

/** Neither more of the number nor of a word, a fraction or a version stands behind it. */
export const ENDS = '(?![A-Za-z0-9_\\u00c0-\\u024f]|[-./][0-9])';

/** Whether what stands before a place lets a number begin there: no fraction, version, range or path. */
export const beginsNumber = (text: string, at: number): boolean =>
  !/[0-9A-Za-z_][-./]$|[0-9]:$|[.$€£]$/.test(text.slice(Math.max(0, at - 2), at));

/** The characters before a place, for the words that tell what stands there. */
export const before = (text: string, at: number, length: number): string => text.slice(Math.max(0, at - length), at);

export const digitsOf = (text: string): string => text.replace(/[^0-9]/g, '');

import { literally } from './detector.ts';
import { before, beginsNumber, ENDS, LONGER, type NumberReader } from './numbers.ts';

const AREA = '(?!000|666|9)[0-9]{3}';
const SSN = new RegExp(`${AREA}([- ])(?!00)[0-9]{2}\\1(?!0000)[0-9]{4}${ENDS}`, 'y');
const SSN_BARE = new RegExp(`${AREA}(?!00)[0-9]{2}(?!0000)[0-9]{4}${ENDS}`, 'y');
const OF_SSN = /(?:\bSSNs?\b|social[ _-]?security|\bsoc\.? ?sec\b)[^0-9\n]{0,24}$/i;

/** US social security number in the ranges ever given out (SSA, 20 CFR 422.103); bare only behind its name. */
export const ssn: NumberReader = {
  first: [3, 9],
  read(text, at, count) {
    if (count !== 3 && count !== 9) return undefined;
    const shape = count === 3 ? SSN : SSN_BARE;
    shape.lastIndex = at;
    if (!shape.test(text) || !beginsNumber(text, at)) return undefined;
    const end = shape.lastIndex;
    if (text.charAt(at + 3) !== '-' && !OF_SSN.test(before(text, at, 48))) return undefined;
    return { start: at, end, kind: 'ssn', value: text.slice(at, end).replace(/[^0-9]/g, '') };
  },
};

/** An identity number of a country or a company, by its shape. */
export interface NationalId {
  /** What it is called when masked. */
  readonly name: string;
  /** 9 is a digit, A a letter in either case, every other character itself. */
  readonly template: string;
  /** Words of which one must stand before it; none where the shape tells enough. */
  readonly context?: readonly string[] | undefined;
}

/** What a template must hold for the search to stop there: its first two digits in a row. */
export const DIGITS_IN_A_ROW = /[0-9]{2}/;

const CONTEXT = 64;

/** An identity number by the operator's template, which becomes an expression without any repetition. */
export function nationalId({ name, template, context }: NationalId): NumberReader {
  const offset = template.search(DIGITS_IN_A_ROW);
  const [{ length: run } = ''] = /^[0-9]+/.exec(template.slice(offset)) ?? [];
  const shape = new RegExp(`(?<![A-Za-z0-9_])${[...template].map(sourceOf).join('')}${ENDS}`, 'y');
  const words = context === undefined ? undefined : new RegExp(context.map(literally).join('|'), 'i');
  return {
    first: [Math.min(run, LONGER), Math.min(run, LONGER)],
    lettered: true,
    read(text, at) {
      const start = at - offset;
      if (start < 0) return undefined;
      shape.lastIndex = start;
      if (!shape.test(text) || !beginsNumber(text, start)) return undefined;
      if (words !== undefined && !words.test(before(text, start, CONTEXT))) return undefined;
      const end = shape.lastIndex;
      const value = text
        .slice(start, end)
        .replace(/[^A-Za-z0-9]/g, '')
        .toUpperCase();
      return { start, end, kind: name, value };
    },
  };
}

function sourceOf(character: string): string {
  if (character === '9') return '[0-9]';
  return character === 'A' ? '[A-Za-z]' : literally(character);
}

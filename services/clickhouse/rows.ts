/**
 * Rows of a `JSONEachRow` answer whose 64-bit integers are not quoted: numbers where they are safe, else their digits as
 * a string, so that nothing is rounded.
 */
export function readRows(text: string): readonly Readonly<Record<string, unknown>>[] {
  const reviver = LONG_NUMBER.test(text) ? exact : undefined;
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line, reviver));
}

/** Reading every value costs several times the parsing: only answers with a number past 2^53 pay it. */
const LONG_NUMBER = /\d{16}/;

function exact(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || Number.isSafeInteger(value)) return value;
  return /^-?\d+$/.test(source) ? source : value;
}

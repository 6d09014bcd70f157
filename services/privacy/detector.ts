/** A credential in a text: `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** What it is, in lower case and hyphens. */
  readonly kind: string;
}

/**
 * Finds one family of credentials. For masking to stay linear in the text, `read` looks at a bounded stretch unless what
 * it reads becomes part of the span it returns: the search goes on behind it.
 */
export interface Detector {
  /** How what it finds can begin: three or more characters, of which the first three are looked for, in any case. */
  readonly triggers: readonly string[];
  /** Judges the text at a place where a trigger seems to stand: the search has false hits. */
  read(text: string, at: number): Span | undefined;
}

/** What stands for a credential once it is masked. */
export const markOf = (kind: string): string => `[masked:${kind}]`;

/** A mark, as the source of a regular expression. */
export const MARK = '\\[masked:[a-z-]{1,32}\\]';

const MARKS = new RegExp(MARK, 'g');

/** What is left of a value when the marks in it are taken out. */
export const withoutMarks = (value: string): string => (value.includes('[masked:') ? value.replace(MARKS, '') : value);

/** A text as the source of a regular expression that matches it. */
export const literally = (text: string): string => text.replace(/[^A-Za-z0-9_]/g, '\\$&');

/** The end of a sticky expression's match at a place, or undefined. */
export function endOfMatch(sticky: RegExp, text: string, at: number): number | undefined {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : undefined;
}

/**
 * Where a word may begin: not after a letter or digit, unless that belongs to an escape (`\n` in JSON kept as text, `%3D`
 * in an address). Source of a regular expression.
 */
export const BEGINS = '(?:(?<![A-Za-z0-9])|(?<=\\\\[nrtbf])|(?<=\\\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))';

/** Something in a text that is to be replaced: `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** What it is, in lower case, digits and hyphens. */
  readonly kind: string;
  /** Of people's data: the value in the one form whose token joins; a credential has none, and no token. */
  readonly value?: string;
}

/** A trigger: the sign of an e-mail address. */
export const AT = '@';
/** A trigger: how a mark begins. */
export const BRACKET = '[';
/** A trigger: two digits, of which the first stands behind no other. */
export const DIGITS = '00';

/**
 * Finds one family of what is to be replaced. For masking to stay linear in the text, `read` looks at a bounded stretch
 * unless what it reads becomes part of the span it returns: the search goes on behind it.
 */
export interface Detector {
  /**
   * How what it finds can begin: one of the triggers above, or three and more characters, of which the first five are
   * looked for, in any case.
   */
  readonly triggers: readonly string[];
  /** Judges the text at a place where a trigger seems to stand: the search has false hits. */
  read(text: string, at: number): Span | undefined;
}

/** What stands for a credential once it is masked. */
export const markOf = (kind: string): string => `[masked:${kind}]`;

/** What stands for people's data once they are masked: the same value has the same token everywhere. */
export const tokenMarkOf = (kind: string, token: string): string => `[${kind}:${token}]`;

/** Either mark, as the source of a regular expression. */
export const MARK = '\\[(?:masked:[a-z-]{1,32}|[a-z][a-z0-9-]{0,31}:tok_[A-Za-z0-9_-]{22})\\]';

const MARKS = new RegExp(MARK, 'g');
const MARKED = new RegExp(MARK, 'y');
const ONE_MARK = new RegExp(`^${MARK}$`);

/** What is left of a value when the marks in it are taken out. */
export const withoutMarks = (value: string): string =>
  value.includes('[masked:') || value.includes(':tok_') ? value.replace(MARKS, '') : value;

/** Whether a text is a mark and nothing else. */
export const isMark = (text: string): boolean => ONE_MARK.test(text);

/** A mark that stands already is no one's name or value; its span has no kind. */
export const mark: Detector = {
  triggers: [BRACKET],
  read(text, at) {
    const next = text.charCodeAt(at + 1);
    if (!(next >= 0x61 && next <= 0x7a)) return undefined;
    const end = endOfMatch(MARKED, text, at);
    return end === undefined ? undefined : { start: at, end, kind: '' };
  },
};

/** A text as the source of a regular expression that matches it. */
export const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

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

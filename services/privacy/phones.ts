import { before, beginsNumber, digitsOf, ENDS, type NumberReader } from './numbers.ts';

/** ITU-T E.164: country codes in use, by their first digits. */
const COUNTRY =
  '(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689][0-9]|3[578][0-9]|42[0-9]|5[09][0-9]|6[789][0-9]|8[058][0-9]|9[679][0-9])';
const SEPARATOR = '(?: ?[-./] ?| )';

/** `+` and 9 to 15 digits, in groups or not; `(0)` is written for those who dial from within. */
const INTERNATIONAL = new RegExp(
  `\\+${COUNTRY}(?=[0-9() ./-]{5,24})[0-9]{0,14}(?:${SEPARATOR}?\\([0-9]{1,5}\\)[0-9]{0,14}|${SEPARATOR}[0-9]{1,14}){0,6}${ENDS}`,
  'y',
);

/** North American Numbering Plan: area and exchange begin with 2 to 9. */
const AMERICAN = new RegExp(
  `(?:(?:\\+?1[ .-]?)?\\([2-9][0-9]{2}\\) ?[2-9][0-9]{2}[-. ][0-9]{4}|(?:\\+?1[-. ])?[2-9][0-9]{2}([-.])[2-9][0-9]{2}\\1[0-9]{4})${ENDS}`,
  'y',
);
/** Five pairs, the first of which begins with 0: France. */
const FRENCH = new RegExp(
  `(?<![0-9a-f]{2}[ .])0[1-9](?:([ .])[0-9]{2})(?:\\1[0-9]{2}){3}(?! [0-9a-f]{2}(?![0-9a-z]))${ENDS}`,
  'y',
);
/** Any number of 7 to 15 digits, behind a word that says what it is. */
const NATIONAL = new RegExp(`\\(?[0-9]{2,15}\\)?(?:[ ./-]{1,2}\\(?[0-9]{2,11}\\)?){0,5}${ENDS}`, 'y');

const OF_PHONES = new RegExp(
  '(?:(?:(?<![\\p{L}\\p{N}])(?:phone|telephone|tel|mobile|cell|cellphone|whatsapp|sms|fax|handy|telefon|telefonnummer|rufnummer|mobil|' +
    't[ée]l[ée]phone|t[ée]l|portable|tel[ée]fono|m[óo]vil|celular|cellulare|telefone|telemóvel|telefoon)|電話|电话|手机|전화|携帯)' +
    '(?:[ _-]?(?:number|no|nr|num|n°|#))?(?![\\p{L}\\p{N}_])(?: ?\\([^()0-9\\n]{1,12}\\))?[\\s:=#.,"\'\\\\：>-]{0,6}' +
    '(?:(?:is|at|on|under|unter|ist|lautet|est|es|è)[\\s:]{1,3})?|' +
    '\\b(?:call|text|dial|ring)(?: (?:me|us|her|him|them|back))?(?: (?:at|on|under))? )$',
  'iu',
);

const MOST_BEFORE = 8;
/** What stands before the digits the search stopped at: a sign, a country of one digit, a parenthesis. */
const HEAD = /(?:\+|(?<![0-9A-Za-z_.,/-])\+?[17](?=[ .-]?\(?$))[ .-]?\(?$|\($/;

/**
 * A phone number: with `+` and its country, in the American or French shape, or of any shape behind a word that says so.
 * Its value is the international one where the country is known.
 */
export const phone: NumberReader = {
  first: [2, 15],
  read(text, at, count) {
    if (count < LEAST_DIGITS && standsAlone(text, at + count)) return undefined;
    const head = HEAD.exec(before(text, at, MOST_BEFORE))?.[0] ?? '';
    const start = at - head.length;
    const end = international(text, start) ?? american(text, start) ?? french(text, at) ?? national(text, start);
    if (end === undefined) return undefined;
    const from = text.charAt(start) === '(' && !text.slice(start, end).includes(')') ? at : start;
    return { start: from, end, kind: 'phone', value: normalised(text.slice(from, end)) };
  },
};

/** Of a phone number that is written in any way. */
const LEAST_DIGITS = 7;

/**
 * Whether no further group of digits stands behind some: with the one digit that a head has before them, they are too few
 * in every way that a number is written.
 */
function standsAlone(text: string, end: number): boolean {
  return !JOINS.has(text.charCodeAt(end)) || !/^[ ./()-]{1,3}[0-9(]/.test(text.slice(end, end + 4));
}

const JOINS = new Set([...' ./()-'].map((sign) => sign.charCodeAt(0)));

function international(text: string, start: number): number | undefined {
  if (text.charAt(start) !== '+' || /[0-9A-Za-z_]$/.test(before(text, start, 1))) return undefined;
  const end = matched(INTERNATIONAL, text, start);
  if (end === undefined) return undefined;
  const digits = digitsOf(text.slice(start, end)).length;
  const plain = end - start === digits + 1;
  if (text.charAt(start + 1) === '1' && digits !== 11) return undefined;
  return digits >= 9 && digits <= (plain ? 13 : 15) ? end : undefined;
}

const american = (text: string, start: number): number | undefined =>
  beginsNumber(text, start) ? matched(AMERICAN, text, start) : undefined;

const french = (text: string, at: number): number | undefined =>
  beginsNumber(text, at) ? matched(FRENCH, text, at) : undefined;

function national(text: string, start: number): number | undefined {
  const end = matched(NATIONAL, text, start);
  if (end === undefined) return undefined;
  const written = text.slice(start, end);
  const digits = digitsOf(written).length;
  if (digits < 7 || digits > 15 || /^[0-9]{4}-[0-9]{2}-[0-9]{2}/.test(written)) return undefined;
  return OF_PHONES.test(before(text, start, 48)) ? end : undefined;
}

function matched(shape: RegExp, text: string, at: number): number | undefined {
  shape.lastIndex = at;
  return shape.test(text) ? shape.lastIndex : undefined;
}

function normalised(written: string): string {
  const digits = digitsOf(written.replace('(0)', '')).replace(/^00/, '');
  return /^[2-9]/.test(digits) && digits.length === 10 && !written.startsWith('+') ? `1${digits}` : digits;
}

import { luhn } from './checksums.ts';
import type { Span } from './detector.ts';
import { before, beginsNumber, ENDS, followsWord, isCapital, isLetter, type NumberReader } from './numbers.ts';

/** Between the name of a number and the number, in prose, code, tables and escapes of JSON. */
const LINK = '(?:[ _]?(?:number|no|nr|num|id))?(?:[\\s"\':=#().|<>-]|\\\\[nrt"\'\\\\]?){0,8}(?:is |was )?$';

const OF_RECORDS = new RegExp(
  `(?:(?<![A-Za-z])(?:MRN|med(?:ical)?[ _-]?rec(?:ord)?|health[ _-]?record|(?:patient|pt|beneficiary)[ _-]?(?:id|number|no|nr|identifier)|patienten?[ -]?(?:nummer|id)|pat[ _-]?id|chart[ _-]?(?:number|no|id)|hospital[ _-]?(?:number|no|id)|num[ée]ro (?:de )?(?:dossier|patient)|historia cl[íi]nica)s?)${LINK}`,
  'i',
);
const OF_PROVIDERS = new RegExp(`(?:(?<![A-Za-z])NPI|national provider identifier)${LINK}`, 'i');

const RECORD_DIGITS = new RegExp(`(?:[0-9]{5,12}|[0-9]{2,4}(?:-[0-9]{2,4}){1,3})${ENDS}`, 'y');
/** The last two letters of a name in `OF_RECORDS`, of its plural and of its link, as `pairOf` gives them. */
const LAST_LETTERS = new Uint8Array(1 << 16);
for (const letters of 'rn ec rd id er no nr nt ca um is as ns cs ds rs os ts'.split(' '))
  LAST_LETTERS[pairOf(letters, 1)] = 1;

/** Signs and blanks that a link has, how many at most, and letters that belong to the number, with that of an escape. */
const LINKS = new Set([...' \t\n\r\v\f"\':=#().|<>-\\'].map((sign) => sign.charCodeAt(0)));
const [LONGEST_LINK, MOST_LETTERS] = [17, 5];

/** Two letters in either case, the second of which stands at a place. */
function pairOf(text: string, last: number): number {
  return ((text.charCodeAt(last - 1) | 32) << 8) | (text.charCodeAt(last) | 32);
}

/**
 * Whether a name may stand before a place, with letters of the number between or not. Performance: digits stand in ids more
 * often than anywhere else, and are turned away by the letters before them. Where it says no, `recordAt`, its twin, finds nothing.
 */
function mayBeRecord(text: string, at: number): boolean {
  if (mayEndName(text, at)) return true;
  let start = text.charCodeAt(at - 1) === HYPHEN ? at - 1 : at;
  const end = start;
  while (end - start <= MOST_LETTERS && start > 0 && isLetter(text, start - 1)) start--;
  return start < end && end - start <= MOST_LETTERS && mayEndName(text, start);
}

const [HYPHEN, BACKSLASH] = [45, 92];

function mayEndName(text: string, at: number): boolean {
  let last = at - 1;
  while (last >= 0 && at - last <= LONGEST_LINK && LINKS.has(text.charCodeAt(last))) last--;
  // What is beyond ASCII may be a blank, and the letter behind a backslash belongs to an escape.
  if (text.charCodeAt(last) > 127 || text.charCodeAt(last - 1) === BACKSLASH) return true;
  return last > 0 && LAST_LETTERS[pairOf(text, last)] === 1;
}

/** Letters that belong to the number, rather than to its name before it. */
const RECORD_LETTERS = /(?:(?<![A-Za-z0-9_\\])|(?<=\\[nrt]))(?!mrn-?$)[A-Za-z]{1,4}-?$/i;
const PROVIDER = new RegExp(`[12][0-9]{9}${ENDS}`, 'y');

/** The number of a patient's record, behind a word that says so: no register gives it a shape. */
export const recordNumber: NumberReader = {
  first: [2, 12],
  lettered: true,
  read(text, at, count) {
    if (isLetter(text, at + count) || !mayBeRecord(text, at)) return undefined;
    return recordAt(text, at);
  },
};

export function recordAt(text: string, at: number): Span | undefined {
  RECORD_DIGITS.lastIndex = at;
  if (!RECORD_DIGITS.test(text)) return undefined;
  const [letters = ''] = RECORD_LETTERS.exec(before(text, at, 8)) ?? [];
  const start = at - letters.length;
  const end = RECORD_DIGITS.lastIndex;
  const value = text
    .slice(start, end)
    .replace(/[^A-Za-z0-9]/g, '')
    .toUpperCase();
  if (value.length < 5 || !OF_RECORDS.test(before(text, start, 64))) return undefined;
  return { start, end, kind: 'mrn', value };
}

/** US National Provider Identifier (45 CFR 162.406): Luhn's sum with the prefix 80840, behind its name. */
export const providerNumber: NumberReader = {
  first: [10, 10],
  read(text, at) {
    PROVIDER.lastIndex = at;
    if (!followsWord(text, at)) return undefined;
    if (!PROVIDER.test(text) || !beginsNumber(text, at)) return undefined;
    const value = text.slice(at, at + 10);
    if (!luhn(`80840${value}`) || !OF_PROVIDERS.test(before(text, at, 64))) return undefined;
    return { start: at, end: at + 10, kind: 'npi', value };
  },
};

/** ICD-10-CM: a letter, two digits, up to four more characters behind a dot. */
const CODE = /(?<![A-Za-z0-9_.-])[A-TV-Z][0-9]{2}(?:\.[0-9A-Z]{1,4})?(?![A-Za-z0-9_]|[-./][0-9A-Za-z])/y;
const OF_DIAGNOSES =
  /(?:\bICD(?:-?10)?(?:-?CM)?\b|diagnos|\b[DdHh]x\b|problem list|\bassessment\b|Befund|comorbid)[^\n]{0,48}$/i;
const OF_PATIENTS = /\b(?:patient|pt|Mr|Mrs|Ms|Frau|Herr|Sra?|Mme)\b|\[(?:mrn|ssn):tok_/;

/** The code of a diagnosis near the word for it; one with a dot, which versions of things have too, near a person. */
export const diagnosisCode: NumberReader = {
  first: [2, 2],
  lettered: true,
  read(text, at) {
    const start = at - 1;
    if (!isCapital(text, start)) return undefined;
    CODE.lastIndex = start;
    if (!CODE.test(text)) return undefined;
    const end = CODE.lastIndex;
    const said = before(text, start, 96);
    if (!OF_DIAGNOSES.test(said) && !(end - start > 3 && OF_PATIENTS.test(said))) return undefined;
    return { start, end, kind: 'diagnosis', value: text.slice(start, end) };
  },
};

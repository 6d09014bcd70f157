import { isIban, luhn } from './checksums.ts';
import { BEGINS, type Span } from './detector.ts';
import { before, beginsNumber, digitsOf, ENDS, isCapital, LONGER, type NumberReader } from './numbers.ts';

/** Bare, or grouped as cards are embossed: 4-4-4-4, with three more, 4-6-5 of American Express, 4-6-4 of Diners. */
const CARD = new RegExp(
  `(?:[0-9]{13,19}|[0-9]{4}([ -])[0-9]{4}\\1[0-9]{4}\\1[0-9]{4}(?:\\1[0-9]{3})?|[0-9]{4}([ -])[0-9]{6}\\2[0-9]{4,5})${ENDS}`,
  'y',
);

/** Issuers' ranges (ISO/IEC 7812) with the lengths they give out. */
const ISSUED =
  /^(?:4[0-9]{15}|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[689][0-9])[0-9]{11}|(?:6011|64[4-9][0-9]|65[0-9]{2}|352[89]|35[3-8][0-9]|62[0-9]{2})[0-9]{12})$/;
/** Lengths so rare that a word for a card must stand before: milliseconds since 1970 have 13 digits, many ids have 19. */
const ISSUED_SELDOM =
  /^(?:4[0-9]{12}|4[0-9]{18}|62[0-9]{15,17}|(?:5018|5020|5038|5893|6304|6759|676[1-3])[0-9]{12,15})$/;
const OF_CARDS = /card|visa|master|amex|debit|credit|\bpan\b|payment|carte|karte|tarjeta|carta|cartão/i;
const ONE_DIGIT = /^([0-9])\1+$/;

export const card: NumberReader = {
  first: [4, 19],
  read(text, at, count) {
    if (count > 4 && count < 13) return undefined;
    CARD.lastIndex = at;
    if (!CARD.test(text) || !beginsNumber(text, at)) return undefined;
    const end = CARD.lastIndex;
    const value = digitsOf(text.slice(at, end));
    const known = ISSUED.test(value) || (ISSUED_SELDOM.test(value) && OF_CARDS.test(before(text, at, 48)));
    return known && luhn(value) && !ONE_DIGIT.test(value) ? { start: at, end, kind: 'card', value } : undefined;
  },
};

/** Lengths by country, of SWIFT's IBAN registry. */
const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry): readonly [string, number] => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Compact or in groups of four, as it is printed; what follows in capitals may be no more of it. */
const IBAN = new RegExp(`${BEGINS}[A-Z]{2}[0-9]{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)`, 'y');
const IBAN_ENDS = new RegExp(ENDS, 'y');

export const iban: NumberReader = {
  first: [2, LONGER],
  lettered: true,
  read(text, at, _, within): Span | undefined {
    const length =
      within && isCapital(text, at - 1) && isCapital(text, at - 2)
        ? IBAN_LENGTHS.get(text.slice(at - 2, at))
        : undefined;
    if (length === undefined) return undefined;
    const start = at - 2;
    IBAN.lastIndex = start;
    const [match = ''] = IBAN.exec(text) ?? [];
    const end = start + lengthOf(match, length);
    const value = text.slice(start, end).replaceAll(' ', '');
    IBAN_ENDS.lastIndex = end;
    if (value.length !== length || !IBAN_ENDS.test(text) || !isIban(value)) return undefined;
    return { start, end, kind: 'iban', value };
  },
};

/** As far as the country's length goes: a word in capitals may follow the last group. */
const lengthOf = (match: string, length: number): number =>
  match.charAt(4) === ' ' ? Math.min(match.length, length + Math.ceil(length / 4) - 1) : match.length;

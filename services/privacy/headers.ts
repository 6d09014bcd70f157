import { BEGINS, type Detector, endOfMatch, withoutMarks } from './detector.ts';
import { isCredential, looksMade } from './worth.ts';

const AUTHORIZATION = { strength: 'strong', kind: 'authorization' } as const;

/** Schemes whose one argument is the credential (IANA's registry, and vendors' own). */
const SCHEME = '(?:Bearer|Basic|Splunk|Token|ApiKey|Api-Key|GenieKey|Negotiate|SSWS|OAuth|Bot)';

const HEADER = new RegExp(
  `authorization\\\\{0,16}["'\`]?\\]?\\s{0,4}(?:[:=]|=>|,|%3A)\\s{0,4}(?:\\\\{0,16}["'\`])?(${SCHEME}(?:[ +:]{1,4}|%20))?`,
  'iy',
);
const VALUE = /[^\s"'`,;<>\\]+/y;

/** `Authorization: Bearer …` wherever a header may stand; the scheme stays. */
export const authorization: Detector = {
  triggers: ['authorization'],
  read(text, at) {
    HEADER.lastIndex = at;
    const match = HEADER.exec(text);
    if (match === null) return undefined;
    const start = HEADER.lastIndex;
    const end = endOfMatch(VALUE, text, start);
    if (end === undefined) return undefined;
    const value = text.slice(start, end);
    const masked =
      match[1] === undefined ? looksMade(withoutMarks(value)) : isCredential(value, AUTHORIZATION, 'quoted', '');
    return masked ? { start, end, kind: 'authorization' } : undefined;
  },
};

const BEARER = new RegExp(
  `${BEGINS}(?:Bearer|Splunk)(?:[ +]{1,4}|%20)(?=[A-Za-z0-9._~+/=-]{0,64}[0-9])(?=[A-Za-z0-9._~+/=-]{12})`,
  'iy',
);
const TOKEN = /[A-Za-z0-9._~+/=-]+/y;

/** A bearer token without its header's name: what follows must look like one. */
export const bearer: Detector = {
  triggers: ['Bearer', 'Splunk'],
  read(text, at) {
    const start = endOfMatch(BEARER, text, at);
    if (start === undefined) return undefined;
    const end = endOfMatch(TOKEN, text, start) ?? start;
    return looksMade(text.slice(start, end)) ? { start, end, kind: 'authorization' } : undefined;
  },
};

const BASIC = new RegExp(`${BEGINS}Basic[ +]{1,4}([A-Za-z0-9+/]{8,1024}={0,2})(?![A-Za-z0-9+=])`, 'iy');
const PAIRED = /^[\x20-\x7e]*:[\x20-\x7e]*$/;

/** `Basic` and base64 of `name:password` (RFC 7617), certain once decoded. */
export const basic: Detector = {
  triggers: ['Basic'],
  read(text, at) {
    BASIC.lastIndex = at;
    const [, encoded] = BASIC.exec(text) ?? [];
    const end = encoded === undefined ? undefined : endOfPair(encoded);
    if (encoded === undefined || end === undefined) return undefined;
    const start = BASIC.lastIndex - encoded.length;
    return { start, end: start + end, kind: 'authorization' };
  },
};

const decoded = (encoded: string): string => Buffer.from(encoded, 'base64').toString('latin1');

/** A slash is of base64's alphabet, and begins what a path puts behind a credential: the one where letters stop is its end. */
function endOfPair(encoded: string): number | undefined {
  const whole = decoded(encoded);
  if (PAIRED.test(whole)) return encoded.length;
  const letters = /^[\x20-\x7e]*/.exec(whole)?.[0].length ?? 0;
  const least = Math.floor((letters * 8) / 6);
  // A character holds bits of two bytes.
  for (let end = least + 2; end >= least - 2; end--)
    if (encoded[end] === '/' && PAIRED.test(decoded(encoded.slice(0, end)))) return end;
  return undefined;
}

const COOKIE = /cookie\\{0,16}["'`]?\s{0,4}:\s{0,4}(?:\\{0,16}["'`])?(?=[\w.-]{1,64}=)/iy;
/** Of one cookie, up to a blank: what follows unquoted on a command line is another command, and evidence. */
const PAIR = '[\\w.!#$%&*+^|~-]{1,128}=(?:[^\\s;"\'`\\\\]|\\\\(?![nr"\'`\\\\]))*';
/** Attributes of `Set-Cookie` (RFC 6265, 4.1.1) that are no pair, or whose value holds blanks. */
const ATTRIBUTE = 'secure|httponly|partitioned|expires=[a-z]{3,9},? [0-9a-z -]{5,20} [0-9:]{5,8} gmt';
const COOKIES = new RegExp(`${PAIR}(?:;\\s{0,2}(?:(?:${ATTRIBUTE})(?![\\w=])|${PAIR}))*;?`, 'iy');

/** The cookies of a `Cookie` or `Set-Cookie` header, all of them: any may carry a session. */
export const cookies: Detector = {
  triggers: ['cookie'],
  read(text, at) {
    const start = endOfMatch(COOKIE, text, at);
    if (start === undefined) return undefined;
    return { start, end: endOfMatch(COOKIES, text, start) ?? start, kind: 'cookie' };
  },
};

import { BEGINS, type Detector, endOfMatch } from './detector.ts';

const PEM_BEGIN = /(?<=-----)BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----/y;
const PEM_END = /(?<=-----)END [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----/y;
const DASHES = '-----';

/** Beyond, dashes belong to something else; a 16,384-bit RSA key takes 13 kB. */
const LONGEST_KEY = 64 * 1024;

/** Lines of base64 after a key's beginning, in whatever way their breaks are written, and the rest of the last line. */
const LINES =
  /(?:(?:[\s"',]|\\+[nr])*(?:(?:Proc-Type|DEK-Info|Comment|Version): ?[A-Za-z0-9,. -]{1,80}|[A-Za-z0-9+/=]{16,}))*/y;
const LAST_LINE = /(?:[\s"',]|\\+[nr]){1,4}[A-Za-z0-9+/=]{1,15}(?![A-Za-z0-9+/=])/y;

/** A private key as RFC 7468 and RFC 4880 write it; without its end, as far as it goes on. */
export const privateKey: Detector = {
  triggers: ['BEGIN'],
  read(text, at) {
    const body = endOfMatch(PEM_BEGIN, text, at);
    if (body === undefined) return undefined;
    const dashes = text.indexOf(DASHES, body);
    const whole =
      dashes >= 0 &&
      dashes - body <= LONGEST_KEY &&
      text.startsWith('END ', dashes + DASHES.length) &&
      isOfKey(text.slice(body, dashes));
    const end = whole ? endOfDashes(text, dashes + DASHES.length) : endOfLines(text, body);
    return { start: at - DASHES.length, end, kind: 'private-key' };
  },
};

/** The same where a text begins in the middle of a key. */
export const endOfPrivateKey: Detector = {
  triggers: ['END'],
  read(text, at) {
    const end = endOfMatch(PEM_END, text, at);
    if (end === undefined) return undefined;
    return { start: startOfLines(text, at - DASHES.length), end, kind: 'private-key' };
  },
};

/** What lines are joined, indented, quoted or commented out by, in code, JSON, YAML and differences of files. */
const BETWEEN = /(?:\\+[nrt]|[\s"'`,+>|#*\\()[\]{};<-])+/;
const HEADER = /^(?:Proc-Type|DEK-Info|Comment|Version|ENCRYPTED|AES-\d+-CBC|DES-EDE3-CBC|n|r|br|span|\d):?$/i;
/** A last line, and what an editor or a listing adds; a text that was put between the two marks has more words than that. */
const MOST_WORDS = 6;

/** Whether what stands between the marks is a key, in long runs of base64, rather than something hidden between them. */
function isOfKey(body: string): boolean {
  const words = body.split(BETWEEN).filter((word) => word !== '' && !HEADER.test(word));
  return words.filter((word) => word.length < 16 || !/^[A-Za-z0-9+/=]+$/.test(word)).length <= MOST_WORDS;
}

function endOfDashes(text: string, from: number): number {
  const close = text.indexOf(DASHES, from);
  return close >= 0 && close - from <= 64 ? close + DASHES.length : from;
}

function endOfLines(text: string, from: number): number {
  const lines = endOfMatch(LINES, text, from) ?? from;
  return endOfMatch(LAST_LINE, text, lines) ?? lines;
}

const BASE64 = /[A-Za-z0-9+/=]/;
const BREAK = /[\s\\"',]/;
const ESCAPED_BREAK = /\\[nr]/;

/** Width of the line break, quote or escape that ends at a place; 0 where there is none. */
function breakBefore(text: string, at: number): number {
  if (ESCAPED_BREAK.test(text.slice(Math.max(0, at - 2), at))) return 2;
  return BREAK.test(text.charAt(at - 1)) ? 1 : 0;
}

/** Goes back over lines of base64; a shorter one than any encoder writes ends it, but for the last. */
function startOfLines(text: string, end: number): number {
  const earliest = Math.max(0, end - LONGEST_KEY);
  let start = end;
  for (let at = end; ; ) {
    for (let width = breakBefore(text, at); width > 0 && at > earliest; width = breakBefore(text, at)) at -= width;
    const stop = at;
    while (at > earliest && BASE64.test(text.charAt(at - 1))) at--;
    if (at === stop || (stop - at < 32 && start !== end && at !== earliest)) return start;
    start = at;
  }
}

/**
 * JSON Web Token (RFC 7519): `eyJ` is base64 of `{"`. Signed ones have a second part of JSON, sealed ones three parts and
 * more; the end may be cut off. It begins where its run of characters begins, so that each run is read once.
 */
const JWT =
  /(?<![A-Za-z0-9_-](?<!\\[nrt]|%[0-9A-Fa-f]{2}))eyJ[A-Za-z0-9_-]{6,}(?:\.eyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)?|\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,2})/y;

export const jsonWebToken: Detector = {
  triggers: ['eyJ'],
  read(text, at) {
    const end = endOfMatch(JWT, text, at);
    return end === undefined ? undefined : { start: at, end, kind: 'jwt' };
  },
};

/** A signature that makes an address a credential: Azure's SAS, presigned requests of AWS and Google Cloud. */
const SIGNED = new RegExp(
  `${BEGINS}(?:sig|x-amz-signature|x-goog-signature|x-amz-security-token)=(?=[A-Za-z0-9%+/_=-]{20})`,
  'iy',
);
const SIGNATURE = /[A-Za-z0-9%+/_=-]*/y;

export const signedAddress: Detector = {
  triggers: ['sig', 'x-amz', 'x-goog'],
  read(text, at) {
    const start = endOfMatch(SIGNED, text, at);
    if (start === undefined || !/[?&;]$/.test(text.slice(Math.max(0, at - 1), at))) return undefined;
    return { start, end: endOfMatch(SIGNATURE, text, start) ?? start, kind: 'signature' };
  },
};

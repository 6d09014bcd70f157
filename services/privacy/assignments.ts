import { type Detector, endOfMatch, MARK } from './detector.ts';
import { named } from './names.ts';
import { type Form, isCredential, looksMade } from './worth.ts';

/** Longest name considered on either side of a trigger. */
const NAME = 64;
const NAME_CHARACTER = /[A-Za-z0-9_-]/;
const REST_OF_NAME = /[A-Za-z0-9_-]{0,64}/y;

/** A quote, behind the backslashes that texts within texts give it. */
const QUOTE = '\\\\{0,16}["\'`]';

/** What can stand between a name and its value. */
const LINKS = {
  /** `name=`, `"name": `, `config['name'] := `, `name%3D`, `<name>`; a quoted value may stand on the next line. */
  sign: new RegExp(
    `(?:${QUOTE})?\\]?\\??(?:[ \\t]{0,8}(?:=>|!?={1,3}|:=|:(?!:))(?:[ \\t]{0,8}|\\s{1,16}(?=${QUOTE}))|%3[Dd]|%3[Aa]|>(?=[^<\\s]{1,256}</))`,
    'y',
  ),
  /** `name: type = "value"`, as code declares it. */
  declared: new RegExp(
    `\\??:[ \\t]{0,4}[A-Za-z_&*][\\w.<>\\[\\]|]{0,40}[ \\t]{1,4}=[ \\t]{0,4}(?=[bfru@]?${QUOTE})`,
    'y',
  ),
  /** `"name": "password", "value": "…"` and OpenTelemetry's `"value": {"stringValue": "…"}`. */
  pair: new RegExp(
    `${QUOTE}\\s{0,16},\\s{0,64}(?:${QUOTE})?[vV]alue(?:${QUOTE})?\\s{0,8}:\\s{0,8}(?:\\{\\s{0,16}${QUOTE}stringValue${QUOTE}\\s{0,8}:\\s{0,8})?(?=${QUOTE})`,
    'y',
  ),
  /** `name="password" value="…"` of XML. */
  attribute: new RegExp(`${QUOTE}\\s{1,8}value\\s{0,4}=\\s{0,4}(?=${QUOTE})`, 'y'),
  /** `--name value`, also as two strings of a list. */
  flag: new RegExp(`(?:[ \\t]{1,8}(?!-)|${QUOTE}\\s{0,8},\\s{0,16}(?=${QUOTE}))`, 'y'),
  /** `PASSWORD 'value'` of SQL. */
  literal: /[ \t]{1,8}(?=')/y,
  /** `os.getenv("NAME", "value")`. */
  fallback: new RegExp(`${QUOTE},[ \\t]{0,4}(?=${QUOTE})`, 'y'),
  /** `login name password value` of netrc. */
  word: /[ \t]{1,8}/y,
  /** `the password is value`. */
  said: /[ \t]{1,4}(?:is|ist|lautet|est|es)[ \t]{0,2}:?[ \t]{1,4}/y,
} as const;

/** Any of them begins so; names in prose and ids are told by it before all else. */
const BEGINS_LINK = new Set([...'\\"\'`]? \t=!:%>'].map((sign) => sign.charCodeAt(0)));

const ASSIGNED_FROM = /(?:env|environ|getenv|environ\.get|ENV\.fetch)\(\\{0,16}["'`]$/;
/** `aws configure set name value`, `npm config set //host/:_authToken value`. */
const AFTER_SET = /\b(?:configure|config) set [^\s=]{0,96}$/;
const AFTER_LOGIN = /\blogin\s{1,8}\S{1,64}\s{1,8}$/;

/**
 * `name=value` in the forms of shells, configuration files, JSON (also within strings), code, addresses and SQL. A bare
 * value ends where `,name=` or `;name=` begins: connection strings need it, and a password that holds it is cut there.
 */
export const assignment: Detector = {
  triggers: ['pass', 'pwd', 'secret', 'token', 'key', 'credential', 'auth'],
  read(text, at) {
    if (!NAME_CHARACTER.test(text.charAt(at))) return undefined;
    const start = startOfName(text, at);
    const end = endOfMatch(REST_OF_NAME, text, at) ?? at;
    if (!BEGINS_LINK.has(text.charCodeAt(end))) return undefined;
    const flagged = /^--?[A-Za-z]/.test(text.slice(start, start + 3));
    const name = text.slice(start, end);
    const what = named(name);
    if (what === undefined) return undefined;

    for (const from of linked(text, start, end, flagged, what.kind === 'password')) {
      const value = valueAt(text, from.at, from.tight);
      if (value === undefined || text.startsWith('-----BEGIN', value.start)) continue;
      const judged = text.slice(value.start, Math.min(value.end, value.start + JUDGED));
      if (from.prose && !looksMade(judged.replace(/[.,!?]+$/, ''))) continue;
      if (!isCredential(judged, what, value.form, text.charAt(value.end))) continue;
      if (value.form === 'apart' && what.kind === 'password' && isProse(text, judged, value.end)) continue;
      return { start: value.start, end: value.close(), kind: what.kind };
    }
    return undefined;
  },
};

/** How much of a value is looked at; more is taken, once it is known to be a credential. */
const JUDGED = 1024;

function startOfName(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < NAME && NAME_CHARACTER.test(text.charAt(start - 1))) start--;
  // The letter of `\n` in JSON kept as text is no part of the name behind it.
  if (start < at && text.charAt(start - 1) === '\\' && /[nrtbf]/.test(text.charAt(start))) start++;
  return start;
}

interface From {
  readonly at: number;
  readonly tight: boolean;
  /** Nothing but words says that a value follows: it must look like one. */
  readonly prose: boolean;
}

function linked(text: string, start: number, end: number, flagged: boolean, password: boolean): readonly From[] {
  const before = text.slice(Math.max(0, start - 160), start);
  const candidates: readonly (readonly [RegExp, boolean])[] = [
    [LINKS.declared, true],
    [LINKS.sign, true],
    [LINKS.pair, true],
    [LINKS.attribute, true],
    [LINKS.flag, flagged],
    [LINKS.literal, password],
    [LINKS.fallback, ASSIGNED_FROM.test(before)],
    [LINKS.word, password && AFTER_LOGIN.test(before)],
    [LINKS.word, AFTER_SET.test(before)],
    [LINKS.said, true],
  ];
  return candidates.flatMap(([link, applies]) => {
    const at = applies ? endOfMatch(link, text, end) : undefined;
    if (at === undefined) return [];
    const tight = link === LINKS.flag || link === LINKS.word || !/[\s:]$/.test(text.slice(at - 1, at));
    return [{ at, tight, prose: link === LINKS.said }];
  });
}

interface Value {
  readonly start: number;
  /** Where it ends, as far as it was looked at. */
  readonly end: number;
  readonly form: Form;
  /** Where it ends. */
  close(): number;
}

const OPENING = /[bBfFrRuUN@$]{0,2}(\\{0,16})("""|'''|["'`])/y;
/** A separator ends a value where something else begins behind it; within a value it is part of a password. */
const SEPARATOR = '(?:&(?!&)|\\|(?!\\|)|<(?!/)|[,;>([{])(?!["\'`\\\\\\s]|$|[\\w.-]{1,32}=)';
const CLOSER = '[)\\]}](?!["\'`\\\\\\s:,;&|<>()[\\]{}]|$)';
/** To the next blank, quote or such a separator; backslash and a letter is a break in JSON kept as text. */
const BARE = new RegExp(`(?:${MARK}|[^\\s"'\`,;&|<>()[\\]{}\\\\]|\\\\(?![nrt"'\`\\\\/])|${SEPARATOR}|${CLOSER})+`, 'y');

/** The name of a header right behind a value: what it holds is looked for by its name. */
const COOKIE_NAME = /\/(?:set-)?cookie:$/i;

function valueAt(text: string, at: number, tight: boolean): Value | undefined {
  OPENING.lastIndex = at;
  const opening = OPENING.exec(text);
  if (opening !== null) {
    const start = OPENING.lastIndex;
    const close = (limit: number) => closing(text, start, opening[1] ?? '', opening[2] ?? '', limit);
    const end = close(start + JUDGED);
    if (end > start) return { start, end, form: 'quoted', close: () => close(text.length) };
    return undefined;
  }
  const last = endOfMatch(BARE, text, at);
  if (last === undefined) return undefined;
  const end = last - (COOKIE_NAME.exec(text.slice(Math.max(at, last - 16), last))?.[0].length ?? 0);
  return { start: at, end, form: tight ? 'tight' : 'apart', close: () => end };
}

/** The place of the quote that closes, of the line's end where none does, or `limit`. */
function closing(text: string, from: number, slashes: string, quote: string, limit: number): number {
  for (let at = from, run = 0; at < limit; at++) {
    const character = text.charAt(at);
    if (character === '\\') {
      run++;
      continue;
    }
    // More backslashes than the opening had: a quote within the value. Fewer: the text around it ends.
    if (run <= slashes.length && text.startsWith(quote, at)) return at - run;
    if (character === '\n' && quote.length === 1) return at;
    run = 0;
  }
  return Math.min(limit, text.length);
}

/** `password: must be …`: a word in small letters and another behind it. */
function isProse(text: string, value: string, end: number): boolean {
  return /^[a-z]+$/.test(value) && /^ [a-z]/.test(text.slice(end, end + 2));
}

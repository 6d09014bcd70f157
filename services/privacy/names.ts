/**
 * How much a name says about its value: `strong` names hold nothing but credentials, whatever these look like; `weak`
 * ones (a bare token) also name other things, so the value must look like a credential.
 */
export type Strength = 'strong' | 'weak';

export interface Named {
  readonly strength: Strength;
  /** What the value is called when masked. */
  readonly kind: 'password' | 'secret' | 'token' | 'key' | 'authorization' | 'cookie';
}

/** Last words of names, with what they are. */
const LAST: Readonly<Record<string, Named>> = {
  password: { strength: 'strong', kind: 'password' },
  passwd: { strength: 'strong', kind: 'password' },
  passphrase: { strength: 'strong', kind: 'password' },
  pwd: { strength: 'strong', kind: 'password' },
  secret: { strength: 'strong', kind: 'secret' },
  token: { strength: 'strong', kind: 'token' },
  apikey: { strength: 'strong', kind: 'key' },
  accesskey: { strength: 'strong', kind: 'key' },
  secretkey: { strength: 'strong', kind: 'key' },
  privatekey: { strength: 'strong', kind: 'key' },
  pass: { strength: 'strong', kind: 'password' },
  authorization: { strength: 'strong', kind: 'authorization' },
  cookie: { strength: 'strong', kind: 'cookie' },
  credential: { strength: 'weak', kind: 'secret' },
  credentials: { strength: 'weak', kind: 'secret' },
};

/** Words that another word or none may precede, glued together: `dbpassword`, `PGPASSWORD`, `authtoken`. */
const GLUED =
  /(?:password|passwd|passphrase|secret|apikey|accesskey|secretkey|privatekey|(?:auth|access|refresh|bearer|session)token)$/;

/** `… key` is a credential after these words only. */
const KEYS = new Set(
  'api access secret private account shared encryption signing master subscription storage auth service admin virtual deploy ssh application app license hec integration ingest pat bot jwt hmac'.split(
    ' ',
  ),
);

/** `… token` is none after these: cursors, progress and the tokens of language models and parsers. */
const CURSORS = new Set(
  'progress page next continuation cursor sync stop bos eos pad unk sep cls mask special max min per num start end first last previous prev input output prompt completion cached unexpected syntax cancellation change resume'.split(
    ' ',
  ),
);

/** What may follow the telling word without changing what is named: `DB_PASSWORD_PROD`, `token2`. */
const TAIL = new Set(
  'value plain plaintext text raw base64 b64 prod production dev staging test old new current default string'.split(
    ' ',
  ),
);

/** Names that count only as they stand. */
const WHOLE: Readonly<Record<string, Named>> = {
  cookies: { strength: 'weak', kind: 'cookie' },
  auth: { strength: 'weak', kind: 'authorization' },
  _auth: { strength: 'weak', kind: 'authorization' },
};

/** Nearly all names are told apart by this alone. */
const TELLING = /pass|pwd|secret|token|key|credential|auth|cookie/i;

const WORDS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;

/** Names that are remembered, and the longest of them: sources use the same ones in every message. */
const REMEMBERED = 10_000;
const LONGEST = 64;
const remembered = new Map<string, Named | 'nothing'>();

/** What a name says about its value; undefined for names of other things, such as `max_tokens` or `secret_name`. */
export function named(name: string): Named | undefined {
  const known = remembered.get(name);
  if (known !== undefined) return known === 'nothing' ? undefined : known;
  const told = tell(name);
  if (remembered.size >= REMEMBERED) remembered.clear();
  if (name.length <= LONGEST) remembered.set(name, told ?? 'nothing');
  return told;
}

function tell(name: string): Named | undefined {
  if (!TELLING.test(name)) return undefined;
  const lower = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (Object.hasOwn(WHOLE, lower)) return WHOLE[lower];
  const words = (name.match(WORDS) ?? []).map((word) => word.toLowerCase());
  while (words.length > 1 && (TAIL.has(words.at(-1) ?? '') || /^[0-9]/.test(words.at(-1) ?? ''))) words.pop();
  const [last = '', before = ''] = words.toReversed();
  if (last === 'key') return KEYS.has(before) ? { strength: 'strong', kind: 'key' } : undefined;
  if (last === 'token') return ofToken(before);
  if (last === 'pass' && before === '') return undefined;
  if (Object.hasOwn(LAST, last)) return LAST[last];
  const [glued = ''] = GLUED.exec(last) ?? [];
  return glued === '' ? undefined : (LAST[glued] ?? LAST.token);
}

function ofToken(before: string): Named | undefined {
  if (CURSORS.has(before)) return undefined;
  return { strength: before === '' ? 'weak' : 'strong', kind: 'token' };
}

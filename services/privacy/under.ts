import { withoutMarks } from './detector.ts';
import { type Named, named } from './names.ts';
import { wordsOf } from './telling.ts';
import { isCredential } from './worth.ts';

/** What the key above a value says of it. */
export interface Under {
  /** The credential that the key names. */
  readonly name: Named | undefined;
  /** See `wordsOf`. */
  readonly words: string;
}

export const TOP: Under = { name: undefined, words: '' };

/** How many keys are remembered, and the longest of them. */
export const REMEMBERED = 10_000;
export const SHORT = 64;

/** Below a telling key, an object's own keys speak first: a schema of a password is no password. */
export function below(key: string, above: Under, label: string | undefined): Under {
  if (key === 'value' && label !== undefined)
    return { name: named(label) ?? weakened(above.name), words: wordsOf(label) };
  const own = ofKey(key);
  if (own === STEP) return above;
  return own.name === undefined && above.name !== undefined ? { name: weakened(above.name), words: own.words } : own;
}

/** Of a key that says nothing by itself. */
const STEP: Under = { ...TOP };

/** Steps between an attribute's name and its text in OTLP/JSON; keys that are remembered for good. */
const STEPS = ['stringValue', 'intValue', 'arrayValue', 'values'] as const;

let known = new Map<string, Under>(STEPS.map((key) => [key, STEP]));

/** Performance: all that a key says, by one look-up. */
function ofKey(key: string): Under {
  const before = known.get(key);
  if (before !== undefined) return before;
  const plain = withoutMarks(key);
  const under = { name: named(plain), words: wordsOf(plain) };
  if (known.size >= REMEMBERED) known = new Map(STEPS.map((step) => [step, STEP]));
  if (key.length <= SHORT) known.set(key, under);
  return under;
}

const weakened = (name: Named | undefined): Named | undefined => name && { ...name, strength: 'weak' };

/** What `{ "name": …, "value": … }` or OpenTelemetry's `{ "key": …, "value": … }` names. */
export function pairLabel(object: object): string | undefined {
  if (!Object.hasOwn(object, 'value')) return undefined;
  const [, label] = Object.entries(object).find(([key]) => key === 'name' || key === 'key') ?? [];
  return typeof label === 'string' ? withoutMarks(label) : undefined;
}

/** Under a telling key even words are a credential; in running text they would be prose. */
export function isWhollySecret(text: string, name: Named): boolean {
  if (name.strength === 'strong' && /\S\s+\S/.test(text)) return withoutMarks(text).trim() !== '' && !isMasked(text);
  return isCredential(text, name, 'quoted', '');
}

/** A header whose scheme was kept when the rest was masked. */
const isMasked = (text: string): boolean => /^[A-Za-z-]{1,20} \[masked:[a-z-]{1,32}\]$/.test(text);

/** A password may be a number. */
export const isSecretNumber = (value: number, name: Named | undefined): boolean =>
  name?.kind === 'password' && isCredential(String(value), name, 'quoted', '');

/** Fewer digits are no one's number. */
const LEAST_NUMBER = 10_000;

/** Under a key that says nothing, a number is a count or an id of the source's own. */
export const isSomebodys = (value: number, words: string): boolean =>
  words !== '' && value >= LEAST_NUMBER && Number.isSafeInteger(value);

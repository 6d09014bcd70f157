import { withoutMarks } from './detector.ts';
import { type Named, named } from './names.ts';
import { isTelling } from './telling.ts';
import { isCredential } from './worth.ts';

/** Where a value stands: the key above it, and the credential that key names. */
export interface Under {
  readonly key: string;
  readonly name: Named | undefined;
}

export const TOP: Under = { key: '', name: undefined };

/** How many keys are remembered, and the longest of them. */
export const REMEMBERED = 10_000;
export const SHORT = 64;

/** Steps between an attribute's name and its text in OTLP/JSON. */
const OTLP_VALUE = new Set(['stringValue', 'intValue', 'arrayValue', 'values']);

/** Below a telling key, an object's own keys speak first: a schema of a password is no password. */
export function below(key: string, above: Under, label: string | undefined): Under {
  if (key === 'value' && label !== undefined) {
    const name = named(label);
    if (name !== undefined) return { key: label, name };
    return { key: label, name: weakened(above.name) };
  }
  if (OTLP_VALUE.has(key)) return above;
  const own = ofKey(key);
  return own.name === undefined && above.name !== undefined ? { key: own.key, name: weakened(above.name) } : own;
}

const known = new Map<string, Under>();

function ofKey(key: string): Under {
  const before = known.get(key);
  if (before !== undefined) return before;
  const plain = withoutMarks(key);
  const under = { key: plain, name: named(plain) };
  if (known.size >= REMEMBERED) known.clear();
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

/** Without a key that tells, a number is a count or an id of the source's own. */
export const isSomebodys = (value: number, key: string): boolean =>
  value >= LEAST_NUMBER && Number.isSafeInteger(value) && isTelling(key);

import { isMark, markOf, withoutMarks } from './detector.ts';
import { type MaskedText, maskText } from './mask.ts';
import { type Named, named } from './names.ts';
import { TELLING } from './telling.ts';
import { isCredential } from './worth.ts';

export interface MaskedValue {
  readonly value: unknown;
  /** What was replaced, one kind per place. */
  readonly found: readonly string[];
}

/** Masks one text; `key` is the name it stands under, empty where there is none. */
export type TextMask = (text: string, key: string) => MaskedText;

interface Walk {
  readonly mask: TextMask;
  readonly found: string[];
}

/** Where a value stands: the key above it, and the credential that key names. */
interface Under {
  readonly key: string;
  readonly name: Named | undefined;
}

/**
 * Masks a JSON value: what `mask` finds in its strings and keys, numbers that are nothing but what it finds, and whole
 * strings whose key names a credential (`authorization`, `client_secret`, also as `{ "name": "API_KEY", "value": … }`).
 * Never changes what it is given; where nothing is found it returns the very same value.
 */
export function maskValue(value: unknown, mask: TextMask = maskText): MaskedValue {
  const found: string[] = [];
  return { value: walk(value, { key: '', name: undefined }, { mask, found }), found };
}

function walk(value: unknown, under: Under, walking: Walk): unknown {
  if (typeof value === 'string') return maskString(value, under, walking);
  if (typeof value === 'number') return maskNumber(value, under, walking);
  if (Array.isArray(value)) return walkList(value, under, walking);
  return typeof value === 'object' && value !== null ? walkObject(value, under, walking) : value;
}

function maskString(text: string, { key, name }: Under, { mask, found }: Walk): string {
  if (name !== undefined && isWhollySecret(text, name)) {
    found.push(name.kind);
    return markOf(name.kind);
  }
  const masked = mask(text, key);
  if (masked.found.length > 0) found.push(...masked.found);
  return masked.text;
}

/** Under a telling key even words are a credential; in running text they would be prose. */
function isWhollySecret(text: string, name: Named): boolean {
  if (name.strength === 'strong' && /\S\s+\S/.test(text)) return withoutMarks(text).trim() !== '' && !isMasked(text);
  return isCredential(text, name, 'quoted', '');
}

/** A header whose scheme was kept when the rest was masked. */
const isMasked = (text: string): boolean => /^[A-Za-z-]{1,20} \[masked:[a-z-]{1,32}\]$/.test(text);

/** Fewer digits are no one's number. */
const LEAST_NUMBER = 10_000;

function maskNumber(value: number, { key, name }: Under, { mask, found }: Walk): unknown {
  if (name?.kind === 'password' && isCredential(String(value), name, 'quoted', '')) {
    found.push(name.kind);
    return markOf(name.kind);
  }
  // Without a key that tells, a number is a count or an id of the source's own.
  if (!Number.isSafeInteger(value) || value < LEAST_NUMBER || !TELLING.test(key)) return value;
  const masked = mask(String(value), key);
  if (!isMark(masked.text)) return value;
  found.push(...masked.found);
  return masked.text;
}

function walkList(list: readonly unknown[], under: Under, walking: Walk): unknown {
  let changed: unknown[] | undefined;
  for (const [index, item] of list.entries()) {
    const masked = walk(item, under, walking);
    if (masked === item) continue;
    changed ??= [...list];
    changed[index] = masked;
  }
  return changed ?? list;
}

function walkObject(object: object, under: Under, walking: Walk): unknown {
  const entries = Object.entries(object);
  const label = pairLabel(entries);
  let changed = false;
  const masked = entries.map(([key, value]): readonly [string, unknown] => {
    const safeKey = walking.mask(key, '');
    if (safeKey.found.length > 0) walking.found.push(...safeKey.found);
    const safeValue = walk(value, below(key, under, label), walking);
    changed ||= safeKey.text !== key || safeValue !== value;
    return [safeKey.text, safeValue];
  });
  return changed ? Object.fromEntries(distinct(masked)) : object;
}

/** What `{ "name": …, "value": … }` or OpenTelemetry's `{ "key": …, "value": … }` names. */
function pairLabel(entries: readonly (readonly [string, unknown])[]): string | undefined {
  const [, label] = entries.find(([key]) => key === 'name' || key === 'key') ?? [];
  return typeof label === 'string' ? withoutMarks(label) : undefined;
}

/** Steps between an attribute's name and its text in OTLP/JSON. */
const OTLP_VALUE = new Set(['stringValue', 'intValue', 'arrayValue', 'values']);

/** Below a telling key, an object's own keys speak first: a schema of a password is no password. */
function below(key: string, above: Under, label: string | undefined): Under {
  if (key === 'value' && label !== undefined) {
    const name = named(label);
    if (name !== undefined) return { key: label, name };
    return { key: label, name: weakened(above.name) };
  }
  if (OTLP_VALUE.has(key)) return above;
  const plain = withoutMarks(key);
  return { key: plain, name: named(plain) ?? weakened(above.name) };
}

const weakened = (name: Named | undefined): Named | undefined => name && { ...name, strength: 'weak' };

/** Two keys that are masked alike are numbered, so that no value is lost. */
function distinct(entries: readonly (readonly [string, unknown])[]): readonly (readonly [string, unknown])[] {
  const taken = new Set<string>();
  return entries.map(([key, value]) => {
    let free = key;
    for (let number = 2; taken.has(free); number++) free = `${key}#${number}`;
    taken.add(free);
    return [free, value];
  });
}

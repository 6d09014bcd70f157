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

/** Masks a JSON value, and tells what was replaced. */
export type ValueMask = (value: unknown) => MaskedValue;

interface Walk {
  readonly mask: TextMask;
  /** Keys in which nothing is found: sources use the same ones in every message. */
  readonly clean: Set<string>;
  readonly found: string[];
}

/** Where a value stands: the key above it, and the credential that key names. */
interface Under {
  readonly key: string;
  readonly name: Named | undefined;
}

const TOP: Under = { key: '', name: undefined };

/** How many keys are remembered, and the longest of them. */
const REMEMBERED = 10_000;
const SHORT = 64;

/**
 * Masks a JSON value: what `mask` finds in its strings and keys, numbers that are nothing but what it finds, and whole
 * strings whose key names a credential (`authorization`, `client_secret`, also as `{ "name": "API_KEY", "value": … }`).
 * Never changes what it is given; where nothing is found it returns the very same value.
 */
export function openValueMask(mask: TextMask): ValueMask {
  const clean = new Set<string>();
  return (value) => {
    const found: string[] = [];
    return { value: walk(value, TOP, { mask, clean, found }), found };
  };
}

/** Masks the credentials of a JSON value. */
export const maskValue: ValueMask = openValueMask(maskText);

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
  const label = pairLabel(object, entries);
  let changed = false;
  const masked = entries.map((entry): readonly [string, unknown] => {
    const [key, value] = entry;
    const safeKey = maskKey(key, walking);
    const safeValue = walk(value, below(key, under, label), walking);
    if (safeKey === key && safeValue === value) return entry;
    changed = true;
    return [safeKey, safeValue];
  });
  return changed ? Object.fromEntries(distinct(masked)) : object;
}

function maskKey(key: string, { mask, clean, found }: Walk): string {
  if (clean.has(key)) return key;
  const masked = mask(key, '');
  found.push(...masked.found);
  if (masked.found.length === 0 && key.length <= SHORT) {
    if (clean.size >= REMEMBERED) clean.clear();
    clean.add(key);
  }
  return masked.text;
}

/** What `{ "name": …, "value": … }` or OpenTelemetry's `{ "key": …, "value": … }` names. */
function pairLabel(object: object, entries: readonly (readonly [string, unknown])[]): string | undefined {
  if (!Object.hasOwn(object, 'value')) return undefined;
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

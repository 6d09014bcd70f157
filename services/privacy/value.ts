import { markOf, withoutMarks } from './detector.ts';
import { maskText } from './mask.ts';
import { type Named, named } from './names.ts';
import { isCredential } from './worth.ts';

export interface MaskedValue {
  readonly value: unknown;
  /** What was replaced, one kind per place. */
  readonly found: readonly string[];
}

/**
 * Masks a JSON value: credentials in its strings and keys, and whole strings whose key names a credential
 * (`authorization`, `client_secret`, also as `{ "name": "API_KEY", "value": … }`). Never changes what it is given; where
 * nothing is found it returns the very same value.
 */
export function maskValue(value: unknown): MaskedValue {
  const found: string[] = [];
  return { value: walk(value, undefined, found), found };
}

function walk(value: unknown, name: Named | undefined, found: string[]): unknown {
  if (typeof value === 'string') return maskString(value, name, found);
  if (typeof value === 'number') return name?.kind === 'password' ? maskNumber(value, name, found) : value;
  if (Array.isArray(value)) return walkList(value, name, found);
  return typeof value === 'object' && value !== null ? walkObject(value, name, found) : value;
}

function maskString(text: string, name: Named | undefined, found: string[]): string {
  if (name !== undefined && isWhollySecret(text, name)) {
    found.push(name.kind);
    return markOf(name.kind);
  }
  const masked = maskText(text);
  found.push(...masked.found);
  return masked.text;
}

/** Under a telling key even words are a credential; in running text they would be prose. */
function isWhollySecret(text: string, name: Named): boolean {
  if (name.strength === 'strong' && /\S\s+\S/.test(text)) return withoutMarks(text).trim() !== '' && !isMasked(text);
  return isCredential(text, name, 'quoted', '');
}

/** A header whose scheme was kept when the rest was masked. */
const isMasked = (text: string): boolean => /^[A-Za-z-]{1,20} \[masked:[a-z-]{1,32}\]$/.test(text);

function maskNumber(value: number, name: Named, found: string[]): unknown {
  if (!isCredential(String(value), name, 'quoted', '')) return value;
  found.push(name.kind);
  return markOf(name.kind);
}

function walkList(list: readonly unknown[], name: Named | undefined, found: string[]): unknown {
  let changed: unknown[] | undefined;
  for (const [index, item] of list.entries()) {
    const masked = walk(item, name, found);
    if (masked === item) continue;
    changed ??= [...list];
    changed[index] = masked;
  }
  return changed ?? list;
}

function walkObject(object: object, name: Named | undefined, found: string[]): unknown {
  const entries = Object.entries(object);
  const paired = pairName(entries);
  let changed = false;
  const masked = entries.map(([key, value]): readonly [string, unknown] => {
    const safeKey = maskText(key);
    found.push(...safeKey.found);
    const safeValue = walk(value, nameBelow(key, name, paired), found);
    changed ||= safeKey.text !== key || safeValue !== value;
    return [safeKey.text, safeValue];
  });
  return changed ? Object.fromEntries(distinct(masked)) : object;
}

/** What `{ "name": …, "value": … }` or OpenTelemetry's `{ "key": …, "value": … }` names. */
function pairName(entries: readonly (readonly [string, unknown])[]): Named | undefined {
  const [, label] = entries.find(([key]) => key === 'name' || key === 'key') ?? [];
  return typeof label === 'string' ? named(withoutMarks(label)) : undefined;
}

/** Steps between an attribute's name and its text in OTLP/JSON. */
const OTLP_VALUE = new Set(['stringValue', 'arrayValue', 'values']);

/** Below a telling key, an object's own keys speak first: a schema of a password is no password. */
function nameBelow(key: string, above: Named | undefined, paired: Named | undefined): Named | undefined {
  if (key === 'value' && paired !== undefined) return paired;
  if (OTLP_VALUE.has(key)) return above;
  return named(withoutMarks(key)) ?? (above && { ...above, strength: 'weak' });
}

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

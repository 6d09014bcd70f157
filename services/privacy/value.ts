import { isMark, markOf } from './detector.ts';
import { type MaskedText, maskText } from './mask.ts';
import type { Named } from './names.ts';
import {
  below,
  isSecretNumber,
  isSomebodys,
  isWhollySecret,
  pairLabel,
  REMEMBERED,
  SHORT,
  TOP,
  type Under,
} from './under.ts';

export interface MaskedValue {
  readonly value: unknown;
  /** What was replaced, one kind per place. */
  readonly found: readonly string[];
}

/** Masks one text; `words` are what the key above it says (`wordsOf`), empty where it says nothing. */
export type TextMask = (text: string, words: string) => MaskedText;

/** Masks a JSON value, and tells what was replaced. */
export type ValueMask = (value: unknown) => MaskedValue;

interface Walk {
  readonly mask: TextMask;
  /** Keys in which nothing is found: sources use the same ones in every message. */
  readonly clean: Set<string>;
  readonly found: string[];
}

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

function maskString(text: string, { name, words }: Under, { mask, found }: Walk): string {
  if (name !== undefined && isWhollySecret(text, name)) return marked(name, found);
  const masked = mask(text, words);
  if (masked.found.length > 0) found.push(...masked.found);
  return masked.text;
}

function marked({ kind }: Named, found: string[]): string {
  found.push(kind);
  return markOf(kind);
}

function maskNumber(value: number, { name, words }: Under, { mask, found }: Walk): unknown {
  if (name !== undefined && isSecretNumber(value, name)) return marked(name, found);
  if (!isSomebodys(value, words)) return value;
  const masked = mask(String(value), words);
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
  const label = pairLabel(object);
  let changed = false;
  const masked = Object.entries(object).map((entry): readonly [string, unknown] => {
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

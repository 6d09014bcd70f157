import { holdsCredential } from './mask.ts';
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

/** Whether anything is found in a text; `words` are what the key above it says (`wordsOf`), empty where it says nothing. */
export type TextFind = (text: string, words: string) => boolean;

/** Whether anything is found in a JSON value. */
export type ValueFind = (value: unknown) => boolean;

interface Search {
  readonly find: TextFind;
  /** Keys in which nothing is found: sources use the same ones in every message. */
  readonly clean: Set<string>;
}

/**
 * Performance: whether `openValueMask` would replace anything in a JSON value, without building what it would return: in nearly
 * all values it would not. It is the twin in the test.
 */
export function openValueFind(find: TextFind): ValueFind {
  const search = { find, clean: new Set<string>() };
  return (value) => holds(value, TOP, search);
}

/** Whether a JSON value holds a credential. */
export const findValue: ValueFind = openValueFind(holdsCredential);

function holds(value: unknown, under: Under, search: Search): boolean {
  if (typeof value === 'string') return holdsText(value, under, search);
  if (typeof value === 'number') return holdsNumber(value, under, search);
  if (Array.isArray(value)) return holdsItem(value, under, search);
  return isObject(value) && holdsMember(value, under, search);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function holdsText(text: string, { name, words }: Under, { find }: Search): boolean {
  return (name !== undefined && isWhollySecret(text, name)) || find(text, words);
}

/** A number in which only a part is found stays: `openValueMask` may replace less than is told here, never more. */
function holdsNumber(value: number, { name, words }: Under, { find }: Search): boolean {
  if (name !== undefined && isSecretNumber(value, name)) return true;
  return isSomebodys(value, words) && find(String(value), words);
}

function holdsItem(list: readonly unknown[], under: Under, search: Search): boolean {
  for (const item of list) if (holds(item, under, search)) return true;
  return false;
}

function holdsMember(object: Readonly<Record<string, unknown>>, under: Under, search: Search): boolean {
  const label = pairLabel(object);
  for (const key in object)
    if (holdsKey(key, search) || holds(object[key], below(key, under, label), search)) return true;
  return false;
}

function holdsKey(key: string, { find, clean }: Search): boolean {
  if (clean.has(key)) return false;
  if (find(key, '')) return true;
  if (key.length <= SHORT) {
    if (clean.size >= REMEMBERED) clean.clear();
    clean.add(key);
  }
  return false;
}

import type { Json } from './report.ts';

export const at = (json: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce((inner, name) => (isRecord(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined), json);

export const isList = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);
export const isRecord = (json: Json | undefined): json is { readonly [name: string]: Json } =>
  typeof json === 'object' && json !== null && !isList(json);
export const text = (json: Json | undefined, ...path: readonly string[]): string => String(at(json, ...path) ?? '');
export const number = (json: Json | undefined, ...path: readonly string[]): number =>
  [at(json, ...path)].find((one) => typeof one === 'number') ?? Number.NaN;
export const list = (json: Json | undefined, ...path: readonly string[]): readonly Json[] =>
  [at(json, ...path)].find(isList) ?? [];

/** Bytes that are written in the one way there is; none where they are written in another. */
export function base64(words: string): Buffer {
  const bytes = Buffer.from(words, 'base64');
  return bytes.toString('base64') === words ? bytes : Buffer.alloc(0);
}

/** What work makes, or the other where it throws. */
export function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

export const parsed = (words: string): Json | undefined =>
  attempt<Json | undefined>(() => JSON.parse(words), undefined);

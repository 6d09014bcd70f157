import type { Json } from './report.ts';

export const at = (json: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce((inner, name) => (isRecord(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined), json);

export const isList = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);
export const isRecord = (json: Json | undefined): json is { readonly [name: string]: Json } =>
  typeof json === 'object' && json !== null && !isList(json);
export const text = (json: Json | undefined, ...path: readonly string[]): string => String(at(json, ...path) ?? '');
export const number = (json: Json | undefined, ...path: readonly string[]): number =>
  Number(at(json, ...path) ?? Number.NaN);
export const list = (json: Json | undefined, ...path: readonly string[]): readonly Json[] => {
  const found = at(json, ...path);
  return isList(found) ? found : [];
};

export function parsed(words: string): Json | undefined {
  try {
    return JSON.parse(words);
  } catch {
    return undefined;
  }
}

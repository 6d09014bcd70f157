import { readdirSync, readFileSync } from 'node:fs';
import type { Format } from '../../services/core/format.ts';
import { readJson } from '../../services/otlp/read.ts';

/** A message in a format's wire format, written by hand, and the file that holds the verdict on it. */
export interface Golden {
  readonly name: string;
  /** What stands in the file. */
  readonly wire: unknown;
  /** What `detect` and `read` get of it: the records of an OTLP export, or the JSON as it is. */
  readonly message: unknown;
  readonly expected: string;
}

export function goldens(format: Format): readonly Golden[] {
  const folder = new URL(`../golden/${format.name}/`, import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.in.json'));
  return names.sort().map((name) => {
    const wire: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    const expected = new URL(name.replace('.in.json', '.out.json'), folder).pathname;
    return { name: name.replace('.in.json', ''), wire, message: decoded(format, wire), expected };
  });
}

/** A message in the wire format as `detect` and `read` get it. */
export function decoded(format: Format, wire: unknown): unknown {
  return format.encodings.includes('json') ? wire : readJson(wire);
}

import { createHash } from 'node:crypto';

/** A column as it stands in the line; `text` where the column is one. */
export interface Part {
  readonly name: string;
  readonly text: string | undefined;
  readonly json: string;
}

/** Characters a long text keeps. */
const BEGINNING = 1_000;

/**
 * A line Loki would turn down for its length, made to fit and still JSON: the longest columns first, texts keep their
 * beginning, all else is left out, `cut_columns` names both. `sha256` is the digest of the whole line, so that the
 * stored event can be shown to be the one that was cut.
 */
export function cut(whole: string, parts: readonly Part[], maxBytes: number): string {
  const bytes = Buffer.byteLength(whole);
  const marker = { cut: true, original_bytes: bytes, sha256: createHash('sha256').update(whole).digest('hex') };
  const kept = new Map(parts.map((part) => [part.name, part.json]));
  const cutColumns: string[] = [];
  const line = () => {
    const columns = [...kept].map(([name, json]) => `${JSON.stringify(name)}:${json},`).join('');
    return `{${columns}${JSON.stringify({ ...marker, cut_columns: cutColumns }).slice(1)}`;
  };

  let shortened = line();
  for (const { name, text } of parts.toSorted((a, b) => b.json.length - a.json.length)) {
    if (Buffer.byteLength(shortened) <= maxBytes) break;
    if (text === undefined || text.length <= BEGINNING) kept.delete(name);
    else kept.set(name, JSON.stringify(text.slice(0, BEGINNING)));
    cutColumns.push(name);
    shortened = line();
  }
  return shortened;
}

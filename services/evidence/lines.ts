import { createHash } from 'node:crypto';
import { attempt } from './json.ts';
import type { Source } from './report.ts';

// ---- Files, as lines and whole. None is believed to be as large as it likes

export class Unreadable extends Error {}

const MOST_BYTES = 64 * 1024 ** 2;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export async function digestOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of chunks) digest.update(chunk);
  return digest.digest('hex');
}

export async function whole(source: Source, name: string, most = MOST_BYTES): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source.stream(name)) {
    size += chunk.length;
    if (size > most) throw new Unreadable(`${name}: is larger than any bundle’s`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Each line ends with a line feed, the last one too. */
export async function* lines({ stream }: Source, name: string): AsyncIterable<string> {
  let [rest, line]: [Buffer, number] = [Buffer.alloc(0), 1];
  for await (const chunk of stream(name)) {
    let from = 0;
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from), line++) {
      yield decoded(bytes.subarray(from, at), `${name}, line ${line}`);
      from = at + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > MOST_BYTES) throw new Unreadable(`${name}, line ${line}: is longer than any bundle’s`);
  }
  if (rest.length > 0) throw new Unreadable(`${name}, line ${line}: does not end`);
}

export function decoded(bytes: Buffer, place: string): string {
  const words = attempt<string | undefined>(() => utf8.decode(bytes), undefined);
  if (words === undefined) throw new Unreadable(`${place}: is no UTF-8`);
  return words;
}

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : 'cannot be read');

import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { digestOf, Unreadable } from './lines.ts';
import type { Source } from './report.ts';
import { checkedNames } from './verify.ts';
import { type Entry, headers } from './zip.ts';

/** A zip whose files are read where they lie. */
export interface ZipSource extends Source {
  close(): Promise<void>;
}

const END_BYTES = 22;
const LISTED_BYTES = 46;
const LOCAL_BYTES = 30;
const CHUNK = 1024 ** 2;

/**
 * Reads a bundle's zip and extracts nothing. Its list of contents is believed as far as it goes, and every byte of the file that is
 * no file's has to be the one it implies: two readers cannot see two things in it.
 * @throws Unreadable naming the place.
 */
export async function openZip(path: string): Promise<ZipSource> {
  const file = await open(path, 'r');
  try {
    const entries = await readEntries(file, (await file.stat()).size);
    const byName = new Map(entries.map((entry) => [entry.name, entry]));
    const find = (name: string): Entry => {
      const entry = byName.get(name);
      if (entry === undefined) throw new Unreadable(`${name} is missing`);
      return entry;
    };
    const raw = ({ at, name, packed }: Entry) => readRange(file, at + LOCAL_BYTES + name.length, packed);
    return {
      names: checkedNames([...entries.map(({ name }) => name)]),
      stream: (name) => unpacked(find(name), raw),
      packed: async (name) => (find(name).method === 0 ? undefined : digestOf(raw(find(name)))),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readEntries(file: FileHandle, size: number): Promise<readonly Entry[]> {
  const end = await readAt(file, Math.max(0, size - END_BYTES), Math.min(END_BYTES, size));
  if (end.length < END_BYTES || end.toString('latin1', 0, 4) !== 'PK\x05\x06')
    throw new Unreadable('it is no zip, or bytes follow its end');
  const [length, start] = [end.readUInt32LE(12), end.readUInt32LE(16)];
  if (start + length + END_BYTES !== size) throw new Unreadable('the list of contents is not where the zip’s end says');
  const listed = await readAt(file, start, length);
  const entries: Entry[] = [];
  for (let at = 0; at < length; ) {
    const entry = readEntry(listed, at);
    entries.push(entry);
    at += LISTED_BYTES + entry.name.length;
  }
  checkedNames(entries.map(({ name }) => name));
  await compare(file, entries, start, size);
  return entries;
}

function readEntry(listed: Buffer, at: number): Entry {
  if (listed.length - at < LISTED_BYTES) throw new Unreadable('the list of contents is cut short');
  const name = listed.toString('latin1', at + LISTED_BYTES, at + LISTED_BYTES + listed.readUInt16LE(at + 28));
  const method = listed.readUInt16LE(at + 10);
  if (method !== 0 && method !== 8) throw new Unreadable(`${JSON.stringify(name)} is packed in a way a bundle is not`);
  return {
    name,
    method,
    crc: listed.readUInt32LE(at + 16),
    packed: listed.readUInt32LE(at + 20),
    size: listed.readUInt32LE(at + 24),
    at: listed.readUInt32LE(at + 42),
  };
}

/** Files follow one another without a gap, under the headers that their entries make. */
async function compare(file: FileHandle, entries: readonly Entry[], start: number, size: number): Promise<void> {
  const { locals, end } = headers(entries, start);
  let next = 0;
  for (const [index, entry] of entries.entries()) {
    const expected = locals[index] ?? end;
    if (entry.at !== next || !expected.equals(await readAt(file, next, expected.length)))
      throw new Unreadable(`${entry.name}: its header is not the one that the list of contents implies`);
    next += expected.length + entry.packed;
  }
  if (next !== start || !end.equals(await readAt(file, start, size - start)))
    throw new Unreadable('the list of contents is not as a bundle has it');
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position: at });
  return buffer.subarray(0, bytesRead);
}

async function* readRange(file: FileHandle, at: number, length: number): AsyncIterable<Buffer> {
  for (let done = 0; done < length; ) {
    const chunk = await readAt(file, at + done, Math.min(CHUNK, length - done));
    if (chunk.length === 0) throw new Unreadable('the zip is cut short');
    done += chunk.length;
    yield chunk;
  }
}

/** Files up to so many bytes, packed and as they are, are unpacked at once: a stream for each costs more than they do. */
const SMALL = 256 * 1024;

/** Never more bytes than the list of contents says, whatever is packed. */
async function* unpacked(entry: Entry, raw: (entry: Entry) => AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let done = 0;
  try {
    for await (const chunk of entry.method === 0 ? raw(entry) : inflated(entry, raw(entry))) {
      done += chunk.length;
      if (done > entry.size) break;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    const reason = error instanceof RangeError ? otherThan(entry) : `${entry.name} cannot be unpacked`;
    throw new Unreadable(reason);
  }
  if (done !== entry.size) throw new Unreadable(otherThan(entry));
}

const otherThan = ({ name, size }: Entry): string => `${name} holds other than the ${size} bytes that are listed`;

/** What `info` makes of the answer, which Node’s types do not know. */
const told = z.object({ buffer: z.instanceof(Buffer), engine: z.object({ bytesWritten: z.number() }) });

/** What is packed ends where it ends: bytes behind it would be in the zip, and in no file. */
async function* inflated({ name, packed, size }: Entry, raw: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const inflate = createInflateRaw();
  if (packed <= SMALL && size <= SMALL) {
    const chunks: Buffer[] = [];
    for await (const chunk of raw) chunks.push(chunk);
    // A limit of nothing is none to zlib; one byte more than is listed is too many, and is seen.
    const { buffer, engine } = told.parse(
      inflateRawSync(Buffer.concat(chunks), { maxOutputLength: size + 1, info: true }),
    );
    if (engine.bytesWritten !== packed) throw new Unreadable(`${name} holds bytes behind what is packed`);
    yield buffer;
    return;
  }
  // What breaks the source breaks the stream, and is thrown where that is read.
  pipeline(raw, inflate, () => {});
  yield* inflate;
  if (inflate.bytesWritten !== packed) throw new Unreadable(`${name} holds bytes behind what is packed`);
}

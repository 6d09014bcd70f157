import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';
import { CannotBuild } from './refusal.ts';

/** A file as the zip's list of contents has it. Names are ASCII. */
export interface Entry {
  readonly name: string;
  /** 0: as it is; 8: deflated. */
  readonly method: number;
  readonly crc: number;
  /** Bytes in the zip, and as they are. */
  readonly packed: number;
  readonly size: number;
  /** Where its header stands. */
  readonly at: number;
}

/** A written file, by the hashes of its bytes as they are and as the zip holds them. */
export interface Written extends Entry {
  readonly sha256: string;
  readonly packedSha256: string;
}

/** The format counts in 32 bits; what needs more is another format to most readers. */
const MOST = 0xffff_ffff;
/** Counted in 16 bits. */
const MOST_FILES = 0xffff;
const LOCAL_BYTES = 30;
/** 1980-01-01, midnight: the first time the format knows, so that no clock is in the bytes. */
const TIME = [0, 0x0021];
const UTF8 = 0x0800;
const REGULAR_FILE = 0o100644;

/** Headers of a zip without anything to choose: who knows the entries knows every byte that is no file's. */
export function headers(
  entries: readonly Entry[],
  start: number,
): { readonly locals: readonly Buffer[]; readonly end: Buffer } {
  const locals = entries.map(localHeader);
  const centrals = entries.map((entry) => {
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(REGULAR_FILE * 2 ** 16, 6);
    tail.writeUInt32LE(entry.at, 10);
    return Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), fields(entry), tail, Buffer.from(entry.name)]);
  });
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(centrals).length, 12);
  end.writeUInt32LE(start, 16);
  return { locals, end: Buffer.concat([...centrals, end]) };
}

const localHeader = (entry: Entry): Buffer =>
  Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields(entry), Buffer.from(entry.name)]);

/** What the header at a file's place and the one in the list have in common. */
function fields({ name, method, crc, packed, size }: Entry): Buffer {
  const bytes = Buffer.alloc(26);
  for (const [index, value] of [20, UTF8, method, ...TIME].entries()) bytes.writeUInt16LE(value, index * 2);
  for (const [index, value] of [crc, packed, size].entries()) bytes.writeUInt32LE(value, 10 + index * 4);
  bytes.writeUInt16LE(name.length, 22);
  return bytes;
}

/**
 * Writes a zip file by file. Written here because of its bytes: the same files make the same zip, and a reader can predict every
 * byte of it, so that none can be turned unseen.
 */
export class Zip {
  readonly #file: FileHandle;
  readonly #entries: Written[] = [];
  #at = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** A new file; one that exists is refused. */
  static async create(path: string): Promise<Zip> {
    return new Zip(await open(path, 'wx', 0o600));
  }

  /** Deflates a stream into the zip. */
  async add(name: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Written> {
    const [plain, packed] = [tally(), tally()];
    const start = this.#at;
    this.#at += LOCAL_BYTES + name.length;
    for await (const chunk of deflated(chunks, plain)) await this.#append(packed, chunk);
    return this.#entered(name, 8, { plain, packed, start });
  }

  /** A small file as it is. */
  async store(name: string, bytes: Uint8Array): Promise<Written> {
    const [plain, packed] = [tally(), tally()];
    const start = this.#at;
    this.#at += LOCAL_BYTES + name.length;
    plain.add(bytes);
    await this.#append(packed, bytes);
    return this.#entered(name, 0, { plain, packed, start });
  }

  /** Writes the list of contents; durable when it resolves. */
  async end(): Promise<void> {
    const { end } = headers(this.#entries, this.#at);
    await this.#file.write(end, 0, end.length, this.#at);
    await this.#file.sync();
    await this.#file.close();
  }

  /** Closes what will not be finished. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }

  async #append(tally: Tally, chunk: Uint8Array): Promise<void> {
    tally.add(chunk);
    await this.#file.write(chunk, 0, chunk.length, this.#at);
    this.#at += chunk.length;
    if (this.#at > MOST)
      throw new CannotBuild('the bundle outgrows 4 GiB: ask for a shorter period or a narrower scope');
  }

  async #entered(name: string, method: number, { plain, packed, start }: Sums): Promise<Written> {
    if (this.#entries.length === MOST_FILES)
      throw new CannotBuild(
        `the bundle has more than ${MOST_FILES} files: ask for a shorter period or a narrower scope`,
      );
    if (plain.bytes > MOST)
      throw new CannotBuild(`${name} outgrows 4 GiB: ask for a shorter period or a narrower scope`);
    const sizes = { crc: plain.crc, packed: packed.bytes, size: plain.bytes };
    const hashes = { sha256: plain.digest(), packedSha256: packed.digest() };
    const entry = { name, method, at: start, ...sizes, ...hashes };
    const header = localHeader(entry);
    await this.#file.write(header, 0, header.length, start);
    this.#entries.push(entry);
    return entry;
  }
}

interface Tally {
  bytes: number;
  crc: number;
  add(chunk: Uint8Array): void;
  digest(): string;
}

interface Sums {
  readonly plain: Tally;
  readonly packed: Tally;
  readonly start: number;
}

function tally(): Tally {
  const sha = createHash('sha256');
  return {
    bytes: 0,
    crc: 0,
    add(chunk) {
      this.bytes += chunk.length;
      this.crc = crc32(chunk, this.crc);
      sha.update(chunk);
    },
    digest: () => sha.digest('hex'),
  };
}

async function* deflated(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  plain: Tally,
): AsyncIterable<Uint8Array> {
  const deflate = createDeflateRaw({ level: 6 });
  // What breaks the source breaks the stream, and is thrown where that is read.
  pipeline(tallied(chunks, plain), deflate, () => {});
  yield* deflate;
}

async function* tallied(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  plain: Tally,
): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    plain.add(chunk);
    yield chunk;
  }
}

import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Watermark } from '../../core/origin.ts';
import { type Disk, isCode } from './disk.ts';

/** Where the event of a leaf stands on audit.events, and where it comes from. */
export interface Place extends Watermark {
  readonly auditOffset: number;
  /** `epoch/topic/partition` */
  readonly lineage: string;
}

/** Audit offset and raw offset (64 bits), number of the lineage and ordinal (32 bits), big endian. */
const BYTES = 24;

/** Places held in memory until they are written. */
const CHUNK = 1_024;

/** `offsets`: one entry per leaf. `lineages`: the names that entries give by their line. */
const FILE = { offsets: 'offsets', lineages: 'lineages' } as const;

/** Which event each leaf is of, after its row has expired too. Unsigned: whoever trusts it checks it against the tree. */
export class PlacesWriter {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #lineages: Map<string, number>;
  #known: number;
  #written: number;
  readonly #chunks: Buffer[] = [];
  #pending = 0;

  private constructor(folder: string, size: number, lineages: readonly string[], disk: Disk) {
    this.#folder = folder;
    this.#disk = disk;
    this.#lineages = new Map(lineages.map((lineage, index) => [lineage, index]));
    this.#known = lineages.length;
    this.#written = size;
  }

  /** Goes on behind the first `size` entries. */
  static async open(folder: string, size: number, disk: Disk): Promise<PlacesWriter> {
    return new PlacesWriter(folder, size, await readLineages(folder), disk);
  }

  add({ auditOffset, lineage, offset, ordinal }: Place): void {
    const at = this.#pending % CHUNK;
    if (at === 0) this.#chunks.push(Buffer.alloc(CHUNK * BYTES));
    const chunk = this.#chunks.at(-1);
    let number = this.#lineages.get(lineage);
    if (number === undefined) {
      number = this.#lineages.size;
      this.#lineages.set(lineage, number);
    }
    chunk?.writeBigUInt64BE(BigInt(auditOffset), at * BYTES);
    chunk?.writeBigUInt64BE(BigInt(offset), at * BYTES + 8);
    chunk?.writeUInt32BE(number, at * BYTES + 16);
    chunk?.writeUInt32BE(ordinal, at * BYTES + 20);
    this.#pending++;
  }

  async flush(): Promise<void> {
    if (this.#lineages.size > this.#known) {
      const text = [...this.#lineages.keys()].map((lineage) => `${lineage}\n`).join('');
      await this.#disk.write([{ path: join(this.#folder, FILE.lineages), bytes: Buffer.from(text) }]);
      this.#known = this.#lineages.size;
    }
    const bytes = Buffer.concat(this.#chunks).subarray(0, this.#pending * BYTES);
    await this.#disk.extend(join(this.#folder, FILE.offsets), this.#written * BYTES, bytes);
    this.#written += this.#pending;
    this.#pending = 0;
    this.#chunks.length = 0;
  }
}

async function readLineages(folder: string): Promise<readonly string[]> {
  try {
    return (await readFile(join(folder, FILE.lineages), 'utf8')).split('\n').slice(0, -1);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Entries of leaves, by index; they are in the order of their audit offsets. */
export interface Places {
  /** Leaves `first` up to, not including, `next`. */
  read(first: number, next: number): Promise<readonly Place[]>;
  /** Index of the first leaf at an audit offset or beyond, of the first `size` leaves; `size` where there is none. */
  indexFrom(auditOffset: number, size: number): Promise<number>;
}

export function places(folder: string): Places {
  let lineages: readonly string[] = [];

  async function read(first: number, next: number): Promise<readonly Place[]> {
    const bytes = await readAt(join(folder, FILE.offsets), first * BYTES, (next - first) * BYTES);
    if (bytes.length < (next - first) * BYTES) throw new RangeError(`there is no place of leaf ${next - 1}`);
    const numbers = Array.from({ length: next - first }, (_, index) => bytes.readUInt32BE(index * BYTES + 16));
    if (numbers.some((number) => number >= lineages.length)) lineages = await readLineages(folder);
    return numbers.map((number, index) => ({
      auditOffset: Number(bytes.readBigUInt64BE(index * BYTES)),
      offset: Number(bytes.readBigUInt64BE(index * BYTES + 8)),
      ordinal: bytes.readUInt32BE(index * BYTES + 20),
      lineage: lineages[number] ?? '',
    }));
  }

  return {
    read,
    async indexFrom(auditOffset, size) {
      let [low, high] = [0, size];
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const [place] = await read(middle, middle + 1);
        if (place !== undefined && place.auditOffset < auditOffset) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}

async function readAt(path: string, at: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

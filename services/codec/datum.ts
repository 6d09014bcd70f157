import type { Words } from './words.ts';

/** As far from zero as avsc, the twin, reads a whole number. */
const FARTHEST = Number.MAX_SAFE_INTEGER - 1;
/** A number's bytes weigh no more than this: ten of them. */
const HEAVIEST = 2 ** 62;

/** Reads the values of an Avro datum (https://avro.apache.org/docs/1.12.0/specification/#binary-encoding), one after the other. */
export class Datum {
  /** The memory the datum lies in, which it shares with those before and after it. */
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  #start = 0;
  #at = 0;
  #end = 0;

  begin({ buffer, byteOffset, byteLength }: Uint8Array): void {
    if (this.#view.buffer !== buffer) {
      this.#bytes = Buffer.from(buffer);
      this.#view = new DataView(buffer);
    }
    this.#start = byteOffset;
    this.#at = byteOffset;
    this.#end = byteOffset + byteLength;
  }

  /** @throws when bytes are left. */
  end(): void {
    if (this.#at < this.#end) throw this.#bad('trailing data');
  }

  /** Zigzag: the lowest bit is the sign. The others are summed apart from it, for with it they exceed 2^53. */
  long(): number {
    const first = this.#byte();
    let sum = (first & 127) >> 1;
    if (first > 127) {
      let byte: number;
      let weight = 64;
      do {
        if (weight > HEAVIEST) throw this.#bad('a number without an end');
        byte = this.#byte();
        sum += (byte & 127) * weight;
        weight *= 128;
      } while (byte > 127);
      if (sum > FARTHEST) throw this.#bad('a number that loses digits');
    }
    return (first & 1) === 0 ? sum : -sum - 1;
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** Of a union of null and one other type: whether it is the other. */
  isGiven(): boolean {
    const branch = this.#byte();
    if (branch !== 0 && branch !== 2) throw this.#bad('no branch of a union');
    return branch === 2;
  }

  fixed(size: number): Buffer {
    const start = this.#take(size);
    return Buffer.copyBytesFrom(this.#bytes, start, size);
  }

  /** A text that is likely to have been met before. */
  word(words: Words): string {
    return this.wordOf(words, this.long());
  }

  /** The same of a text whose length was read before. */
  wordOf(words: Words, length: number): string {
    if (length === 0) return '';
    return words.find(this.#bytes, this.#view, this.#take(length), length);
  }

  /** Goes past a text; answers its length. */
  passText(): number {
    const length = this.long();
    this.#take(length);
    return length;
  }

  /** Goes past an array or map whose items are so many texts each; answers how many items it has. */
  passTexts(texts: number): number {
    let items = 0;
    for (let left = this.block(); left > 0; left = this.block()) {
      items += left;
      for (let rest = left * texts; rest > 0; rest--) this.#take(this.long());
    }
    return items;
  }

  /** In `memory`. */
  get at(): number {
    return this.#at;
  }

  get memory(): Buffer {
    return this.#bytes;
  }

  /** Goes to a place that was `at` before, of the same datum. */
  seek(at: number): void {
    this.#at = at;
  }

  skip(size: number): void {
    this.#take(size);
  }

  /** How many items the next block of an array or map has; 0 at its end. A negative count has the block's size after it. */
  block(): number {
    const count = this.long();
    if (count >= 0) return count;
    this.long();
    return -count;
  }

  #byte(): number {
    if (this.#at >= this.#end) throw this.#bad('truncated');
    return this.#view.getUint8(this.#at++);
  }

  /** Where so many bytes begin. */
  #take(count: number): number {
    const start = this.#at;
    if (count < 0 || count > this.#end - start) throw this.#bad('truncated');
    this.#at = start + count;
    return start;
  }

  #bad(what: string): RangeError {
    return new RangeError(`byte ${this.#at - this.#start} of the datum: ${what}`);
  }
}

/** Bytes of a number as Kafka writes it: zigzag, base 128. */
export function sizeOf(value: number): number {
  let size = 1;
  for (let rest = zigzag(value); rest > 0x7f; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** By arithmetic, for timestamps beyond 31 bits. */
const zigzag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);

/** A buffer of a size that is known, while it is filled. */
export class Writing {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafe(size);
  }

  byte(value: number): void {
    this.#buffer[this.#at++] = value;
  }

  varint(value: number): void {
    let rest = zigzag(value);
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.#buffer[this.#at++] = (rest % 128) | 0x80;
    this.#buffer[this.#at++] = rest;
  }

  /** With their length before them; undefined is Kafka's null. */
  bytes(bytes: Buffer | undefined): void {
    this.varint(bytes?.length ?? -1);
    if (bytes === undefined) return;
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  done(): Buffer {
    if (this.#at !== this.#buffer.length) throw new RangeError(`${this.#at} bytes written of ${this.#buffer.length}`);
    return this.#buffer;
  }
}

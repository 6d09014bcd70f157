import { Buffer } from 'node:buffer';

/** What is taken from the system at a time; what was written stays in it until nobody holds a view of it. */
const PIECE = 1 << 20;
/** As far from zero as avsc, the twin, writes a whole number with the right sign. */
const FARTHEST = 2 ** 52;
/** Below, a number and its sign are 31 bits. */
const NEAR = 0x4000_0000;
/** Texts up to here are copied letter by letter: a call out of the engine takes longer. */
const SHORT = 12;
/** So are bytes, byte by byte. */
const SMALL = 32;

/** Bytes of the length before a text, for as many bytes of text. */
const widthOf = (length: number): number => (length < 64 ? 1 : length < 8_192 ? 2 : length < 1_048_576 ? 3 : 4);

/** Writes the values of Avro datums (https://avro.apache.org/docs/1.12.0/specification/#binary-encoding), one after the other. */
export class Writer {
  #bytes: Buffer = Buffer.allocUnsafeSlow(PIECE);
  #start = 0;
  #at = 0;

  /** What follows stands in one stretch of memory. */
  begin(): void {
    this.#start = this.#at;
  }

  /** How much was written since. */
  get length(): number {
    return this.#at - this.#start;
  }

  /** A view of what was written since, between two lengths. */
  view(from: number, to: number = this.length): Buffer {
    return this.#bytes.subarray(this.#start + from, this.#start + to);
  }

  /** Forgets what was written behind a length. */
  back(to: number): void {
    this.#at = this.#start + to;
  }

  /** Writes again what stands between two lengths. */
  again(from: number, to: number): void {
    this.#room(to - from);
    this.#bytes.copyWithin(this.#at, this.#start + from, this.#start + to);
    this.#at += to - from;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  /** Big endian, as the wire header has it. */
  uint32(value: number): void {
    this.#room(4);
    this.#at = this.#bytes.writeUInt32BE(value, this.#at);
  }

  raw(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#room(length);
    if (length > SMALL) this.#bytes.set(bytes, this.#at);
    else for (let index = 0; index < length; index++) this.#bytes[this.#at + index] = bytes[index] ?? 0;
    this.#at += length;
  }

  /** Bytes that a text holds one by one, as `latin1` digests do. */
  latin1(text: string): void {
    this.#room(text.length);
    this.#at += this.#bytes.write(text, this.#at, 'latin1');
  }

  /** Zigzag, then seven bits at a time. @throws when it is no whole number, or too far from zero. */
  long(value: number): void {
    this.#room(10);
    const bytes = this.#bytes;
    let at = this.#at;
    let rest: number;
    if (value === (value | 0) && value < NEAR && value > -NEAR) rest = (value << 1) ^ (value >> 31);
    else {
      if (!(Math.abs(value) <= FARTHEST) || Math.floor(value) !== value)
        throw new RangeError('no whole number that Avro holds');
      const far = value < 0 ? -2 * value - 1 : 2 * value;
      rest = Math.floor(far / 0x1000_0000);
      const low = far - rest * 0x1000_0000;
      bytes[at] = low | 128;
      bytes[at + 1] = (low >>> 7) | 128;
      bytes[at + 2] = (low >>> 14) | 128;
      bytes[at + 3] = (low >>> 21) | 128;
      at += 4;
    }
    for (; rest > 127; rest >>>= 7) bytes[at++] = rest | 128;
    bytes[at++] = rest;
    this.#at = at;
  }

  double(value: number): void {
    this.#room(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  /** @throws when it is no text. */
  text(value: string): void {
    const { length } = value;
    this.#room(3 * length + 5);
    const bytes = this.#bytes;
    if (length <= SHORT) {
      let at = this.#at;
      bytes[at++] = 2 * length;
      let index = 0;
      for (let code = 0; index < length; index++) {
        code = value.charCodeAt(index);
        if (code > 127) break;
        bytes[at++] = code;
      }
      if (index === length) {
        this.#at = at;
        return;
      }
    }
    // The length stands first and is known last: where letters beyond ASCII make it wider, the text is moved.
    const width = widthOf(length);
    const written = bytes.write(value, this.#at + width);
    const wider = widthOf(written) - width;
    if (wider > 0) bytes.copyWithin(this.#at + width + wider, this.#at + width, this.#at + width + written);
    this.long(written);
    this.#at += written;
  }

  /** A text without its length. */
  letters(value: string): void {
    this.#room(3 * value.length);
    this.#at += this.#bytes.write(value, this.#at);
  }

  /** Writes a number that is not negative at a length, before what stands there. */
  insertLong(at: number, value: number): void {
    const width = widthOf(value);
    this.#room(10);
    const place = this.#start + at;
    const end = this.#at + width;
    this.#bytes.copyWithin(place + width, place, this.#at);
    this.#at = place;
    this.long(value);
    this.#at = end;
  }

  #room(count: number): void {
    if (this.#at + count > this.#bytes.length) this.#move(count);
  }

  /** Goes on in a new piece, with what was begun. */
  #move(count: number): void {
    const begun = this.#bytes.subarray(this.#start, this.#at);
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(PIECE, 2 * (begun.length + count)));
    this.#bytes.set(begun);
    this.#start = 0;
    this.#at = begun.length;
  }
}

/** What most bodies stay below, to spare the memory its growth. */
const USUAL_BYTES = 4_000_000;
/** Memory beyond is not kept for the next body. */
const MOST_BYTES = 4 * USUAL_BYTES;

/** Above this length a call into the runtime costs less than a loop over the bytes. */
const SHORT = 64;
/** Most bytes of a number. */
const DIGITS = 32;

const QUOTE = 0x22;
const HEX = Buffer.from('0123456789abcdef');
const ZERO = 0x30;
/** Bytes that stand for themselves in a text of JSON. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 32 || byte > 126 || byte === QUOTE || byte === 92 ? 0 : 1,
);

/** What a request's body is written into, byte by byte: texts put together first would be garbage, several kB for each event. */
export class Page {
  #bytes = Buffer.allocUnsafeSlow(USUAL_BYTES);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  get capacity(): number {
    return this.#bytes.length;
  }

  /** Makes it `length` bytes long again, as it was before. */
  cut(length: number): void {
    this.#at = length;
  }

  text(value: string): void {
    this.#room(value.length * 3);
    this.#at += this.#bytes.write(value, this.#at);
  }

  bytes(value: Uint8Array): void {
    const { length } = value;
    this.#room(length);
    if (length > SHORT) this.#bytes.set(value, this.#at);
    else for (let index = 0; index < length; index++) this.#bytes[this.#at + index] = value[index] ?? 0;
    this.#at += length;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  /** In the place of what was written there. */
  patch(at: number, value: number): void {
    this.#bytes[at] = value;
  }

  /** The text as JSON.stringify writes it. */
  quoted(value: string): void {
    const { length } = value;
    this.#room(length + 2);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = QUOTE;
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code > 126 || PLAIN[code] === 0) {
        this.text(JSON.stringify(value));
        return;
      }
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.#at = at;
  }

  /** The same of a text that is UTF-8 in other memory. */
  quotedBytes(memory: Buffer, start: number, size: number): void {
    this.#room(size + 2);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = QUOTE;
    for (let from = start; from < start + size; from++) {
      const byte = memory[from] ?? 0;
      if (PLAIN[byte] === 0) {
        this.text(JSON.stringify(memory.toString('utf8', start, start + size)));
        return;
      }
      bytes[at++] = byte;
    }
    bytes[at++] = QUOTE;
    this.#at = at;
  }

  /** In quotes. */
  hex(memory: Buffer, start: number, size: number): void {
    this.#room(size * 2 + 2);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = QUOTE;
    for (let from = start; from < start + size; from++) {
      const byte = memory[from] ?? 0;
      bytes[at++] = HEX[byte >> 4] ?? 0;
      bytes[at++] = HEX[byte & 15] ?? 0;
    }
    bytes[at++] = QUOTE;
    this.#at = at;
  }

  /** As JSON. What JSON has no number for is a text, as protobuf's JSON has it: a source may have sent it. */
  numeral(value: number): void {
    if (Number.isSafeInteger(value)) this.integer(value);
    else this.text(Number.isFinite(value) ? String(value) : `"${value}"`);
  }

  /** A safe integer. */
  integer(value: number): void {
    this.#room(DIGITS);
    if (value < 0) this.#bytes[this.#at++] = 0x2d;
    const whole = Math.abs(value);
    // Whole numbers of 32 bits are divided several times faster than larger ones.
    if (whole < 1e9) {
      this.#digits(whole, lengthOf(whole));
      return;
    }
    const high = Math.floor(whole / 1e9);
    this.#digits(high, lengthOf(high));
    this.#digits(whole - high * 1e9, 9);
  }

  /** Microseconds as seconds with six decimals. */
  seconds(micros: number): void {
    this.#room(DIGITS);
    if (micros < 0) this.#bytes[this.#at++] = 0x2d;
    const whole = Math.abs(micros);
    const seconds = Math.floor(whole / 1e6);
    this.integer(seconds);
    this.#bytes[this.#at++] = 0x2e;
    this.#digits(whole - seconds * 1e6, 6);
  }

  /** In the page's own memory. */
  written(): Buffer<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#at);
  }

  /** A number below 2^31 in so many digits. */
  #digits(value: number, length: number): void {
    const bytes = this.#bytes;
    let rest = value | 0;
    for (let at = this.#at + length - 1; at >= this.#at; at--) {
      const tenth = (rest / 10) | 0;
      bytes[at] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.#at += length;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

function lengthOf(value: number): number {
  let length = 1;
  for (let limit = 10; value >= limit; limit *= 10) length++;
  return length;
}

/**
 * Pages for bodies that are under way together. They are used again because memory that is new to a process costs it page
 * faults, several microseconds for each event.
 */
export class Pages {
  readonly #free: Page[] = [];

  take(): Page {
    return this.#free.pop() ?? new Page();
  }

  /** Nothing may look at what was written any more. */
  give(page: Page): void {
    if (page.capacity > MOST_BYTES) return;
    page.cut(0);
    this.#free.push(page);
  }
}

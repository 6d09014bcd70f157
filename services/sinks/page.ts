/** What most bodies stay below, to spare the memory its growth. */
const USUAL_BYTES = 4_000_000;
/** Memory beyond is not kept for the next body. */
const MOST_BYTES = 4 * USUAL_BYTES;

/** What the text of a request's body is written into. */
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
    this.#room(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** In the page's own memory. */
  written(): Buffer<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#at);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
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

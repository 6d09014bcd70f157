/** Longer texts seldom come twice. In bytes. */
const LONGEST = 128;
/** Four bytes are compared at a time. */
const QUADS = LONGEST / 4;
/** A power of two. */
const SLOTS = 4_096;

/**
 * Texts met before, found by their bytes: of 48 that an event of the demo day looks up here, 44 stood in one a
 * little earlier. A text that is found is neither decoded nor allocated again. It has one slot, and keeps it until another wants it.
 */
export class Words {
  readonly #make: (text: string) => string;
  readonly #texts: string[] = new Array(SLOTS).fill('');
  /** Of the bytes the text of a slot was made of; 0 where there is none yet. */
  readonly #lengths = new Uint8Array(SLOTS);
  /** Those bytes, but for the last up to three, which stand in `#tails`. */
  readonly #quads = new Int32Array(SLOTS * QUADS);
  readonly #tails = new Int32Array(SLOTS);

  /** `make` gives what stands for a text, the same for the same text. */
  constructor(make: (text: string) => string) {
    this.#make = make;
  }

  /** What stands for the text that so many bytes are in UTF-8, at least one. `view` and `bytes` show the same memory. */
  find(bytes: Buffer, view: DataView, start: number, length: number): string {
    if (length > LONGEST) return this.#make(bytes.toString('utf8', start, start + length));
    const tail = tailOf(view, start, length);
    const slot = slotOf(view, start, length, tail);
    if (this.#lengths[slot] === length && this.#tails[slot] === tail && this.#holds(slot, view, start, length))
      return this.#texts[slot] ?? '';
    const text = this.#make(bytes.toString('utf8', start, start + length));
    for (let quad = 0; quad < length >> 2; quad++)
      this.#quads[slot * QUADS + quad] = view.getInt32(start + quad * 4, true);
    this.#lengths[slot] = length;
    this.#tails[slot] = tail;
    this.#texts[slot] = text;
    return text;
  }

  #holds(slot: number, view: DataView, start: number, length: number): boolean {
    const quads = this.#quads;
    let at = start;
    const first = slot * QUADS;
    const end = first + (length >> 2);
    for (let quad = first; quad < end; quad++, at += 4) if (quads[quad] !== view.getInt32(at, true)) return false;
    return true;
  }
}

/** What is left behind the last whole four bytes. */
function tailOf(view: DataView, start: number, length: number): number {
  let tail = 0;
  for (let at = start + length - (length & 3); at < start + length; at++) tail = (tail << 8) | view.getUint8(at);
  return tail;
}

/** By the length, the ends and the middle: which text it is, all of its bytes say. */
function slotOf(view: DataView, start: number, length: number, tail: number): number {
  let hash = Math.imul(length ^ tail, 0x9e_37_79_b1);
  if (length > 3) {
    const last = start + length - 4;
    hash = Math.imul(hash ^ view.getInt32(start, true), 0x85_eb_ca_6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ view.getInt32(last, true), 0xc2_b2_ae_35);
    hash = Math.imul(hash ^ (hash >>> 13) ^ view.getInt32((start + last) >> 1, true), 0x27_d4_eb_2f);
  }
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}

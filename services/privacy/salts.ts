import { type Cipheriv, createCipheriv } from 'node:crypto';

const SALT = 16;
/** Each event has two, side by side. */
const PAIR = 2 * SALT;
const OFFSETS = 256;
const ORDINALS = 64;

const PURPOSE = { personal: 0, content: 1 } as const;

/** Of the personal part of an event, and of what was said in it. */
export interface Salts {
  readonly personal: Uint8Array;
  readonly content: Uint8Array;
}

/**
 * The salts of an event: AES-256 of one block, offset ‖ ordinal ‖ purpose, under the key of its stretch of offsets, which is used
 * for nothing else. No two blocks are alike, so neither are two salts, and without the key nothing tells them from random ones.
 *
 * Derived rather than drawn, so that a message read again after a crash gets the salts it had: whichever copy of its
 * content and of its event is kept, the commitment in one opens with the salt in the other.
 *
 * Performance: made for many events at a time. Two HMACs an event took more time than all of its hashes.
 */
export function saltsFor(key: Uint8Array, offset: number, ordinal: number): Salts {
  const made = madeUnder(key);
  const { pairs, first, of } =
    ordinal === 0
      ? byOffset(made, offset - (offset % OFFSETS))
      : byOrdinal(made, offset, ordinal - (ordinal % ORDINALS));
  const at = PAIR * ((of === undefined ? offset : ordinal) - first);
  return { personal: pairs.subarray(at, at + SALT), content: pairs.subarray(at + SALT, at + PAIR) };
}

/** Pairs made at once: of messages in a row, or of the events of the one at `of`. */
interface Stretch {
  readonly pairs: Uint8Array;
  readonly first: number;
  readonly of: number | undefined;
}

interface Made {
  readonly cipher: Cipheriv;
  byOffset: Stretch | undefined;
  byOrdinal: Stretch | undefined;
}

const known = new WeakMap<Uint8Array, Made>();

function madeUnder(key: Uint8Array): Made {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = {
    cipher: createCipheriv('aes-256-ecb', key, null).setAutoPadding(false),
    byOffset: undefined,
    byOrdinal: undefined,
  };
  known.set(key, made);
  return made;
}

function byOffset(made: Made, first: number): Stretch {
  if (made.byOffset?.first === first) return made.byOffset;
  const pairs = encrypted(made, OFFSETS, (index) => [first + index, 0]);
  made.byOffset = { pairs, first, of: undefined };
  return made.byOffset;
}

function byOrdinal(made: Made, offset: number, first: number): Stretch {
  if (made.byOrdinal?.first === first && made.byOrdinal.of === offset) return made.byOrdinal;
  const pairs = encrypted(made, ORDINALS, (index) => [offset, first + index]);
  made.byOrdinal = { pairs, first, of: offset };
  return made.byOrdinal;
}

function encrypted({ cipher }: Made, count: number, place: (index: number) => readonly [number, number]): Uint8Array {
  const blocks = Buffer.alloc(count * PAIR);
  for (let index = 0; index < count; index++) {
    const [offset, ordinal] = place(index);
    for (const purpose of [PURPOSE.personal, PURPOSE.content]) {
      const at = index * PAIR + purpose * SALT;
      blocks.writeBigUInt64BE(BigInt(offset), at);
      blocks.writeUInt32BE(ordinal, at + 8);
      blocks.writeUInt32BE(purpose, at + 12);
    }
  }
  return cipher.update(blocks);
}

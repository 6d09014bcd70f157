import { gzipSync } from 'node:zlib';
import type { Random } from '../../../services/processes/demo/random.ts';

type Noise = (bytes: Buffer, dice: Random, other: Buffer) => Buffer;

const drawn = (length: number, dice: Random): Buffer => Buffer.from(Array.from({ length }, () => dice.integer(0, 255)));

const TOKENS: readonly Buffer[] = [
  ...['{', '}', '[', ']', '"', ',', ':', '\\', '\\u', '\u0000', '\n', '\r\n', '\t', '=', '-', 'e9', 'null'].map(
    (text) => Buffer.from(text),
  ),
  ...[[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xef, 0xbb, 0xbf], [0x80], [0xe2, 0x82]].map(
    (bytes) => Buffer.from(bytes),
  ),
];

const NOISES: readonly Noise[] = [
  (bytes, dice) => bytes.subarray(0, dice.integer(0, bytes.length)),
  (bytes, dice) => bytes.subarray(dice.integer(0, bytes.length)),
  (bytes, dice) => at(bytes, dice.integer(0, bytes.length), 1, drawn(1, dice)),
  (bytes, dice) => at(bytes, dice.integer(0, bytes.length), 0, drawn(dice.integer(1, 16), dice)),
  (bytes, dice) => at(bytes, dice.integer(0, bytes.length), dice.integer(1, 64), Buffer.alloc(0)),
  (bytes, dice) => at(bytes, dice.integer(0, bytes.length), dice.integer(0, 1), dice.pick(TOKENS)),
  (bytes, dice) => flipped(bytes, dice),
  (bytes, dice, other) =>
    Buffer.concat([bytes.subarray(0, dice.integer(0, bytes.length)), other.subarray(dice.integer(0, other.length))]),
  (bytes, _, other) => Buffer.concat([bytes, other]),
  (bytes, dice) => twice(bytes, dice),
];

function at(bytes: Buffer, from: number, without: number, put: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + without)]);
}

function flipped(bytes: Buffer, dice: Random): Buffer {
  const copy = Buffer.from(bytes);
  const place = dice.integer(0, Math.max(0, copy.length - 1));
  if (copy.length > 0) copy[place] = (copy[place] ?? 0) ^ (1 << dice.integer(0, 7));
  return copy;
}

/** A stretch of it comes again. */
function twice(bytes: Buffer, dice: Random): Buffer {
  const from = dice.integer(0, bytes.length);
  const stretch = bytes.subarray(from, from + dice.integer(1, 200));
  return at(bytes, from, 0, stretch);
}

/** The message with some bytes changed; `other` is another message to be mixed with. */
export function noisy(bytes: Buffer, dice: Random, other: Buffer): Buffer {
  let changed = bytes;
  for (let times = dice.integer(1, 4); times > 0; times--) changed = dice.pick(NOISES)(changed, dice, other);
  return changed;
}

/** Nothing any format has made. */
export function noise(dice: Random, other: Buffer): Buffer {
  return dice.pick([
    () => drawn(dice.integer(0, 400), dice),
    () => Buffer.alloc(dice.integer(0, 2_000), dice.integer(0, 255)),
    () => gzipSync(other),
    () => Buffer.from(`${Array.from({ length: dice.integer(1, 60) }, () => dice.pick(TOKENS)).join('')}`),
  ])();
}

import fc from 'fast-check';
import { uncompressSync } from 'snappy';
import { expect, test } from 'vitest';
import { Snappy } from '../../../services/sinks/loki/snappy.ts';

/** One for all tests: what it remembers of one input must not show in another. */
const snappy = new Snappy();

/** By the library's own decompressor, the twin. */
const back = (input: Uint8Array<ArrayBuffer>): Buffer =>
  Buffer.from(uncompressSync(Buffer.from(snappy.compress(input)), { asBuffer: true }));

const noise = (length: number): Buffer<ArrayBuffer> => {
  const bytes = Buffer.alloc(length);
  for (let at = 0, seed = length; at < length; at++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = seed >>> 16;
  }
  return bytes;
};

test('whatever is compressed comes back', () => {
  const word = fc.constantFrom('a', 'abcd', 'event_id', 'tok_5pPvJ0mXQ2cVx8sZkT1aBg', ' ', '\u{1f512}');
  const part = fc.oneof(
    fc.tuple(word, fc.nat(300)).map(([text, times]) => Buffer.from(text.repeat(times))),
    fc.nat(70).map(noise),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), fc.nat(8), (parts, shift) => {
      const memory = Buffer.concat([noise(shift), ...parts]);
      expect(back(memory.subarray(shift)).equals(memory.subarray(shift))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test.each([0, 1, 4, 14, 15, 16, 17, 60, 61, 64, 65, 67, 68, 69, 256, 257, 65_535, 65_536, 65_537, 131_072, 300_000])(
  '%d bytes, all the same and all different, come back',
  (length) => {
    expect(back(Buffer.alloc(length, 'x')).equals(Buffer.alloc(length, 'x'))).toBe(true);
    expect(back(noise(length)).equals(noise(length))).toBe(true);
  },
);

test('what repeats itself becomes small', () => {
  const line = '{"event_id":"00a1b200-0000-8000-8000-000000000001","action":"llm.request"}';
  expect(snappy.compress(Buffer.from(line.repeat(1_000))).length).toBeLessThan((line.length * 1_000) / 15);
});

import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { saltsFor } from '../../services/privacy/salts.ts';

const key = Buffer.alloc(32, 7);

/** One block at a time, of a cipher of its own. */
function slowly(under: Uint8Array, offset: number, ordinal: number, purpose: number): Buffer {
  const block = Buffer.alloc(16);
  block.writeBigUInt64BE(BigInt(offset));
  block.writeUInt32BE(ordinal, 8);
  block.writeUInt32BE(purpose, 12);
  return createCipheriv('aes-256-ecb', under, null).update(block);
}

test('salts are a function of the key and the place, in whatever order they are asked for', () => {
  const offset = fc.oneof(fc.nat(600), fc.maxSafeNat());
  const ordinal = fc.oneof(fc.constant(0), fc.nat(200), fc.nat(2 ** 24 - 1));
  const place = fc.tuple(fc.constantFrom(key, Buffer.alloc(32, 8)), offset, ordinal);
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), (places) => {
      for (const [under, offset, ordinal] of places)
        expect(saltsFor(under, offset, ordinal)).toEqual({
          personal: slowly(under, offset, ordinal, 0),
          content: slowly(under, offset, ordinal, 1),
        });
    }),
  );
});

test('salts that were handed out stay as they are', () => {
  const first = saltsFor(key, 3, 0);
  const kept = Buffer.from(first.personal);
  for (let offset = 0; offset < 2_000; offset++) saltsFor(key, offset, 0);
  expect(first.personal).toEqual(kept);
});

test('no two events and no two purposes share a salt', () => {
  const salts = Array.from({ length: 300 }, (_, at) => [saltsFor(key, at, 0), saltsFor(key, 7, at + 1)]).flat();
  const all = salts.flatMap(({ personal, content }) => [personal, content]);
  expect(new Set(all.map((salt) => Buffer.from(salt).toString('hex'))).size).toBe(all.length);
});

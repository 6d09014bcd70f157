import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seal, unseal } from '../../services/privacy/seal.ts';

const key = Buffer.alloc(32, 7);
const bytes = fc.uint8Array({ maxLength: 200 });

test('unseals what was sealed, for the same key and place only', () => {
  fc.assert(
    fc.property(bytes, bytes, (plaintext, associated) => {
      const sealed = seal(key, plaintext, associated);
      expect(sealed.length).toBe(12 + plaintext.length + 16);
      expect(Buffer.from(unseal(key, sealed, associated) ?? [1, 2, 3])).toEqual(Buffer.from(plaintext));
      expect(unseal(Buffer.alloc(32, 8), sealed, associated)).toBeUndefined();
      expect(unseal(key, sealed, Buffer.concat([associated, Buffer.from('x')]))).toBeUndefined();
    }),
  );
});

test('one flipped bit or a missing byte does not verify', () => {
  const sealed = seal(key, Buffer.from('what was said'), Buffer.from('id'));
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const flipped = Uint8Array.from(sealed, (byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    expect(unseal(key, flipped, Buffer.from('id'))).toBeUndefined();
  }
  for (let length = 0; length < sealed.length; length++)
    expect(unseal(key, sealed.subarray(0, length), Buffer.from('id'))).toBeUndefined();
});

test('no two seals are alike', () => {
  const seals = Array.from({ length: 100 }, () =>
    Buffer.from(seal(key, Buffer.from('a'), Buffer.from(''))).toString('hex'),
  );
  expect(new Set(seals).size).toBe(100);
});

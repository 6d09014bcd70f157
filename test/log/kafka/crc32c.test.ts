import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c } from '../../../services/log/kafka/crc32c.ts';

/** RFC 3720, B.4. */
test.each([
  [Buffer.alloc(32), 0x8a9136aa],
  [Buffer.alloc(32, 0xff), 0x62a8ab43],
  [Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0x46dd794e],
  [Buffer.from('123456789'), 0xe3069283],
])('%o', (bytes, expected) => expect(crc32c(bytes)).toBe(expected));

/** Bit by bit. */
function slow(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

test('as its slow twin says', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat({ max: 9 }), (bytes, skip) => {
      expect(crc32c(bytes.subarray(skip))).toBe(slow(bytes.subarray(skip)));
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunked } from '../../../services/log/kafka/chunks.ts';

test('an append is cut in order, and no chunk is larger than a broker takes unless one record is', () => {
  const sizes = fc.array(fc.oneof(fc.nat({ max: 2_000 }), fc.constantFrom(400_000, 899_000, 2_000_000)), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(sizes, (lengths) => {
      const records = lengths.map((length, index) => ({
        key: Buffer.from(String(index)),
        value: Buffer.alloc(length),
      }));
      const chunks = chunked(records, 4, new Date(0));
      expect(chunks.flatMap(({ messages }) => messages.map(({ key }) => String(key)))).toEqual(
        records.map((_, i) => `${i}`),
      );
      for (const { messages, bytes } of chunks) expect(bytes <= 900_000 || messages.length === 1).toBe(true);
      expect(chunks.every(({ messages }) => messages.length > 0)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

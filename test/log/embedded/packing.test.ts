import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, packedBytes, unpack } from '../../../services/log/embedded/packing.ts';

const bytes = fc.uint8Array({ maxLength: 40 });
const record = fc.record(
  {
    value: bytes,
    key: fc.option(bytes, { nil: undefined }),
    headers: fc.option(fc.dictionary(fc.string({ unit: 'grapheme' }), bytes, { maxKeys: 4 }), { nil: undefined }),
    timestamp: fc.date({ noInvalidDate: true }),
  },
  { requiredKeys: ['value'] },
);
const plain = (view: Uint8Array | undefined) => view && [...view];

test('what is packed comes back, and takes the bytes it was said to', () => {
  const now = new Date('2026-01-15T09:00:00Z');
  fc.assert(
    fc.property(fc.array(record, { maxLength: 6 }), fc.nat(), (records, first) => {
      const block = pack(records, now);
      expect(block.byteLength).toBe(records.reduce((sum, one) => sum + packedBytes(one), 0));

      const found = unpack(block, 'topic', 3, first);
      expect(found).toHaveLength(records.length);
      for (const [index, one] of found.entries()) {
        const sent = records[index];
        expect([one.topic, one.partition, one.offset]).toEqual(['topic', 3, first + index]);
        expect(one.receivedAt).toEqual(sent?.timestamp ?? now);
        expect(plain(one.key)).toEqual(plain(sent?.key));
        expect(plain(one.value)).toEqual(plain(sent?.value));
        const entries = Object.entries(sent?.headers ?? {}).map(([name, content]) => [name, plain(content)]);
        expect(Object.entries(one.headers).map(([name, content]) => [name, plain(content)])).toEqual(entries);
      }
    }),
  );
});

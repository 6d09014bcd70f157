import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { compressSync } from 'snappy';
import { expect, test } from 'vitest';
import { compressionType, registerCodecs } from '../../../services/log/kafka/codecs.ts';
import * as snappy from '../../../services/log/kafka/snappy.ts';

registerCodecs();

test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('%s returns what it was given', async (name) => {
  const codec = kafkajs.CompressionCodecs[compressionType[name]]();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), fc.nat({ max: 60 }), async (bytes, times) => {
      const plain = Buffer.concat(Array.from({ length: times + 1 }, () => bytes));
      const packed = await codec.compress({ buffer: plain });
      expect(plain.equals(await codec.decompress(packed))).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('%s that is none is final', async (name) => {
  const codec = kafkajs.CompressionCodecs[compressionType[name]]();
  const garbage = codec.decompress(Buffer.from('\xff\xfe no compression at all', 'latin1'));
  await expect(garbage).rejects.toMatchObject({ name: 'Undecodable', retriable: false });
});

test('snappy without the Java header is read too', () => {
  expect(snappy.decompress(compressSync('bare')).toString()).toBe('bare');
});

test('a snappy block that is cut short is an error', () => {
  const packed = snappy.compress(Buffer.alloc(100_000, 'x'));
  expect(() => snappy.decompress(packed.subarray(0, packed.length - 5))).toThrow(RangeError);
});

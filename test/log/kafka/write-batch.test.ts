import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { unpack } from '../../../services/log/kafka/codecs.ts';
import { writeBatch } from '../../../services/log/kafka/write-batch.ts';
import { packed } from './packed.ts';

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((one) => Buffer.from(one)),
  fc.string({ maxLength: 20, unit: 'grapheme' }),
);
const part = fc.option(bytes, { freq: 5 });
const headers = fc.dictionary(fc.string({ maxLength: 12 }), fc.oneof(bytes, fc.array(bytes, { maxLength: 3 })), {
  maxKeys: 4,
});
const time = fc.integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 });
const message = fc.record({ key: part, value: part, headers, time });
const head = fc.record({
  codec: fc.constantFrom(kafkajs.CompressionTypes.None, kafkajs.CompressionTypes.LZ4, kafkajs.CompressionTypes.ZSTD),
  isTransactional: fc.boolean(),
  producerId: fc.nat({ max: 2 ** 40 }).map(BigInt),
  producerEpoch: fc.nat({ max: 2 ** 15 - 1 }),
  firstSequence: fc.nat({ max: 2 ** 31 - 1 }),
});

const COVER = 21;
const HEADER = 61;

test('a batch is, byte for byte, what kafkajs writes of the same messages', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 150 }), head, async (messages, given) => {
      const times = messages.map((one) => one.time);
      const firstTimestamp = Math.min(...times);
      const written = writeBatch(
        messages.map((one) => ({ ...one, timestamp: String(one.time) })),
        { ...given, now: 0 },
      );
      const slow = await packed(
        messages.map((one, offsetDelta) => ({ ...one, offsetDelta, timestampDelta: one.time - firstTimestamp })),
        {
          ...{ firstTimestamp, maxTimestamp: Math.max(...times), compression: given.codec },
          ...{ transactional: given.isTransactional, producerId: Number(given.producerId) },
          ...{ producerEpoch: given.producerEpoch, firstSequence: given.firstSequence },
        },
      );
      const plain = (batch: Buffer) => unpack(batch.subarray(HEADER), given.codec).toString('hex');
      expect(written.subarray(COVER, HEADER)).toEqual(slow.subarray(COVER, HEADER));
      expect(plain(written)).toBe(plain(slow));
      if (given.codec === kafkajs.CompressionTypes.None) expect(written).toEqual(slow);
    }),
  );
});

test('a message without a timestamp has that of the moment', () => {
  const head = { codec: 0, isTransactional: false, producerId: -1n, producerEpoch: 0, firstSequence: 0, now: 42 };
  expect(writeBatch([{ value: 'v' }], head).readBigInt64BE(27)).toBe(42n);
});

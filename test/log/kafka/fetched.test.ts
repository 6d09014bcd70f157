import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { crc32c } from '../../../services/log/kafka/crc32c.ts';
import { fetched } from '../../../services/log/kafka/envelope.ts';
import { guardKafkajs } from '../../../services/log/kafka/guards.ts';
import { asControl, packed } from './packed.ts';

guardKafkajs();
const require = createRequire(import.meta.url);

interface Aborted {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

/** What kafkajs makes of an answer with one partition, read from `from`. */
async function answered(sets: readonly Buffer[], aborted: readonly Aborted[], from: number, version = 11) {
  const Encoder = require('kafkajs/src/protocol/encoder');
  const { decode } = require(`kafkajs/src/protocol/requests/fetch/v${version}/response`);
  const Batch = require('kafkajs/src/consumer/batch');
  const set = Buffer.concat(sets);
  const answer = new Encoder().writeInt32(0);
  if (version >= 7) answer.writeInt16(0).writeInt32(0);
  answer.writeInt32(1).writeString('t').writeInt32(1);
  answer.writeInt32(0).writeInt16(0).writeInt64(99).writeInt64(99);
  if (version >= 5) answer.writeInt64(0);
  answer.writeInt32(aborted.length);
  for (const { producerId, firstOffset } of aborted) answer.writeInt64(producerId).writeInt64(firstOffset);
  if (version >= 11) answer.writeInt32(-1);
  answer.writeInt32(set.length).writeBuffer(set);
  const { responses } = await decode(answer.buffer);
  return new Batch('t', String(from), responses[0].partitions[0]);
}

const data = (firstOffset: number, producerId: number, count = 2) =>
  packed(
    Array.from({ length: count }, (_, offsetDelta) => ({ offsetDelta, value: Buffer.from('v') })),
    { firstOffset, producerId, transactional: true },
  );

async function marker(firstOffset: number, producerId: number, type: 'abort' | 'commit') {
  const key = Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]);
  const given = { firstOffset, producerId, transactional: true };
  return asControl(await packed([{ offsetDelta: 0, key, value: Buffer.alloc(6) }], given), crc32c);
}

test.each([4, 5, 6, 7, 8, 9, 10, 11])('version %i of an answer is read by our own decoder', async (version) => {
  const batch = await answered([await data(3, 7, 4), await data(7, 7, 1)], [], 5, version);
  expect(fetched(batch)).toMatchObject({
    topic: 't',
    partition: 0,
    lastOffset: 7,
    batches: [{ first: 3 }, { first: 7 }],
  });
});

test('aborted transactions are passed over, those too that began before the fetch', async () => {
  const sets = [
    await data(20, 1),
    await data(22, 2),
    await data(24, 3),
    await marker(26, 1, 'abort'),
    await data(27, 1),
    await marker(29, 2, 'abort'),
    await marker(30, 1, 'commit'),
  ];
  const aborted = [
    { producerId: 2n, firstOffset: 12n },
    { producerId: 1n, firstOffset: 10n },
  ];
  const { batches, lastOffset } = fetched(await answered(sets, aborted, 20));
  expect(batches.map(({ first }) => first)).toEqual([24, 27]);
  expect(lastOffset).toBe(30);
});

test('a fetch of nothing but markers moves on', async () => {
  const batch = await answered([await marker(26, 1, 'abort')], [], 26);
  expect(batch.isEmptyDueToFiltering()).toBe(true);
  expect(batch.lastOffset()).toBe('26');
});

test('a batch whose records were all compacted away is passed', async () => {
  const batch = await answered([await packed([], { firstOffset: 8, lastOffsetDelta: 3 })], [], 8);
  expect(fetched(batch)).toMatchObject({ lastOffset: 11, batches: [{ first: 8, last: 11 }] });
});

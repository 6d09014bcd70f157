import { expect, test } from 'vitest';
import { split } from '../../../services/log/kafka/record-batch.ts';
import { packed } from './packed.ts';

const one = (firstOffset: number, lastOffsetDelta = 0) =>
  packed([{ offsetDelta: 0, value: Buffer.from('v') }], { firstOffset, lastOffsetDelta });

test('a fetch is split into its batches; one that is cut short is left to the next fetch', async () => {
  const whole = Buffer.concat([await one(3, 4), await one(8)]);
  const cut = (await one(9)).subarray(0, -1);
  const bounds = (set: Buffer) => split(set).map(({ first, last }) => [first, last]);
  expect(bounds(Buffer.concat([whole, cut]))).toEqual([
    [3, 7],
    [8, 8],
  ]);
  expect(bounds(Buffer.concat([whole, cut.subarray(0, 5)]))).toHaveLength(2);
});

test('bytes that are no batch are an error, as nothing would follow them', async () => {
  const batch = await one(3);
  const long = Buffer.from(batch);
  long.writeInt32BE(batch.length, 8);
  const short = Buffer.from(batch);
  short.writeInt32BE(10, 8);
  const old = Buffer.from(batch);
  old.writeInt8(1, 16);
  for (const set of [long, short, old, batch.subarray(0, 20), Buffer.concat([batch, batch])])
    expect(() => split(set)).toThrow(expect.objectContaining({ name: 'Undecodable', retriable: false }));
});

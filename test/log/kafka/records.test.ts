import { createRequire } from 'node:module';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { open, split } from '../../../services/log/kafka/record-batch.ts';
import { readRecords } from '../../../services/log/kafka/records.ts';
import { type Given, packed } from './packed.ts';

const require = createRequire(import.meta.url);

interface Slow {
  readonly records: readonly {
    readonly offset: string;
    readonly timestamp: string;
    readonly key: Buffer | null;
    readonly value: Buffer | null;
    readonly headers: Readonly<Record<string, Buffer | null | readonly (Buffer | null)[]>>;
  }[];
}

/** kafkajs' own decoder. */
async function slow(bytes: Buffer): Promise<unknown> {
  const Decoder = require('kafkajs/src/protocol/decoder');
  const decode: (decoder: unknown) => Promise<Slow> = require('kafkajs/src/protocol/recordBatch/v0/decoder');
  const { records } = await decode(new Decoder(bytes));
  return records.map(({ offset, timestamp, key, value, headers }) => ({
    offset: Number(offset),
    at: Number(timestamp),
    key: key?.toString('hex'),
    value: (value ?? Buffer.alloc(0)).toString('hex'),
    headers: Object.entries(headers).map(([name, given]) => {
      const last = Array.isArray(given) ? given.at(-1) : given;
      return [name, (last ?? Buffer.alloc(0)).toString('hex')];
    }),
  }));
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const fast = (bytes: Buffer): unknown =>
  split(bytes)
    .flatMap((batch) => readRecords(open(batch), 't', 0))
    .map(({ offset, receivedAt, key, value, headers }) => ({
      offset,
      at: receivedAt.getTime(),
      key: key === undefined ? undefined : hex(key),
      value: hex(value),
      headers: Object.entries(headers).map(([name, content]) => [name, hex(content)]),
    }));

const bytes = fc.uint8Array({ maxLength: 200 }).map((one) => Buffer.from(one));
const field = fc.option(bytes, { freq: 5 });
const headers = fc.dictionary(
  fc.string({ maxLength: 12 }).filter((name) => name !== '__proto__'),
  fc.oneof(bytes, fc.array(bytes, { minLength: 1, maxLength: 3 })),
  { maxKeys: 4 },
);
const record = fc.record({
  step: fc.integer({ min: 1, max: 300 }),
  timestampDelta: fc.oneof(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -1e12, max: 1e12 })),
  key: field,
  value: field,
  headers,
});
const records = fc.array(record, { minLength: 1, maxLength: 20 }).map((steps): readonly Given[] => {
  let offsetDelta = -1;
  return steps.map(({ step, ...given }) => {
    offsetDelta += step;
    return { ...given, offsetDelta };
  });
});

test('records are what kafkajs reads of the same bytes', async () => {
  const codecs = [kafkajs.CompressionTypes.None, kafkajs.CompressionTypes.LZ4, kafkajs.CompressionTypes.GZIP];
  await fc.assert(
    fc.asyncProperty(records, fc.nat({ max: 2 ** 40 }), fc.constantFrom(...codecs), async (given, first, codec) => {
      const batch = await packed(given, { firstOffset: first, compression: codec });
      expect(fast(batch)).toEqual(await slow(batch));
    }),
  );
});

test('a bit that is not as it was sent is found, wherever the checksum reaches', async () => {
  const batch = await packed([{ offsetDelta: 0, value: Buffer.from('as it was sent') }]);
  for (let at = 17; at < batch.length; at++)
    for (const bit of [1, 128]) {
      const bent = Buffer.from(batch);
      bent.writeUInt8(bent.readUInt8(at) ^ bit, at);
      expect(() => fast(bent), `byte ${at}`).toThrow(expect.objectContaining({ name: 'Undecodable' }));
    }
});

test('records that do not fill their batch are none', async () => {
  const batch = open(
    split(
      await packed([
        { offsetDelta: 0, value: Buffer.from('one') },
        { offsetDelta: 1, headers: { a: Buffer.from('b') } },
      ]),
    )[0] ?? expect.fail('no batch'),
  );
  expect(readRecords(batch, 't', 0)).toHaveLength(2);
  for (const change of [{ count: 1 }, { count: 3 }, { records: batch.records.subarray(0, -1) }, { last: 0 }])
    expect(() => readRecords({ ...batch, ...change }, 't', 0)).toThrow('does not hold');
});

test('a header without a value is empty', () => {
  const records = Buffer.from([18, 0, 0, 0, 1, 1, 2, 2, 0x61, 1]);
  const batch = { first: 7, last: 7, count: 1, firstTimestamp: 0, appendedAt: undefined, records };
  expect(readRecords(batch, 't', 0)).toMatchObject([
    { offset: 7, key: undefined, value: new Uint8Array(), headers: { a: new Uint8Array() } },
  ]);
});

test('where the broker stamps, its stamp counts', async () => {
  const batch = open(split(await packed([{ offsetDelta: 0, timestampDelta: 5 }]))[0] ?? expect.fail('no batch'));
  expect(readRecords({ ...batch, appendedAt: 42 }, 't', 0)[0]?.receivedAt.getTime()).toBe(42);
});

import avro from 'avsc';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { container, long } from '../../services/codec/container.ts';
import { frame, unframe } from '../../services/codec/wire.ts';

const type = avro.Type.forSchema({
  type: 'record',
  name: 'Row',
  fields: [
    { name: 'a', type: 'string' },
    { name: 'b', type: 'long' },
  ],
});

/** avsc flips the sign of what is below -2^52 and refuses 2^53 - 1; compose lets neither through. */
const longs = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });

test('datums put end to end read back as the rows they were', async () => {
  const rows = fc.array(fc.record({ a: fc.string(), b: longs }), { maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(rows, async (list) => {
      const file = container(
        JSON.stringify(type.schema()),
        list.map((row) => type.toBuffer(row)),
      );
      expect(await readBack(file)).toEqual(list);
    }),
    { numRuns: 50 },
  );
});

test('datums may come in pieces', async () => {
  const datum = type.toBuffer({ a: 'x', b: 1 });
  const pieces = [datum.subarray(0, 1), datum.subarray(1), datum];
  expect(container(JSON.stringify(type.schema()), pieces, 2)).toEqual(
    container(JSON.stringify(type.schema()), [datum, datum]),
  );
});

test('the same datums give the same bytes', () => {
  const datum = type.toBuffer({ a: 'x', b: 1 });
  const schema = JSON.stringify(type.schema());
  expect(container(schema, [datum])).toEqual(container(schema, [datum]));
});

test('long is Avro long', () => {
  const avroLong = avro.Type.forSchema('long');
  fc.assert(
    fc.property(longs, (value) => {
      expect(long(value)).toEqual(avroLong.toBuffer(value));
    }),
  );
});

test('the wire header reads back and other bytes do not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.uint8Array(), (id, body) => {
      const framed = unframe(frame(id, [body]));
      expect(framed?.schemaId).toBe(id);
      expect(Buffer.from(framed?.body ?? [])).toEqual(Buffer.from(body));
    }),
  );
  expect(unframe(Buffer.from('{"a":1}'))).toBeUndefined();
  expect(unframe(Buffer.of(0, 0, 0))).toBeUndefined();
});

function readBack(file: Buffer): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const rows: unknown[] = [];
    const decoder = new avro.streams.BlockDecoder();
    decoder.on('data', (row) => rows.push({ ...row }));
    decoder.on('error', reject);
    decoder.on('end', () => resolve(rows));
    decoder.end(file);
  });
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openContentWriter } from '../../services/codec/content-writer.ts';
import { commit } from '../../services/codec/event.ts';
import { content as codec } from '../../services/codec/records.ts';

const writer = openContentWriter();
const text = fc.string({ unit: 'binary', maxLength: 30 });
const heading = fc.record({
  event_id: fc.uuid(),
  origin_epoch: fc.nat(255),
  origin_topic: text,
  origin_partition: fc.nat(65_535),
  origin_offset: fc.nat(),
  origin_ordinal: fc.nat(2 ** 24 - 1),
  occurred_at: fc.nat(2 ** 50),
  retention_class: text,
  retention_bucket: fc.nat(40_000),
  retain_until: fc.nat(2 ** 50),
  content_salt: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
});
/** On either side of a length that takes another byte, too. */
const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(63, 64, 8_191, 8_192, 1_048_575, 1_048_576).map((length) => 'w'.repeat(length)),
);

test('writes what avsc writes, and the commitment to it', () => {
  fc.assert(
    fc.property(heading, words, fc.uint8Array({ maxLength: 100 }), text, (head, content, sealed, key_id) => {
      const said = writer.begin(head, content);
      expect(said.commitment).toEqual(commit(head.content_salt, Buffer.from(content)));
      expect(said.bytes).toBe(Buffer.byteLength(content));
      const datum = writer.end(sealed, key_id);
      const twin = { ...head, content, sealed: Buffer.from(sealed), key_id, content_commitment: said.commitment };
      expect(datum.equals(codec.encode(twin))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a datum that was begun and left leaves nothing behind', () => {
  const head = fc.sample(heading, { numRuns: 1, seed: 1 })[0];
  if (head === undefined) throw new Error('no sample');
  writer.begin(head, 'left');
  writer.begin(head, 'kept');
  const datum = writer.end(Buffer.alloc(0), '');
  expect(codec.decode(datum)).toMatchObject({ content: 'kept', sealed: Buffer.alloc(0), key_id: '' });
});

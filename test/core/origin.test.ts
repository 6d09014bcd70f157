import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventId, isBeyond, readEventId, topicNumber } from '../../services/core/origin.ts';

const origins = fc.record({
  epoch: fc.integer({ min: 0, max: 255 }),
  topic: fc.constantFrom('gateway.events', 'mcp.events', 'endpoint.events'),
  partition: fc.integer({ min: 0, max: 65_535 }),
  offset: fc.maxSafeNat(),
  ordinal: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
});

test('an event id is a UUIDv8 that reads back as its origin', () => {
  fc.assert(
    fc.property(origins, (origin) => {
      const id = eventId(origin);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const { topic, ...rest } = origin;
      expect(readEventId(id)).toEqual({ ...rest, topicNumber: topicNumber(topic) });
    }),
  );
});

test('within a partition ids sort as their origins do', () => {
  fc.assert(
    fc.property(origins, fc.maxSafeNat(), (origin, offset) => {
      const other = { ...origin, offset };
      if (origin.offset === offset) return;
      expect(eventId(origin) < eventId(other)).toBe(origin.offset < offset);
    }),
  );
});

test.each([
  [{ epoch: 256 }, 'epoch 256'],
  [{ partition: 65_536 }, 'partition 65536'],
  [{ ordinal: 2 ** 24 }, 'ordinal 16777216'],
  [{ offset: 2 ** 53 }, 'offset 9007199254740992'],
  [{ offset: -1 }, 'offset -1'],
])('%o does not fit', (part, words) => {
  const origin = { epoch: 0, topic: 't', partition: 0, offset: 0, ordinal: 0, ...part };
  expect(() => eventId(origin)).toThrow(words);
});

test('other ids do not read back', () => {
  expect(readEventId('0190a5f4-7c9e-7cc0-9f3a-4f2d6d0f5a11')).toBeUndefined();
  expect(readEventId('nonsense')).toBeUndefined();
});

test('a watermark takes each event once', () => {
  expect(isBeyond({ offset: 3, ordinal: 0 }, undefined)).toBe(true);
  expect(isBeyond({ offset: 3, ordinal: 1 }, { offset: 3, ordinal: 0 })).toBe(true);
  expect(isBeyond({ offset: 3, ordinal: 0 }, { offset: 3, ordinal: 0 })).toBe(false);
  expect(isBeyond({ offset: 2, ordinal: 9 }, { offset: 3, ordinal: 0 })).toBe(false);
});

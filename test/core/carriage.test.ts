import fc from 'fast-check';
import { expect, test } from 'vitest';
import { carry, readCarriage } from '../../services/core/carriage.ts';

const entries = fc.array(
  fc.record({
    offset: fc.maxSafeNat(),
    ordinal: fc.nat(),
    count: fc.nat(),
    bytes: fc.nat(),
    part: fc.stringMatching(/^[a-z0-9+]{1,12}\/\d{8}$/),
  }),
  { minLength: 1, maxLength: 20 },
);

test('headers read back as they were carried', () => {
  fc.assert(
    fc.property(entries, (list) => {
      const headers = carry({ epoch: 2, topic: 'mcp.events', partition: 7 }, list);
      expect(readCarriage(headers)).toEqual({ lineage: '2/mcp.events/7', entries: list });
    }),
  );
});

test('headers that are not ours are told apart', () => {
  const origin = Buffer.from('0/t/0');
  expect(readCarriage({})).toBeUndefined();
  expect(readCarriage({ origin })).toBeUndefined();
  for (const index of ['', '1:2:3', '1:2:3:x:a/20260101', '-1:0:1:5:a/20260101', '1.5:0:1:5:a/20260101'])
    expect(readCarriage({ origin, index: Buffer.from(index) })).toBeUndefined();
});

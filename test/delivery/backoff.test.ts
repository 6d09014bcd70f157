import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reasonOf, restMs } from '../../services/delivery/backoff.ts';

const busy = { kind: 'retry', reason: 'HTTP 503' } as const;
const setbacks = fc.integer({ min: 1, max: 10_000 });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('after a retry', () => {
  test('the longest rests double from half a second to a minute', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 9, 2_000].map((count) => restMs(busy, count, () => 1));
    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test('chance chooses any rest up to that', () => {
    fc.assert(
      fc.property(setbacks, chance, (count, random) => {
        expect(restMs(busy, count, () => random)).toBeCloseTo(random * restMs(busy, count, () => 1), 6);
      }),
    );
  });

  test('never shorter than the receiver said, up to an hour', () => {
    fc.assert(
      fc.property(setbacks, chance, fc.nat({ max: 10 ** 9 }), (count, random, afterMs) => {
        const rest = restMs({ ...busy, afterMs }, count, () => random);
        expect(rest).toBeGreaterThanOrEqual(Math.min(afterMs, 3_600_000));
        expect(rest).toBeLessThanOrEqual(3_660_000);
      }),
    );
  });

  test('a wait of days is noted', () => {
    expect(reasonOf({ ...busy, afterMs: 172_800_000 })).toBe(
      'HTTP 503; asks to wait 172800 s, is tried again after 3600 s',
    );
    expect(reasonOf({ ...busy, afterMs: 3_600_000 })).toBe('HTTP 503');
  });
});

test('parked, a lane looks after 5 s, then ever more seldom, at least once a minute', () => {
  const rests = [1, 2, 3, 4, 5, 6, 2_000].map((count) => restMs({ kind: 'parked', reason: '' }, count, () => 0));
  expect(rests).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
});

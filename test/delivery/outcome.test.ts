import { expect, test } from 'vitest';
import type { Delivery } from '../../services/core/sink.ts';
import { outcome } from '../../services/delivery/outcome.ts';
import { offsets, parcels } from './parcels.ts';

const batch = (count: number) => parcels(count);

/** Of a batch at offsets 7, 10, 13 and so on: what ended as what and why, and what is sent again. */
function told(answer: Delivery, count: number) {
  const { ended, again } = outcome(answer, batch(count));
  for (const { offset, event_id, outcome } of ended)
    expect(event_id).toBe(outcome === 'delivered' ? '' : `0/${offset}`);
  return { ended: ended.map((one) => [one.offset, one.outcome, one.reason]), again: again.map(offsets) };
}

test('delivered: all ended there', () => {
  expect(told({ kind: 'delivered' }, 2)).toEqual({
    ended: [
      [7, 'delivered', ''],
      [10, 'delivered', ''],
    ],
    again: [],
  });
});

test.each<Delivery>([
  { kind: 'retry', reason: 'HTTP 503' },
  { kind: 'parked', reason: 'HTTP 401' },
])('$kind: no event is touched, the same batch goes again', (answer) => {
  expect(told(answer, 3)).toEqual({ ended: [], again: [[7, 10, 13]] });
});

test('refused: halved', () => {
  expect(told({ kind: 'refused', reason: 'HTTP 400' }, 3)).toEqual({ ended: [], again: [[7, 10], [13]] });
});

test('refused: an event that stands alone is buried', () => {
  expect(told({ kind: 'refused', reason: 'HTTP 400' }, 1)).toEqual({ ended: [[7, 'buried', 'HTTP 400']], again: [] });
});

test('partial: buried, diverted, delivered, and the rest again', () => {
  const refused = [{ index: 1, reason: 'line too long' }];
  const diverted = [{ index: 0, reason: 'too old' }];
  expect(told({ kind: 'partial', refused, diverted, resendFrom: 3 }, 5)).toEqual({
    ended: [
      [7, 'diverted', 'too old'],
      [10, 'buried', 'line too long'],
      [13, 'delivered', ''],
    ],
    again: [[16, 19]],
  });
});

test('partial: without resendFrom the rest is delivered', () => {
  expect(told({ kind: 'partial', refused: [{ index: 0, reason: 'bad' }] }, 2)).toEqual({
    ended: [
      [7, 'buried', 'bad'],
      [10, 'delivered', ''],
    ],
    again: [],
  });
});

test('uncertain: every event is, for none can be claimed', () => {
  const reason = 'partial success (1 of 2 were turned down, not said which)';
  expect(told({ kind: 'uncertain', count: 1, reason: 'partial success' }, 2)).toEqual({
    ended: [
      [7, 'uncertain', reason],
      [10, 'uncertain', reason],
    ],
    again: [],
  });
});

test.each([1, 2])('uncertain: where all were turned down (%i of 1) each is known to be', (count) => {
  expect(told({ kind: 'uncertain', count, reason: 'partial success' }, 1)).toEqual({
    ended: [[7, 'buried', 'partial success']],
    again: [],
  });
});

const one = (index: number) => ({ index, reason: 'bad' });

test.each<[string, Delivery]>([
  ['an index beyond the batch', { kind: 'partial', refused: [one(3)] }],
  ['an index below it', { kind: 'partial', refused: [one(-1)] }],
  ['half an index', { kind: 'partial', refused: [one(0.5)] }],
  ['an index among what is sent again', { kind: 'partial', refused: [one(2)], resendFrom: 2 }],
  ['an index twice', { kind: 'partial', refused: [one(1), one(1)] }],
  ['an index as buried and diverted', { kind: 'partial', refused: [one(1)], diverted: [one(1)] }],
  ['all again, which is no part', { kind: 'partial', refused: [], resendFrom: 0 }],
  ['more again than there is', { kind: 'partial', refused: [], resendFrom: 4 }],
])('a sink that names %s is broken', (_, answer) => {
  expect(() => outcome(answer, batch(3))).toThrow(RangeError);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOf } from '../../services/formats/instant.ts';

const AT = Date.UTC(2026, 2, 4, 9, 15, 30) * 1000;

test.each([
  ['2026-03-04T09:15:30Z', AT, true],
  ['2026-03-04t09:15:30.5z', AT + 500_000, true],
  ['2026-03-04T09:15:30.123456Z', AT + 123_456, true],
  ['2026-03-04T09:15:30.123456000Z', AT + 123_456, true],
  ['2026-03-04T09:15:30.123456789Z', AT + 123_456, false],
  ['2026-03-04T10:15:30+01:00', AT, false],
  ['2026-03-04T09:15:30+00:00', AT, true],
  ['2026-03-04T09:15:30.000001', AT + 1, true],
  ['2026-03-04 09:15:30', AT, true],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29) * 1000, true],
])('%s', (text, micros, exact) => expect(instantOf(text)).toEqual({ micros, exact }));

test.each([
  '',
  'yesterday',
  '2026-03-04',
  '2026-02-29T00:00:00Z',
  '2026-02-31T00:00:00Z',
  '2026-03-04T24:00:01Z',
  '2026-03-04T09:15:60Z',
  '2026-03-04T09:15:30.1234567890Z',
  '0001-01-01T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '2200-01-01T00:00:00Z',
  '+010000-01-01T00:00:00Z',
])('%s is no instant', (text) => expect(instantOf(text)).toBeUndefined());

test('an exact one can be had back', () => {
  const time = fc.date({ min: new Date('1970-01-01'), max: new Date('2199-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(time, fc.nat(999), (date, micros) => {
      const text = date.toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`);
      expect(instantOf(text)).toEqual({ micros: date.getTime() * 1000 + micros, exact: true });
    }),
  );
});

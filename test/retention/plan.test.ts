import { expect, test } from 'vitest';
import { moveOf, untilNextPass } from '../../services/retention/plan.ts';

const at = (iso: string) => Date.parse(iso) * 1000;
const span = { firstDue: at('2026-04-01T00:00:00Z'), lastDue: at('2026-04-01T23:59:59Z') };

test.each([
  ['2026-03-31T21:59:59Z', 'rests'],
  ['2026-03-31T22:00:00Z', 'aside'],
  ['2026-04-01T23:59:58Z', 'aside'],
  ['2026-04-01T23:59:59Z', 'leaves'],
])('at %s a day %s', (now, expected) => expect(moveOf(span, at(now))).toBe(expected));

test('passes begin at full hours', () => {
  expect(untilNextPass(Date.parse('2026-04-01T10:59:59.990Z'))).toBe(10);
  expect(untilNextPass(Date.parse('2026-04-01T11:00:00Z'))).toBe(3_600_000);
});

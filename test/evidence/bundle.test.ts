import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { built, checked, site, temporary } from '../support/evidence.ts';

const folder = temporary();
afterAll(() => rmSync(folder, { recursive: true }));

test('a bundle verifies, and is the same bytes the next time', async () => {
  const { parts } = await site(300, { erased: [5], due: [7] });
  const [one, two] = [await built(join(folder, 'one.zip'), parts), await built(join(folder, 'two.zip'), parts)];
  expect(readFileSync(one).equals(readFileSync(two))).toBe(true);
  const report = await checked(one);
  expect(report.problems).toEqual([]);
  expect(report).toMatchObject({ verdict: 'genuine', pinned: false, counted: { events: 299, erased: 1 } });
});

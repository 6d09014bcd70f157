import { expect, test } from 'vitest';
import { hunt, sweep } from './run.ts';
import { runSeed } from './seed.ts';

const LONG = { timeout: 600_000 };
const SEEDS = 2_000;

test('promises 1 to 3 hold in every seed', LONG, async () => {
  expect((await sweep(1, SEEDS)).broken).toEqual([]);
});

test('the same seed gives the same story', async () => {
  for (const seed of [3, 4, 5]) expect(await runSeed(seed, true)).toEqual(await runSeed(seed, true));
});

test('every bug that is planted is found', LONG, async () => {
  const hunted = await hunt(SEEDS);
  expect(hunted.length).toBeGreaterThan(10);
  expect(hunted.filter(({ broken }) => broken === undefined)).toEqual([]);
});

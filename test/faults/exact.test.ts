import { expect, test } from 'vitest';
import { runs } from './runs.ts';

/** Short here; `npm run prove -- exact` does the same with 200 kills. A pause outlives Kafka's session of 30 s. */
const KILLS = 15;
const PAUSE_MS = 90_000;

test.concurrent.each(runs(KILLS, PAUSE_MS))('$name: nothing lost, nothing twice, nothing invented', async ({ run }) => {
  const { produced, lost, twice, invented } = await run();
  expect(produced).toBeGreaterThan(100);
  expect({ lost: lost.slice(0, 5), twice: twice.slice(0, 5), invented: invented.slice(0, 5) }).toEqual({
    lost: [],
    twice: [],
    invented: [],
  });
});

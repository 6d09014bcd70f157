import { test } from 'vitest';
import { KafkaMissing, runs } from './runs.ts';

/** Short here; `npm run prove -- exact` does the same with 200 kills. A pause outlives Kafka's session of 30 s. */
const KILLS = 15;
const PAUSE_MS = 90_000;

const title = '$name: nothing lost, nothing twice, nothing invented';

test.concurrent.for(runs(KILLS, PAUSE_MS))(title, async ({ run }, { expect, skip }) => {
  const finding = await run().catch((error: unknown) => {
    if (!(error instanceof KafkaMissing)) throw error;
    return skip(error.message);
  });
  const { produced, lost, twice, invented } = finding;
  expect(produced).toBeGreaterThan(100);
  expect({ lost: lost.slice(0, 5), twice: twice.slice(0, 5), invented: invented.slice(0, 5) }).toEqual({
    lost: [],
    twice: [],
    invented: [],
  });
});

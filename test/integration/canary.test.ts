import { beforeAll, expect, test } from 'vitest';
import { BREEDS } from '../support/canaries.ts';
import { sorted } from '../support/canary/open.ts';
import { type CanaryRun, canaryRun } from '../support/canary/run.ts';

/** Secrets and people's data in every place a message has, and then nowhere: `npm run prove -- canary` is the whole of it. */

let found: CanaryRun;

beforeAll(async () => {
  found = await canaryRun({ rounds: 1, every: 2, seed: 20_261_121 });
}, 600_000);

test('the run is what it says: every format, every kind, every receiver, and a search that sees', () => {
  const { formats, kinds, inRawTopics, sent, received, searched } = found;
  expect(formats).toBe(13);
  expect(kinds).toBe(new Set(BREEDS.map(({ kind }) => kind)).size);
  expect(inRawTopics).toBe(sent);
  for (const [receiver, events] of received) expect(events, receiver).toBeGreaterThan(500);
  for (const [place, count] of Object.entries(searched)) expect(count, place).toBeGreaterThan(50);
});

test('no canary is anywhere but in the raw topics', () => {
  const { fresh, known } = sorted(found.leaks);
  for (const [name, canaries] of known) if (canaries > 0) console.warn(`STILL OPEN, ${canaries} canaries: ${name}`);
  expect(fresh).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { exportKills } from './export-kills.ts';
import { laneUnderFaults } from './lanes.ts';
import { KafkaMissing } from './runs.ts';
import { stands } from './stands.ts';

/** Short here; `npm run prove -- receivers` does the same with 500 faults. */
const FAULTS = 40;
const KILLS = 4;

describe.each(stands.map((stand) => ({ name: stand.kind.name, stand })))('$name', ({ stand }) => {
  test.for([1, 2])('misbehaves, and lanes die: nothing lost, nothing told that is not so (seed %i)', async (seed) => {
    const { events, lost, lied } = await laneUnderFaults(stand, FAULTS, seed);
    expect(events).toBe(FAULTS * 40);
    expect({ lost, lied }).toEqual({ lost: [], lied: [] });
  });
});

test.concurrent('kill -9 of export, with a lane to every receiver', async ({ skip }) => {
  const found = await exportKills(KILLS, 7).catch((error: unknown) => {
    if (!(error instanceof KafkaMissing)) throw error;
    return skip(error.message);
  });
  for (const one of found) {
    expect(one.stored).toBeGreaterThan(100);
    expect(one).toMatchObject({ lost: 0, lied: 0 });
  }
});

import { expect, test } from 'vitest';
import { silent } from '../../../services/core/logger.ts';
import type { LaneState } from '../../../services/delivery/dispatch.ts';
import type { Lane } from '../../../services/processes/export/lane.ts';
import { reportLane } from '../../../services/processes/export/report.ts';
import { fakeClock } from '../../support/clock.ts';

interface Moment {
  readonly state?: LaneState;
  readonly waitingSince?: Date;
  readonly buried?: number;
}

/** The alarms of a lane that stands as told, look by look. */
async function alarms(moments: readonly Moment[]): Promise<readonly string[]> {
  const clock = fakeClock();
  let looks = -1;
  const stop = new AbortController();
  const lane: Lane = {
    run: async () => {},
    shifts: () => new Map(),
    waiting: () => [moments[looks]?.waitingSince ?? []].flat(),
    dispatcher: {
      dispatch: async () => {},
      state: () => moments[looks]?.state ?? { kind: 'running' },
      pause() {},
      resume() {},
      async close() {},
    },
  };
  const said: string[] = [];
  const looking = {
    now: clock.now,
    async sleep(ms: number, signal: AbortSignal) {
      if (++looks >= moments.length) stop.abort();
      await clock.sleep(ms, signal);
    },
  };
  const parts = { sink: 'siem', lane, clock: looking, logger: silent };
  await reportLane(
    {
      ...parts,
      buriedInRow: () => moments[looks]?.buried ?? 0,
      alarm: async (what, reason) => void said.push(`${what} ${reason}`.trim()),
    },
    stop.signal,
  );
  return said;
}

const since = new Date('2026-01-15T08:00:00Z');

test('a parked lane is told once, and that it runs again', async () => {
  const parked: Moment = { state: { kind: 'parked', since, reason: 'HTTP 401' } };
  expect(await alarms([{}, parked, parked, {}, {}])).toEqual(['lane parked HTTP 401', 'lane runs again']);
});

test('what waits for too long is told, though no receiver is at fault', async () => {
  expect(await alarms([{ waitingSince: since }, {}])).toEqual(['lane stuck', 'lane runs again']);
});

test('a receiver that takes nothing and refuses everything is told', async () => {
  expect(await alarms([{ buried: 99 }, { buried: 240 }, { buried: 900 }, {}])).toEqual([
    'lane buries 240 events in a row were refused',
    'lane runs again',
  ]);
});

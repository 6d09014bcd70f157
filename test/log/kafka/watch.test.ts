import { expect, test } from 'vitest';
import { openAssignment } from '../../../services/log/kafka/assignment.ts';
import type { Topics } from '../../../services/log/kafka/topics.ts';
import { watch } from '../../../services/log/kafka/watch.ts';
import { fakeClock } from '../../support/clock.ts';

const unused = () => Promise.reject(new Error('not asked here'));

function topics(positions: Topics['positions']): Topics {
  return { positions, create: unused, describe: unused, committed: unused, forget: unused, close: unused };
}

const at = (end: number) => async () => [{ topic: 't', partition: 0, start: 0, end, committed: undefined }];

/** A member at offset 5 of a partition; each look at its fetches counts one more when it is `alive`. */
function member(alive: boolean, isHandling = false) {
  const assignment = openAssignment({ t: [0] });
  for (const lane of assignment.lanes) lane.next = 5;
  let fetches = 0;
  return {
    assignment,
    isHandling,
    get fetches() {
      return alive ? fetches++ : fetches;
    },
  };
}

/** Watches for ten minutes. */
async function outcome(of: ReturnType<typeof member>, positions: Topics['positions']): Promise<string> {
  const clock = fakeClock();
  const until = clock.now().getTime() + 600_000;
  const stop = new AbortController();
  const sleep: typeof clock.sleep = async (ms, signal) => {
    if (clock.now().getTime() > until) stop.abort(new Error('quiet'));
    await clock.sleep(ms, signal);
  };
  const watching = watch(of, topics(positions), 'g', { now: clock.now, sleep }, stop.signal);
  return watching.then(
    () => 'ended',
    (error: unknown) => (error instanceof Error ? error.name : ''),
  );
}

test('a consumer that fetches nothing while the log has more is noticed', async () => {
  expect(await outcome(member(false), at(9))).toBe('FetchStalled');
});

test.each([
  ['one that fetches', member(true), at(9)],
  ['one at the end of the log', member(false), at(5)],
  ['one that waits for its handler', member(false, true), at(9)],
  ['one whose brokers are away', member(false), unused],
])('%s is left alone', async (_, of, positions) => {
  expect(await outcome(of, positions)).toBe('Error');
});

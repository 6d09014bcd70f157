import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openTurns } from '../../services/log/turns.ts';

test('who asks at the same time works in order, each in a round of the event loop of its own', async () => {
  const turn = openTurns();
  const seen: string[] = [];
  const work = ['first', 'second', 'third'].map(async (name) => {
    await turn();
    seen.push(name);
  });
  const rounds: number[] = [];
  while (seen.length < work.length) {
    await setImmediate();
    rounds.push(seen.length);
  }
  await Promise.all(work);
  expect(seen).toEqual(['first', 'second', 'third']);
  expect(rounds.every((count, round) => count - (rounds[round - 1] ?? 0) <= 1)).toBe(true);
});

import { expect, test } from 'vitest';
import { silent } from '../../services/core/logger.ts';
import { supervise } from '../../services/processes/supervise.ts';

const untilStopped = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

test('asked to stop, parts drain and the code is 0', async () => {
  const asked = new AbortController();
  const drained: string[] = [];
  const part = (name: string) => ({
    name,
    async run(signal: AbortSignal) {
      await untilStopped(signal);
      drained.push(name);
    },
  });
  const code = supervise([part('a'), part('b')], silent, asked.signal);
  asked.abort(new Error('SIGTERM'));
  expect(await code).toBe(0);
  expect(drained).toEqual(['a', 'b']);
});

test.each([
  ['breaks', () => Promise.reject(new Error('broken'))],
  ['ends by itself', () => Promise.resolve()],
])('a part that %s stops the others, and the code is 1', async (_, run) => {
  let drained = false;
  const other = {
    name: 'other',
    async run(signal: AbortSignal) {
      await untilStopped(signal);
      drained = true;
    },
  };
  expect(await supervise([{ name: 'part', run }, other], silent, new AbortController().signal)).toBe(1);
  expect(drained).toBe(true);
});

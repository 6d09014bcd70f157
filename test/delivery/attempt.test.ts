import { expect, test } from 'vitest';
import type { Sink } from '../../services/core/sink.ts';
import { attempt } from '../../services/delivery/attempt.ts';
import { event } from '../support/event.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const unasked = new AbortController().signal;
const batch = [event({})];
const hanging = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new TypeError('aborted'))));

const once = (deliver: Sink['deliver'], signal = unasked) => {
  const clock = virtualClock();
  return clock.finish(attempt({ deliver }, batch, 60_000, clock, signal));
};

test('the answer is the answer', async () => {
  const answer = { kind: 'refused', reason: 'HTTP 400' } as const;
  expect(await once(async () => answer)).toBe(answer);
});

test.each<[string, Sink['deliver']]>([
  ['rejects', () => Promise.reject(new TypeError('https://siem.example/?token=hunter2'))],
  [
    'throws',
    () => {
      throw new TypeError('https://siem.example/?token=hunter2');
    },
  ],
])('a sink that %s is read as retry, by the name of the error alone', async (_, deliver) => {
  expect(await once(deliver)).toEqual({ kind: 'retry', reason: 'TypeError' });
});

test("the system's code says more than the class of what was thrown, and quotes nothing", async () => {
  const cause = Object.assign(new Error('connect siem.example hunter2'), { code: 'ECONNREFUSED' });
  const failing = () => Promise.reject(new TypeError('fetch failed', { cause }));
  expect(await once(failing)).toEqual({ kind: 'retry', reason: 'ECONNREFUSED' });
});

test('what is thrown need not be an error', async () => {
  expect(await once(() => Promise.reject('hunter2'))).toEqual({ kind: 'retry', reason: 'unknown error' });
});

test('no answer in time is read as retry, and the request is aborted', async () => {
  const clock = virtualClock();
  const began = clock.now().getTime();
  let asked = unasked;
  const deliver = (_: unknown, signal: AbortSignal) => {
    asked = signal;
    return hanging(signal);
  };
  const answer = await clock.finish(attempt({ deliver }, batch, 60_000, clock, unasked));
  expect(answer).toEqual({ kind: 'retry', reason: 'no answer in time' });
  expect(clock.now().getTime() - began).toBe(60_000);
  expect(asked.aborted).toBe(true);
});

test('an answer leaves the request be, and nobody asleep', async () => {
  const clock = virtualClock();
  const began = clock.now().getTime();
  let asked = unasked;
  await attempt(
    {
      async deliver(_, signal) {
        asked = signal;
        return { kind: 'delivered' };
      },
    },
    batch,
    60_000,
    clock,
    unasked,
  );
  await expect(clock.finish(new Promise(() => {}))).rejects.toThrow('never comes');
  expect(clock.now().getTime()).toBe(began);
  expect(asked.aborted).toBe(false);
});

test.each<[string, Sink['deliver']]>([
  ['hangs', () => new Promise(() => {})],
  ['fails by it', (_, signal) => hanging(signal)],
  ['says retry by it', (_, signal) => hanging(signal).catch(() => ({ kind: 'retry', reason: 'aborted' }))],
])('aborted, it is neither answer nor setback, though the sink %s', async (_, deliver) => {
  const stop = new AbortController();
  const attempted = once(deliver, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(attempted).rejects.toThrow('stopped');
});

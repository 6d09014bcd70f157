import { expect, test } from 'vitest';
import { persist } from '../../../services/clickhouse/archive/persist.ts';
import type { Clock } from '../../../services/core/clock.ts';
import type { Logger } from '../../../services/core/logger.ts';
import { silent } from '../../../services/core/logger.ts';

function patience() {
  const slept: number[] = [];
  const said: unknown[] = [];
  let retries = 0;
  const clock: Clock = { now: () => new Date(0), sleep: async (ms) => void slept.push(ms) };
  const logger: Logger = { ...silent, warn: (fields) => void said.push(fields) };
  return { slept, said, patience: { clock, logger, retried: () => retries++ }, retries: () => retries };
}

test('tries for ever, later and later, and says so', async () => {
  const { slept, said, patience: with_, retries } = patience();
  const attempt = async (number: number) => {
    if (number < 9) throw new Error('no');
    return number;
  };
  expect(await persist('insert', { partition: 3 }, attempt, with_, new AbortController().signal)).toBe(9);
  expect(slept).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  expect(said[0]).toEqual({ partition: 3, what: 'insert', attempt: 1, reason: 'Error' });
  expect(retries()).toBe(8);
});

test('an abort does not wait for an attempt under way', async () => {
  const stopping = new AbortController();
  const never = persist('insert', {}, () => new Promise<void>(() => {}), patience().patience, stopping.signal);
  stopping.abort(new Error('stop'));
  await expect(never).rejects.toThrow('stop');
});

test('an attempt that fails because of the abort is not tried again', async () => {
  const stopping = new AbortController();
  const { slept, patience: with_ } = patience();
  const attempt = async () => {
    stopping.abort(new Error('stop'));
    throw new Error('socket closed');
  };
  await expect(persist('insert', {}, attempt, with_, stopping.signal)).rejects.toThrow('stop');
  expect(slept).toEqual([]);
});

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

test.each([
  [new TypeError('prompt: my password is'), 'TypeError'],
  [Object.assign(new Error('rows: …'), { name: 'ClickHouseFailure', code: 117 }), 'ClickHouseFailure 117'],
  [
    new Error('outer', { cause: Object.assign(new Error('inner'), { code: 'ENOSPC' }) }),
    'Error, caused by Error ENOSPC',
  ],
  [
    Object.assign(new Error('audit.events/0 at offset 7'), { name: 'LaneStopped' }),
    'LaneStopped: audit.events/0 at offset 7',
  ],
])('of %o the log tells %j', async (error, told) => {
  const lines: unknown[] = [];
  const logger = { ...silent, error: (fields: object) => void lines.push(fields) };
  await supervise([{ name: 'part', run: () => Promise.reject(error) }], logger, new AbortController().signal);
  expect(lines).toEqual([{ part: 'part', error: told }]);
});

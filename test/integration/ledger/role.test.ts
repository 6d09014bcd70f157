import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askForCheckpoint } from '../../../services/console/checkpoint.ts';
import type { Clock } from '../../../services/core/clock.ts';
import { silent } from '../../../services/core/logger.ts';
import { systemClock } from '../../../services/processes/clock.ts';
import { type SealRole, seal } from '../../../services/processes/seal/index.ts';
import type { SealParts } from '../../../services/processes/seal/parts.ts';
import { grantWishes } from '../../../services/processes/seal/wishes.ts';
import { openPipeline, type Pipeline } from '../../support/pipeline.ts';
import { sealOnce, sealParts } from '../../support/sealing.ts';

/** The role as an operator has it: directories that are away, clocks that are set, two of it at once. */

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await openPipeline('seal-role');
});
afterAll(() => pipeline.close());

let sent = 0;
async function send(): Promise<void> {
  const act = { time: '2026-07-01T10:00:00Z', action: 'tool.call', outcome: 'success' };
  await pipeline.send('endpoint.events', [{ trailhouse: 1, id: `call-${sent++}`, ...act }]);
  await pipeline.settled();
}

/** Waits pass at once, or as long as a test has it. */
const hurried = (now: () => Date): Clock => ({ now, sleep: (_, signal) => systemClock.sleep(10, signal) });

function own(name: string, more: Partial<SealParts> = {}): SealParts {
  return { ...sealParts(pipeline, name), outside: join(pipeline.folder, `${name}-outside`), ...more };
}

const opened = (parts: SealParts, owner: string): SealRole =>
  seal({ ...parts, writer: pipeline.clickhouse.writer, intervalMs: 60_000, owner });

async function during(role: SealRole, work: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const running = role.run(stop.signal);
  try {
    await work();
  } finally {
    stop.abort();
    await running;
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await systemClock.sleep(20, new AbortController().signal);
}

test('an outside that is not mounted is named, and not made on this machine', async () => {
  const said: string[] = [];
  const logger = { ...silent, error: (fields: object) => void said.push(JSON.stringify(fields)) };
  const begun = Date.now();
  const parts = own('unmounted', { logger, clock: hurried(() => new Date(begun + (Date.now() - begun) * 10_000)) });
  await send();
  await during(opened(parts, 'role/one'), async () => {
    await until(() => said.length > 0);
    expect(said[0]).toContain(`there is no directory ${parts.outside}`);
    expect(() => readdirSync(parts.outside ?? '')).toThrow('ENOENT');
    mkdirSync(parts.outside ?? '');
    await until(() => checkpoints(parts.outside).length > 0);
  });
});

const checkpoints = (folder = ''): readonly string[] =>
  existsSync(join(folder, '0')) ? readdirSync(join(folder, '0')).filter((name) => name.endsWith('.checkpoint')) : [];

test('checkpoints that were signed while nothing was named outside, or it was away, are put there', async () => {
  const parts = own('late');
  await sealOnce({ ...parts, outside: undefined });
  await send();
  await sealOnce({ ...parts, outside: undefined });
  expect(checkpoints(parts.outside)).toEqual([]);
  const disk = () => readdirSync(join(parts.folder, '0', 'checkpoints')).filter((name) => name.endsWith('.checkpoint'));
  await sealOnce(parts);
  expect(disk().length).toBeGreaterThan(1);
  expect(checkpoints(parts.outside)).toEqual(disk());
  rmSync(join(parts.outside ?? '', '0', disk()[0] ?? ''));
  await sealOnce(parts);
  expect(checkpoints(parts.outside)).toEqual(disk());
});

test('a clock that was set back by a day keeps nobody from signing', async () => {
  let now = Date.now() + 86_400_000;
  const parts = own('clock', { clock: hurried(() => new Date(now)) });
  mkdirSync(parts.outside ?? '');
  const role = opened(parts, 'role/one');
  await during(role, async () => {
    await until(() => role.isAtWork());
    await send();
    now -= 86_400_000;
    await until(() => (role.standing()[0]?.size ?? 0) > 0);
  });
});

test('the socket is that of the process that seals, whoever else waits to', async () => {
  const path = join(pipeline.folder, 'sealer.sock');
  const standing = (isAtWork: () => boolean, reason: string) => ({
    isAtWork,
    signNow: async () => ({ kind: 'refused', reason }) as const,
  });
  const clock = hurried(() => new Date());
  const [stopFirst, stop] = [new AbortController(), new AbortController()];
  const first = grantWishes(
    path,
    standing(() => true, 'first'),
    clock,
    stopFirst.signal,
  );
  const asked = async () => {
    const answer = await askForCheckpoint(path, AbortSignal.timeout(5_000));
    return answer.kind === 'refused' ? answer.reason : '';
  };
  while ((await asked()) !== 'first') await systemClock.sleep(10, stop.signal);
  let hasLease = false;
  const second = grantWishes(
    path,
    standing(() => hasLease, 'second'),
    clock,
    stop.signal,
  );
  const third = grantWishes(
    path,
    standing(() => true, 'third'),
    clock,
    stop.signal,
  );
  await systemClock.sleep(100, stop.signal);
  expect(await asked()).toBe('first');
  stopFirst.abort();
  await first;
  while ((await asked()) !== 'third') await systemClock.sleep(10, stop.signal);
  hasLease = true;
  await systemClock.sleep(100, stop.signal);
  expect(await asked()).toBe('third');
  stop.abort();
  await Promise.all([second, third]);
});

import { describe, expect, test } from 'vitest';
import { ClickHouseFailure } from '../../services/clickhouse/failure.ts';
import type { Log } from '../../services/core/log.ts';
import { silent } from '../../services/core/logger.ts';
import type { Store } from '../../services/core/store.ts';
import { type Control, followControls, writeControl } from '../../services/processes/export/controls.ts';
import { newOperator, type Role } from '../../services/processes/operators.ts';
import { obey } from '../../services/processes/orders.ts';
import { fakeClock } from '../support/clock.ts';
import { memoryLog } from '../support/memory-log.ts';

const clock = fakeClock();
const asker = { id: 'ada', address: '', userAgent: '' };
const replay = { order: 'replay', sink: 'siem', from: 'yesterday', to: '', where: '', ids: [] } as const;

async function desk(store: Store) {
  const log = memoryLog(clock);
  await log.create([
    { name: 'trailhouse.events', partitions: 1, retentionMs: -1 },
    { name: 'trailhouse.controls', partitions: 1, retentionMs: -1 },
  ]);
  return { log, store, clock, sinks: ['siem'], operators: {} };
}

const answering = (failure: ClickHouseFailure | undefined): Store => ({
  rows: () => Promise.reject(new Error('not asked')),
  text: () => (failure === undefined ? Promise.resolve('') : Promise.reject(failure)),
});

test('a replay that ClickHouse could never do is refused before a lane hears of it', async () => {
  const parts = await desk(answering(new ClickHouseFailure('Cannot read DateTime', 41, undefined)));
  expect(await obey(replay, '', asker, parts)).toEqual({
    kind: 'refused',
    reason: '--from, --to, --where: Cannot read DateTime',
  });
  expect((await parts.log.describe('trailhouse.controls'))?.partitions[0]?.end).toBe(0);
  expect((await parts.log.describe('trailhouse.events'))?.partitions[0]?.end).toBe(1);
});

test('one that it can do reaches the lanes, with its id', async () => {
  const parts = await desk(answering(undefined));
  const answer = await obey({ ...replay, from: '2026-01-01' }, '', asker, parts);
  await writeControl(parts.log, { kind: 'pause', sink: 'siem', at: clock.now().toISOString() });
  const heard: Control[] = [];
  const controls = followControls({ ...parts, logger: silent }, (control) => heard.push(control));
  const stop = new AbortController();
  const running = controls.run(stop.signal);
  await controls.caughtUp;
  stop.abort();
  await running;
  expect(heard).toMatchObject([{ kind: 'replay', sink: 'siem', from: '2026-01-01' }, { kind: 'pause' }]);
  expect(answer).toMatchObject({ kind: 'text', text: `${heard[0]?.kind === 'replay' ? heard[0].id : ''}\n` });
});

describe('where operators are configured', () => {
  const made = (role: Role) => {
    const { token, lines } = newOperator('x', role);
    return { token, token_sha256: /[0-9a-f]{64}/.exec(lines)?.[0] ?? '' };
  };
  const [boss, auditor] = [made('administrator'), made('auditor')];
  const operators = {
    boss: { role: 'administrator', token_sha256: boss.token_sha256 },
    ines: { role: 'auditor', token_sha256: auditor.token_sha256 },
  } as const;
  const pause = { order: 'pause', sink: 'siem' } as const;

  test.each([
    ['nobody', '', 'the token is none of theirs'],
    ['somebody who guesses', 'thop_guessed', 'the token is none of theirs'],
    ['an auditor', auditor.token, 'ines is an auditor: this takes an administrator'],
  ])('an order of %s reaches no lane, and is on the trail', async (_, token, reason) => {
    const parts = { ...(await desk(answering(undefined))), operators };
    expect(await obey(pause, token, asker, parts)).toEqual({
      kind: 'refused',
      reason: expect.stringContaining(reason),
    });
    expect((await parts.log.describe('trailhouse.controls'))?.partitions[0]?.end).toBe(0);
    expect(await acts(parts.log)).toMatchObject([{ outcome: 'denied' }]);
  });

  test('one of an administrator does, under their name', async () => {
    const parts = { ...(await desk(answering(undefined))), operators };
    expect(await obey(pause, boss.token, asker, parts)).toMatchObject({ kind: 'text' });
    expect((await parts.log.describe('trailhouse.controls'))?.partitions[0]?.end).toBe(1);
    expect(await acts(parts.log)).toMatchObject([
      { outcome: 'success', actor: { id: 'boss' }, attributes: { account: 'ada' } },
    ]);
  });
});

test('what is kept beyond its deadline is sent to nobody', async () => {
  const id = '00ddce00-0000-8000-8000-0000000000a1';
  const store: Store = { ...answering(undefined), rows: async () => [{ id }] };
  const order = { ...replay, from: '2026-01-01', ids: [id] };
  expect(await obey(order, '', asker, await desk(store))).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining(`the time of ${id} has run`),
  });
});

async function acts(log: Log): Promise<readonly unknown[]> {
  const found: string[] = [];
  await log.read('trailhouse.events', 0, ({ records }) =>
    found.push(...records.map(({ value }) => Buffer.from(value).toString())),
  );
  return found.map((text): unknown => JSON.parse(text));
}

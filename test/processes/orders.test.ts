import { expect, test } from 'vitest';
import { ClickHouseFailure } from '../../services/clickhouse/failure.ts';
import { silent } from '../../services/core/logger.ts';
import type { Store } from '../../services/core/store.ts';
import { type Control, followControls, writeControl } from '../../services/processes/export/controls.ts';
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
  return { log, store, clock, sinks: ['siem'] };
}

const answering = (failure: ClickHouseFailure | undefined): Store => ({
  rows: () => Promise.reject(new Error('not asked')),
  text: () => (failure === undefined ? Promise.resolve('') : Promise.reject(failure)),
});

test('a replay that ClickHouse could never do is refused before a lane hears of it', async () => {
  const parts = await desk(answering(new ClickHouseFailure('Cannot read DateTime', 41, undefined)));
  expect(await obey(replay, asker, parts)).toEqual({
    kind: 'refused',
    reason: '--from, --to, --where: Cannot read DateTime',
  });
  expect((await parts.log.describe('trailhouse.controls'))?.partitions[0]?.end).toBe(0);
  expect((await parts.log.describe('trailhouse.events'))?.partitions[0]?.end).toBe(1);
});

test('one that it can do reaches the lanes, with its id', async () => {
  const parts = await desk(answering(undefined));
  const answer = await obey({ ...replay, from: '2026-01-01' }, asker, parts);
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

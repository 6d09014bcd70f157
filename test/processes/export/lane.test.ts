import { beforeEach, expect, test } from 'vitest';
import type { Dispatcher } from '../../../services/delivery/dispatch.ts';
import { storedItem } from '../../../services/processes/export/items.ts';
import { exportLane, type Lane, type LaneParts } from '../../../services/processes/export/lane.ts';
import { onTopic, receipts } from '../../support/audit-topic.ts';
import type { MemoryLog } from '../../support/memory-log.ts';
import { fillTopic, ids, numbered, openTopics, partsOn, receiver, runUntil } from './lanes.ts';

let log: MemoryLog;

beforeEach(async () => {
  log = await openTopics();
});

const fill = (count: number) => fillTopic(log, count);
const partsOf = (dispatcher: Dispatcher) => partsOn(log, dispatcher);
const runTo = (offset: number, running: Lane) => runUntil(log, offset, running);

function lane(dispatcher: Dispatcher, more: Partial<LaneParts> = {}) {
  return exportLane({ ...partsOf(dispatcher), ...more });
}

test('every event is delivered once, and receipts cover the offsets without a gap', async () => {
  await fill(25);
  const { got, dispatcher } = receiver();
  await runTo(25, lane(dispatcher));
  expect(got).toEqual(ids(0, 25));
  let reached = 0;
  for (const { first, next, delivered } of await receipts(log)) {
    expect([first, delivered]).toEqual([reached, next - first]);
    reached = next;
  }
  expect(reached).toBe(25);
});

test('a lane that died within a batch goes on behind its last receipt', async () => {
  await fill(10);
  await runTo(4, lane(receiver(4).dispatcher));
  const { got, dispatcher } = receiver();
  await runTo(10, lane(dispatcher));
  expect(got).toEqual(ids(4, 10));
});

test('a copy of an event is dropped and told as such, also after a restart', async () => {
  await fill(4);
  await runTo(4, lane(receiver().dispatcher));
  await log.append(
    'audit.events',
    0,
    [2, 3, 4].map((offset) => onTopic(numbered(offset))),
  );
  const { got, dispatcher } = receiver();
  await runTo(7, lane(dispatcher));
  expect(got).toEqual(['e4']);
  expect((await receipts(log)).at(-1)).toMatchObject({ first: 4, next: 7, delivered: 1, redelivered: 2 });
});

test('what a filter leaves out is told as filtered, with the reason', async () => {
  await log.append(
    'audit.events',
    0,
    [0, 1, 2].map((offset) => onTopic(numbered(offset, { surface: offset === 1 ? 'cli' : 'web' }))),
  );
  const { got, dispatcher } = receiver();
  await runTo(3, lane(dispatcher, { leftOut: ({ surface }) => (surface === 'cli' ? undefined : 'surface') }));
  expect(got).toEqual(['e1']);
  const told = (await receipts(log)).flatMap(({ exceptions }) => exceptions);
  expect(told.map(({ offset, outcome, reason }) => [offset, outcome, reason])).toEqual([
    [0, 'filtered', 'surface'],
    [2, 'filtered', 'surface'],
  ]);
});

test('what the topic no longer holds comes from the store, in order', async () => {
  await fill(30);
  await runTo(10, lane(receiver(10).dispatcher));
  log.truncate('audit.events', 0, 20);
  const pages: number[][] = [];
  const { got, dispatcher } = receiver();
  const shelf: LaneParts['shelf'] = {
    settledTo: async () => undefined,
    marksBefore: async () => new Map(),
    async page(_, from, before) {
      const next = Math.min(from + 4, before);
      pages.push([from, next]);
      const items = [];
      for (let offset = from; offset < next; offset++)
        if (offset !== 13) items.push(storedItem(offset, numbered(offset)));
      return { items, next };
    },
  };
  await runTo(30, lane(dispatcher, { shelf }));
  expect(pages.at(-1)?.[1]).toBe(20);
  expect(got).toEqual(ids(10, 30).filter((id) => id !== 'e13'));
  const absent = (await receipts(log)).flatMap(({ exceptions }) => exceptions);
  expect(absent).toMatchObject([{ offset: 13, count: 1, outcome: 'absent' }]);
});

test('an offset an operator set is where the lane begins, whatever its receipts say', async () => {
  await fill(6);
  await runTo(6, lane(receiver().dispatcher));
  const reset: MemoryLog = {
    ...log,
    subscribe: (subscription) =>
      log.subscribe({
        ...subscription,
        resume: async (at, held) =>
          (await subscription.resume?.({ ...at, committed: { offset: 2, metadata: '' } }, held)) ?? 0,
      }),
  };
  const { got, dispatcher } = receiver();
  const stop = new AbortController();
  const running = exportLane({ ...partsOf(dispatcher), log: reset }).run(stop.signal);
  while (got.length < 4) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await running.catch(() => undefined);
  expect(got).toEqual(ids(2, 6));
});

test('without commits and receipts the store remembers where a lane was left', async () => {
  await fill(6);
  const { got, dispatcher } = receiver();
  const shelf = { ...partsOf(dispatcher).shelf, settledTo: async () => 4 };
  await runTo(6, lane(dispatcher, { shelf }));
  expect(got).toEqual(ids(4, 6));
});

test.each([
  ['now', []],
  ['topic', ids(0, 3)],
] as const)('a receiver that was never delivered to begins at: %s', async (from, expected) => {
  await fill(3);
  const { got, dispatcher } = receiver();
  await runTo(3, lane(dispatcher, { from }));
  expect(got).toEqual(expected);
});

test('a record that is not ours stops the lane loudly', async () => {
  await log.append('audit.events', 0, [{ value: Buffer.from('{}') }]);
  await expect(lane(receiver().dispatcher).run(new AbortController().signal)).rejects.toThrow(
    'audit.events/0: the record at 0 has no Confluent wire header',
  );
});

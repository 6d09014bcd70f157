import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loki } from '../../../services/sinks/loki/index.ts';
import type { Fault } from '../../support/receivers/fault.ts';
import { sinkTools } from '../../support/sink-tools.ts';
import { at, finish, ids, NOON, setting, signal } from './setting.ts';

test('what is too old for Loki is diverted alone; its neighbours are delivered', async () => {
  const { receiver, sink } = await setting();
  const old = at('old', -8 * 24 * 60);
  expect(await sink.deliver([at('a', 0), old], signal)).toMatchObject({ kind: 'refused' });
  expect(await finish(sink, [at('a', 0), old])).toEqual({ delivered: ['a'], buried: [], diverted: ['old'] });
  expect(ids(receiver)).toEqual(['a']);
});

test('what is ahead of the clock by more than Loki allows is refused', async () => {
  const { sink } = await setting();
  expect(await finish(sink, [at('a', 0), at('ahead', 60)])).toMatchObject({ delivered: ['a'], buried: ['ahead'] });
});

const REPLAYED = { replay: '1', occurred_hour: '2026-06-15T10' };
/** One request that goes as Loki has it, before what is scripted next. */
const ASIDE: Fault = { kind: 'slow', bytesPerSecond: 1_000_000 };

describe('what its live stream has left behind', () => {
  const behind = at('behind', -61);

  test('is delivered to the stream of replays for its hour', async () => {
    const { receiver, sink } = await setting();
    await sink.deliver([at('new', 0)], signal);
    expect(await sink.deliver([behind], signal)).toEqual({ kind: 'delivered' });
    expect(receiver.accepted().find(({ event_id }) => event_id === 'behind')).toMatchObject({ labels: REPLAYED });
    expect(receiver.requests()).toBe(3);
  });

  test('is once in the stream a replay would put it', async () => {
    const { receiver, sink } = await setting();
    await sink.deliver([at('new', 0)], signal);
    await sink.deliver([behind], signal);
    const replay = loki.open({ url: receiver.url }, sinkTools({ replay: true }));
    expect(await replay.deliver([behind], signal)).toEqual({ kind: 'delivered' });
    expect(ids(receiver)).toEqual(['behind', 'new']);
  });

  test('is found among others of a lane that lags, and none is diverted', async () => {
    const { receiver, sink } = await setting();
    const other = loki.open({ url: receiver.url }, sinkTools());
    const lane = (name: string) => Array.from({ length: 24 }, (_, i) => at(`${name} ${i}`, i * 10 - 240));
    await finish(sink, lane('ahead'));
    expect(await finish(other, lane('lagging'))).toMatchObject({ buried: [], diverted: [] });
    expect(ids(receiver)).toEqual([...lane('ahead'), ...lane('lagging')].map(({ event_id }) => event_id).sort());
    expect(receiver.accepted().filter(({ labels }) => labels.replay === '1')).toHaveLength(17);
  });

  test('is once there when the reply to its second push is lost', async () => {
    const { receiver, sink } = await setting();
    await sink.deliver([at('new', 0)], signal);
    receiver.script(ASIDE);
    receiver.script({ kind: 'reset', when: 'after' });
    await expect(sink.deliver([behind], signal)).rejects.toThrow();
    expect(await sink.deliver([behind], signal)).toEqual({ kind: 'delivered' });
    expect(ids(receiver)).toEqual(['behind', 'new']);
  });

  test('waits with the receiver where that does not take it now', async () => {
    const { receiver, sink } = await setting();
    await sink.deliver([at('new', 0)], signal);
    receiver.script(ASIDE);
    receiver.script({ kind: 'answer', status: 503 });
    expect(await sink.deliver([behind], signal)).toMatchObject({ kind: 'retry', reason: 'HTTP 503' });
  });

  test('is diverted where the stream of replays is ahead as well: without unordered writes', async () => {
    const { receiver, sink } = await setting({ limits: { unordered_writes: false } });
    await sink.deliver([at('new', 3)], signal);
    expect(await sink.deliver([at('b', 2)], signal)).toEqual({ kind: 'delivered' });
    expect(await finish(sink, [at('a', 1)])).toMatchObject({ diverted: ['a'] });
    expect(ids(receiver)).toEqual(['b', 'new']);
  });

  test('of a replay is sent once', async () => {
    const { receiver, sink } = await setting({ limits: { unordered_writes: false } }, {}, { replay: true });
    await sink.deliver([at('new', 1)], signal);
    expect(await finish(sink, [at('a', 0)])).toMatchObject({ diverted: ['a'] });
    expect(receiver.requests()).toBe(2);
  });

  test('is not asked for twice where Loki takes nothing as old in any stream', async () => {
    const { receiver, sink } = await setting();
    expect(await finish(sink, [at('old', -8 * 24 * 60)])).toMatchObject({ diverted: ['old'] });
    expect(receiver.requests()).toBe(1);
  });
});

test('what came late is delivered beside what is new', async () => {
  const { receiver, sink } = await setting();
  const late = at('late', -300, { ingested_at: NOON });
  expect(await sink.deliver([at('new', 0), late], signal)).toEqual({ kind: 'delivered' });
  expect(receiver.accepted().find(({ event_id }) => event_id === 'late')).toMatchObject({
    labels: { replay: '1', occurred_hour: '2026-06-15T07' },
    metadata: { surface: 'cli', outcome: 'success' },
  });
});

test('a replay of days goes in, in any order', async () => {
  const { receiver, sink } = await setting({}, {}, { replay: true });
  const days = Array.from({ length: 60 }, (_, i) => at(`${i}`, -((i * 977) % 8_640)));
  for (const one of days) expect(await sink.deliver([one], signal)).toEqual({ kind: 'delivered' });
  expect(receiver.accepted()).toHaveLength(60);
});

test('a stream that spans more than the window is halved unsent: a lost reply would divert what is stored', async () => {
  const { receiver, sink } = await setting();
  const sparse = [at('a', -150), at('b', -75), at('c', 0)];
  expect(await sink.deliver(sparse, signal)).toMatchObject({ kind: 'refused' });
  expect(receiver.requests()).toBe(0);
  expect(await finish(sink, sparse)).toMatchObject({ delivered: ['a', 'b', 'c'] });
});

test('the receiver holds what counts as delivered and nothing else, through any faults, each event once', async () => {
  const fault = fc.constantFrom<Fault>(
    { kind: 'answer', status: 429, headers: { 'retry-after': '1' } },
    { kind: 'answer', status: 503 },
    { kind: 'answer', status: 260 },
    { kind: 'answer', status: 200 },
    { kind: 'reset', when: 'before' },
    { kind: 'reset', when: 'mid-body' },
    { kind: 'reset', when: 'after' },
  );
  const minutes = fc.integer({ min: -12_000, max: 40 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(minutes, { maxLength: 12 }),
      fc.array(fault, { maxLength: 6 }),
      fc.boolean(),
      async (times, faults, replay) => {
        const { receiver, sink } = await setting({}, {}, { replay });
        for (const one of faults) receiver.script(one);
        const batch = times.toSorted((a, b) => a - b).map((minute, i) => at(`${i}`, minute));

        const ends = batch.length === 0 ? { delivered: [], buried: [], diverted: [] } : await finish(sink, batch);

        expect(ids(receiver)).toEqual([...ends.delivered].sort());
        expect(ends.delivered.length + ends.buried.length + ends.diverted.length).toBe(batch.length);
        await receiver.close();
      },
    ),
    { numRuns: 40 },
  );
});

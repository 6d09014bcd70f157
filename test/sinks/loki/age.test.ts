import fc from 'fast-check';
import { expect, test } from 'vitest';
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

test('what is far behind its stream is diverted, and delivered by a replay', async () => {
  const { receiver, sink } = await setting();
  await sink.deliver([at('new', 0)], signal);
  expect(await finish(sink, [at('behind', -61)])).toMatchObject({ diverted: ['behind'] });
  const replay = loki.open({ url: receiver.url }, sinkTools({ replay: true }));
  expect(await replay.deliver([at('behind', -61)], signal)).toEqual({ kind: 'delivered' });
});

test('without unordered writes, too', async () => {
  const { sink } = await setting({ limits: { unordered_writes: false } });
  await sink.deliver([at('new', 1)], signal);
  expect(await finish(sink, [at('behind', 0)])).toMatchObject({ diverted: ['behind'] });
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

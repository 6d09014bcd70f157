import { expect, test } from 'vitest';
import type { AuditEvent } from '../../services/core/event.ts';
import type { Delivery } from '../../services/core/sink.ts';
import { delivered, lane, limits, never, unasked } from './lane.ts';
import { idOf, ledger, offsets, parcels } from './parcels.ts';

test('all are delivered, in batches, and settled in order', async () => {
  const { dispatcher, clock, batches } = lane(delivered);
  const { ended, settle } = ledger();
  const sent = parcels(10);
  await clock.finish(dispatcher.dispatch(sent, settle, unasked));
  expect(offsets(ended)).toEqual(offsets(sent));
  expect(batches.map(({ length }) => length)).toEqual([4, 4, 2]);
});

test('nothing to deliver settles nothing', async () => {
  const settle = async () => expect.unreachable();
  await lane(delivered).dispatcher.dispatch([], settle, unasked);
});

test('a refused batch is halved until the event at fault stands alone', async () => {
  const poison = idOf(0, 13);
  const { dispatcher, clock, batches } = lane((batch) =>
    batch.some(({ event_id }) => event_id === poison) ? { kind: 'refused', reason: 'HTTP 400' } : { kind: 'delivered' },
  );
  const { ended, settle } = ledger();
  await clock.finish(dispatcher.dispatch(parcels(4), settle, unasked));
  expect(batches.map(({ length }) => length)).toEqual([4, 2, 2, 1, 1]);
  expect(ended.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ['delivered', ''],
    ['delivered', ''],
    ['buried', 'HTTP 400'],
    ['delivered', ''],
  ]);
});

test('half of a batch is settled while the other half waits', async () => {
  const { dispatcher, clock } = lane((batch) =>
    batch.length === 4 ? { kind: 'refused', reason: 'big' } : late(batch),
  );
  const late = (batch: readonly AuditEvent[]): Promise<Delivery> | Delivery =>
    batch[0]?.event_id === idOf(0, 7) ? { kind: 'delivered' } : never();
  const { ended, settle } = ledger();
  const stop = new AbortController();
  const work = dispatcher.dispatch(parcels(4), settle, stop.signal);
  await clock.pass(1);
  expect(offsets(ended)).toEqual([7, 10]);
  stop.abort();
  await expect(work).rejects.toThrow();
});

test('partitions share the requests a receiver may have under way', async () => {
  let [underWay, most] = [0, 0];
  const { dispatcher, clock } = lane(async (_, signal) => {
    most = Math.max(most, ++underWay);
    await clock.sleep(10, signal);
    underWay--;
    return { kind: 'delivered' };
  });
  const work = [0, 1, 2].map((partition) => dispatcher.dispatch(parcels(20, { partition }), async () => {}, unasked));
  await clock.finish(Promise.all(work));
  expect(most).toBe(limits.concurrency);
});

test('a parcel is opened when its turn comes, and for each attempt anew: none is kept meanwhile', async () => {
  const opened: string[] = [];
  let isBusy = true;
  const { dispatcher, clock, batches } = lane(() =>
    isBusy ? { kind: 'retry', reason: 'busy' } : { kind: 'delivered' },
  );
  const sent = parcels(40, { opened: (id) => opened.push(id) });
  dispatcher.pause();
  const work = dispatcher.dispatch(sent, async () => {}, unasked);
  await clock.pass(60_000);
  expect(opened).toEqual([]);
  dispatcher.resume();
  await clock.pass(600_000);
  expect(new Set(opened).size).toBeLessThanOrEqual(limits.events * limits.concurrency);
  expect(opened.length).toBe(batches.flat().length);
  isBusy = false;
  await clock.finish(work);
  expect([...new Set(opened)]).toEqual(sent.map(({ offset }) => idOf(0, offset)));
  expect(opened.length).toBe(batches.flat().length);
});

test('an answer that cannot be true of the batch parks the lane and touches no event', async () => {
  const answers: Delivery[] = [{ kind: 'partial', refused: [{ index: 9, reason: 'bad' }] }];
  const { dispatcher, clock } = lane(() => answers.shift() ?? { kind: 'delivered' });
  const outcomes: string[] = [];
  const work = dispatcher.dispatch(
    parcels(4),
    async (ended) => void outcomes.push(...ended.map(({ outcome }) => outcome)),
    unasked,
  );
  await clock.pass(1_000);
  expect(dispatcher.state()).toMatchObject({ kind: 'parked', reason: expect.stringContaining('names event 9') });
  expect(outcomes).toEqual([]);
  await clock.finish(work);
  expect(outcomes).toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
});

test('every attempt is told, with its answer', async () => {
  const answers: Delivery[] = [
    { kind: 'retry', reason: 'busy' },
    { kind: 'refused', reason: 'bad' },
  ];
  const told: unknown[] = [];
  const { dispatcher, clock } = lane(() => answers.shift() ?? { kind: 'delivered' }, {
    attempted: (kind, events) => told.push([kind, events]),
  });
  await clock.finish(dispatcher.dispatch(parcels(2), async () => {}, unasked));
  expect(told).toEqual([
    ['retry', 2],
    ['refused', 2],
    ['delivered', 1],
    ['delivered', 1],
  ]);
});

test('a receiver that acknowledges late is waited for as long as it is said to need', async () => {
  const { dispatcher, clock, batches } = lane((_, signal) => clock.sleep(200_000, signal).then(delivered), {
    attemptMs: 300_000,
  });
  await clock.finish(dispatcher.dispatch(parcels(2), async () => {}, unasked));
  expect(batches.length).toBe(1);
});

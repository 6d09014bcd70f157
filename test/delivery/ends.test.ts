import { expect, test } from 'vitest';
import { delivered, lane, limits, never, unasked } from './lane.ts';
import { idOf, ledger, offsets, parcels } from './parcels.ts';

test('aborted in the middle, what is known is settled and the rest is not', async () => {
  const { dispatcher, clock } = lane((batch) => (batch[0]?.event_id === idOf(0, 19) ? never() : { kind: 'delivered' }));
  const { ended, settle } = ledger();
  const stop = new AbortController();
  const work = dispatcher.dispatch(parcels(12), settle, stop.signal);
  await clock.pass(1);
  stop.abort(new Error('stopped'));
  await expect(work).rejects.toThrow('stopped');
  expect(offsets(ended)).toEqual([7, 10, 13, 16]);
});

test('an answer that came before the abort is settled, and nothing is sent after it', async () => {
  const stop = new AbortController();
  const { dispatcher, clock, batches } = lane(
    (batch) => (batch.length === 4 ? { kind: 'partial', refused: [], resendFrom: 1 } : { kind: 'delivered' }),
    { attempted: () => stop.abort(new Error('stopped')) },
  );
  const { ended, settle } = ledger();
  let settled = -1;
  const work = dispatcher.dispatch(parcels(4), settle, stop.signal).finally(() => {
    settled = ended.length;
  });
  await expect(clock.finish(work)).rejects.toThrow('stopped');
  expect(settled).toBe(1);
  expect(batches.length).toBe(1);
});

test('whichever moment before an answer the abort comes, nothing is settled after the end', async () => {
  const claims = [];
  for (let moments = 0; moments < 12; moments++) {
    const stop = new AbortController();
    const { dispatcher, clock } = lane(async () => {
      stop.abort();
      for (let moment = 0; moment < moments; moment++) await Promise.resolve();
      return { kind: 'delivered' };
    });
    const { ended, settle } = ledger();
    await dispatcher.dispatch(parcels(4), settle, stop.signal).catch(() => undefined);
    const atEnd = ended.length;
    await clock.pass(1);
    expect(ended.length).toBe(atEnd);
    claims.push(atEnd);
  }
  expect(claims).toContain(0);
});

test('aborted while it waits for its turn, it ends at once', async () => {
  const { dispatcher, clock } = lane(() => ({ kind: 'parked', reason: 'HTTP 401' }));
  const stop = new AbortController();
  const work = dispatcher.dispatch(parcels(4), async () => {}, stop.signal);
  await clock.pass(1);
  stop.abort(new Error('stopped'));
  await expect(work).rejects.toThrow('stopped');
});

test('aborted while it waits for a place, it ends at once', async () => {
  const { dispatcher, clock } = lane(never);
  const stop = new AbortController();
  const first = dispatcher.dispatch(parcels(20), async () => {}, stop.signal);
  const second = new AbortController();
  const waiting = dispatcher.dispatch(parcels(1, { partition: 1 }), async () => {}, second.signal);
  await clock.pass(1);
  second.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  stop.abort();
  await expect(first).rejects.toThrow();
});

test('an abort waits for the settling under way, and settles what is known', async () => {
  const { dispatcher, clock } = lane(delivered);
  const calls: number[][] = [];
  const stop = new AbortController();
  const settle = async (ended: readonly { readonly offset: number }[]) => {
    calls.push(offsets(ended));
    await clock.sleep(100, unasked);
  };
  const work = dispatcher.dispatch(parcels(8), settle, stop.signal);
  await clock.pass(1);
  stop.abort(new Error('stopped'));
  await expect(clock.finish(work)).rejects.toThrow('stopped');
  expect(calls.flat()).toEqual(offsets(parcels(8)));
});

test.each(['settle', 'open'])('what %s throws comes out, and ends only that dispatch', async (which) => {
  const { dispatcher, clock } = lane((_, signal) => clock.sleep(10, signal).then(delivered));
  const fail = (): never => {
    throw new Error(`${which} failed`);
  };
  const sent = parcels(8, which === 'open' ? { opened: fail } : {});
  let settled = 0;
  const settle = async () => {
    settled++;
    if (which === 'settle') fail();
  };
  const { ended, settle: settleOther } = ledger();
  const other = dispatcher.dispatch(parcels(8, { partition: 1 }), settleOther, unasked);
  await expect(clock.finish(dispatcher.dispatch(sent, settle, unasked))).rejects.toThrow(`${which} failed`);
  await clock.finish(other);
  expect(ended.length).toBe(8);
  expect(settled).toBe(which === 'settle' ? 1 : 0);
});

test('where nothing can be settled nothing more is sent', async () => {
  const { dispatcher, clock, batches } = lane((_, signal) => clock.sleep(10, signal).then(delivered));
  const settle = () => Promise.reject(new Error('log is gone'));
  await expect(clock.finish(dispatcher.dispatch(parcels(40), settle, unasked))).rejects.toThrow('log is gone');
  expect(batches.length).toBeLessThanOrEqual(2 * limits.concurrency);
});

test('closing aborts what is under way and closes the sink', async () => {
  const { dispatcher, clock, calls } = lane(never);
  const work = dispatcher.dispatch(parcels(20), async () => {}, unasked);
  work.catch(() => undefined);
  await clock.pass(1);
  await dispatcher.close();
  expect(calls.closed).toBe(1);
  await expect(work).rejects.toThrow();
  await expect(dispatcher.dispatch(parcels(1), async () => {}, unasked)).rejects.toThrow();
});

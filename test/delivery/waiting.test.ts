import { expect, test } from 'vitest';
import type { Delivery } from '../../services/core/sink.ts';
import { type DispatchOptions, type LaneState, openDispatcher } from '../../services/delivery/dispatch.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { ledger, parcels } from './parcels.ts';

const limits = { events: 4, bytes: 10_000, concurrency: 3 };
const unasked = new AbortController().signal;
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** A lane whose receiver answers by the seconds since its opening; `at` are those of the attempts. */
function lane(answer: (seconds: number) => Delivery, more: Partial<DispatchOptions> = {}) {
  const clock = virtualClock();
  const opened = clock.now().getTime();
  const at: number[] = [];
  const sizes: number[] = [];
  const states: LaneState[] = [];
  const dispatcher = openDispatcher({
    sink: {
      async deliver(batch) {
        const seconds = (clock.now().getTime() - opened) / SECOND_MS;
        at.push(seconds);
        sizes.push(batch.length);
        return answer(seconds);
      },
      async close() {},
    },
    limits,
    clock,
    random: () => 0.5,
    changed: (state) => states.push(state),
    ...more,
  });
  return { clock, dispatcher, at, sizes, states };
}

const busy = (afterMs?: number): Delivery => ({ kind: 'retry', reason: 'HTTP 503', afterMs });
const delivered: Delivery = { kind: 'delivered' };
const parked: Delivery = { kind: 'parked', reason: 'HTTP 401' };

test('a lane that fails tries ever more seldom, one delivery at a time, and its success lets all go on', async () => {
  const { dispatcher, clock, at, states } = lane((seconds) => (seconds < 100 ? busy() : delivered));
  const { ended, settle } = ledger();
  await clock.finish(dispatcher.dispatch(parcels(12), settle, unasked));
  expect(at).toEqual([0, 0, 0, 0.25, 0.75, 1.75, 3.75, 7.75, 15.75, 31.75, 61.75, 91.75, 121.75, 121.75, 121.75]);
  expect(ended.length).toBe(12);
  expect(states.map(({ kind }) => kind)).toEqual(['retrying', 'running']);
});

test('after a success the lane rests as short as at first', async () => {
  const { dispatcher, clock, at } = lane((seconds) => ([0, 0.25, 5].includes(seconds) ? busy() : delivered));
  await clock.finish(dispatcher.dispatch(parcels(1), async () => {}, unasked));
  await clock.pass(5_000 - 750);
  await clock.finish(dispatcher.dispatch(parcels(1), async () => {}, unasked));
  expect(at).toEqual([0, 0.25, 0.75, 5, 5.25]);
});

test('nobody tries before the time the receiver names, not even after the success of an older attempt', async () => {
  const answers: [number, Delivery][] = [
    [10, busy(30_000)],
    [2_000, delivered],
    [3_000, busy(60_000)],
  ];
  const clock = virtualClock();
  const began = clock.now().getTime();
  const at: number[] = [];
  const dispatcher = openDispatcher({
    sink: {
      async deliver(_, signal) {
        at.push(clock.now().getTime() - began);
        const [ms, answer] = answers.shift() ?? [1, delivered];
        await clock.sleep(ms, signal);
        return answer;
      },
      async close() {},
    },
    limits,
    clock,
    random: () => 0.5,
    changed() {},
  });
  await clock.finish(dispatcher.dispatch(parcels(16), async () => {}, unasked));
  expect(at).toEqual([0, 0, 0, 63_000, 63_001, 63_001]);
});

test('a wait of days is cut to an hour, and the state says so', async () => {
  const { dispatcher, clock, at } = lane((seconds) => (seconds === 0 ? busy(2 * DAY_MS) : delivered));
  const work = dispatcher.dispatch(parcels(1), async () => {}, unasked);
  await clock.pass(1);
  expect(dispatcher.state()).toMatchObject({
    kind: 'retrying',
    reason: 'HTTP 503; asks to wait 172800 s, is tried again after 3600 s',
  });
  await clock.finish(work);
  expect(at).toEqual([0, 3_600.25]);
});

test('parked, one looks whether the setup was mended, and the state tells since when', async () => {
  const { dispatcher, clock, at, states } = lane((seconds) => (seconds < 300 ? parked : delivered));
  const { ended, settle } = ledger();
  const since = clock.now();
  const work = dispatcher.dispatch(parcels(40), settle, unasked);
  await clock.pass(200_000);
  expect(dispatcher.state()).toEqual({ kind: 'parked', since, reason: 'HTTP 401' });
  expect(ended).toEqual([]);
  await clock.finish(work);
  expect(at.slice(0, 11)).toEqual([0, 0, 0, 5, 15, 35, 75, 135, 195, 255, 315]);
  expect(at.slice(11).every((seconds) => seconds === 315)).toBe(true);
  expect(states.map(({ kind }) => kind)).toEqual(['parked', 'running']);
});

test('a token that is wrong for a day touches no event, and a minute after it is mended the lane runs', async () => {
  let isMended = false;
  const { dispatcher, clock, at } = lane(() => (isMended ? delivered : parked));
  const { ended, settle } = ledger();
  const work = dispatcher.dispatch(parcels(100), settle, unasked);
  await clock.pass(DAY_MS);
  expect(ended).toEqual([]);
  expect(at.length).toBeGreaterThan(1_400);
  expect(at.length).toBeLessThan(1_500);
  isMended = true;
  await clock.pass(60_000);
  expect(ended.length).toBe(100);
  await work;
});

test('what fails in another way is told, and that it lasts', async () => {
  const { dispatcher, clock, states } = lane((seconds) => (seconds < 1 ? busy() : seconds < 30 ? parked : delivered));
  const began = clock.now().getTime();
  await clock.finish(dispatcher.dispatch(parcels(1), async () => {}, unasked));
  const told = states.map((state) => [state.kind, 'since' in state ? state.since.getTime() - began : undefined]);
  expect(told).toEqual([
    ['retrying', 0],
    ['parked', 1_750],
    ['running', undefined],
  ]);
});

test('paused, no attempt begins', async () => {
  const { dispatcher, clock, at, states } = lane(() => delivered);
  dispatcher.pause();
  dispatcher.pause();
  const work = dispatcher.dispatch(parcels(4), async () => {}, unasked);
  await clock.pass(DAY_MS);
  expect(at).toEqual([]);
  expect(dispatcher.state().kind).toBe('paused');
  dispatcher.resume();
  dispatcher.resume();
  await clock.finish(work);
  expect(at).toEqual([86_400]);
  expect(states.map(({ kind }) => kind)).toEqual(['paused', 'running']);
});

test('what is under way at a pause ends; how, is told after it', async () => {
  const { dispatcher, clock, at, states } = lane((seconds) => (seconds === 0 ? busy() : delivered), {
    attempted: (kind) => kind === 'retry' && dispatcher.pause(),
  });
  const work = dispatcher.dispatch(parcels(4), async () => {}, unasked);
  await clock.pass(10_000);
  dispatcher.resume();
  await clock.finish(work);
  expect(at).toEqual([0, 10]);
  expect(states.map(({ kind }) => kind)).toEqual(['paused', 'retrying', 'running']);
});

test('a pause hides a setback and does not forget it', async () => {
  const { dispatcher, clock, at, states } = lane((seconds) => (seconds < 50 ? parked : delivered));
  const work = dispatcher.dispatch(parcels(1), async () => {}, unasked);
  await clock.pass(1_000);
  dispatcher.pause();
  await clock.pass(10_000);
  dispatcher.resume();
  await clock.finish(work);
  expect(at).toEqual([0, 11, 21, 41, 81]);
  expect(states.map(({ kind }) => kind)).toEqual(['parked', 'paused', 'parked', 'running']);
});

test('a replay keeps its pace', async () => {
  const { dispatcher, clock, at, sizes } = lane(() => delivered, { rate: 2 });
  await clock.finish(dispatcher.dispatch(parcels(7), async () => {}, unasked));
  expect(at).toEqual([0, 1, 2, 3]);
  expect(sizes).toEqual([2, 2, 2, 1]);
});

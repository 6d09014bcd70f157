import { beforeEach, expect, test, vi } from 'vitest';
import type { Position, Subscription } from '../../../services/core/log.ts';
import type { Dispatcher } from '../../../services/delivery/dispatch.ts';
import { exportLane, type LaneParts } from '../../../services/processes/export/lane.ts';
import type { MemoryLog } from '../../support/memory-log.ts';
import { fillTopic, ids, openTopics, partsOn, receiver, runUntil, schemas } from './lanes.ts';

let log: MemoryLog;

beforeEach(async () => {
  log = await openTopics();
});

function lane(dispatcher: Dispatcher, more: Partial<LaneParts> = {}) {
  return exportLane({ ...partsOn(log, dispatcher), ...more });
}

test('a lane that is stopped before it knows whether it is paused ends', async () => {
  const stop = new AbortController();
  const running = lane(receiver().dispatcher, { ready: new Promise(() => {}) }).run(stop.signal);
  stop.abort();
  await expect(running).resolves.toBeUndefined();
});

/** A log that tells `resume` of the newest assignment to the test, and runs until it is stopped. */
function held(): { readonly log: MemoryLog; readonly resume: Promise<NonNullable<Subscription['resume']>> } {
  const { promise, resolve } = Promise.withResolvers<NonNullable<Subscription['resume']>>();
  return {
    resume: promise,
    log: {
      ...log,
      subscribe: ({ resume }) => ({
        run: (_, signal) =>
          new Promise((ended) => {
            if (resume !== undefined) resolve(resume);
            signal.addEventListener('abort', () => ended());
          }),
      }),
    },
  };
}

const at = (end: number): Position => ({ topic: 'audit.events', partition: 0, start: 0, end, committed: undefined });

test('what waits for the store is told as waiting', async () => {
  await fillTopic(log, 6);
  log.truncate('audit.events', 0, 4);
  const { dispatcher } = receiver();
  const shelf = { ...partsOn(log, dispatcher).shelf, page: () => new Promise<never>(() => {}) };
  const waiting = lane(dispatcher, { shelf, from: 'store' });
  const stop = new AbortController();
  const running = waiting.run(stop.signal);
  await vi.waitFor(() => expect(waiting.waiting()).toHaveLength(1));
  stop.abort();
  await running;
});

test('a predecessor may have settled beyond the end that was known at the assignment', async () => {
  await fillTopic(log, 10);
  await runUntil(log, 10, lane(receiver().dispatcher));
  const { log: quiet, resume } = held();
  const stop = new AbortController();
  const again = lane(receiver().dispatcher, { log: quiet });
  const running = again.run(stop.signal);
  expect(await (await resume)(at(7), stop.signal)).toBe(7);
  expect(again.shifts().get(0)?.settled).toBe(10);
  stop.abort();
  await running;
});

test('of two assignments that look for their place at once the newer counts', async () => {
  await fillTopic(log, 10);
  const { log: quiet, resume } = held();
  const { dispatcher } = receiver();
  const answers = [Promise.withResolvers<number>(), Promise.withResolvers<number>()] as const;
  let asked = 0;
  const shelf = { ...partsOn(log, dispatcher).shelf, settledTo: () => answers[asked++ === 0 ? 0 : 1].promise };
  const stop = new AbortController();
  const twice = lane(dispatcher, { log: quiet, shelf });
  const running = twice.run(stop.signal);
  const ask = await resume;
  const lost = new AbortController();
  const older = ask(at(10), lost.signal);
  lost.abort();
  const newer = ask(at(10), stop.signal);
  answers[1].resolve(8);
  expect(await newer).toBe(8);
  answers[0].resolve(3);
  await older;
  expect(twice.shifts().get(0)?.settled).toBe(8);
  expect(twice.waiting()).toEqual([]);
  stop.abort();
  await running;
});

test('a schema registry that is away ends no lane', async () => {
  await fillTopic(log, 3);
  const { got, dispatcher } = receiver();
  let tries = 0;
  const away: LaneParts['schemas'] = {
    ...schemas,
    byId: (id) => (tries++ < 2 ? Promise.reject(new TypeError('fetch failed')) : schemas.byId(id)),
  };
  await runUntil(log, 3, lane(dispatcher, { schemas: away }));
  expect(got).toEqual(ids(0, 3));
});

test('a partition that went to another process is delivered, told of and waited for no longer', async () => {
  await fillTopic(log, 6);
  log.truncate('audit.events', 0, 4);
  const { log: quiet, resume } = held();
  const { dispatcher } = receiver();
  const pages: AbortSignal[] = [];
  const page: LaneParts['shelf']['page'] = (_, __, ___, signal) => {
    pages.push(signal);
    return new Promise(() => {});
  };
  const shelf = { ...partsOn(log, dispatcher).shelf, page };
  const stop = new AbortController();
  const losing = lane(dispatcher, { log: quiet, shelf, from: 'store' });
  const running = losing.run(stop.signal);
  const lost = new AbortController();
  await (await resume)({ ...at(6), start: 4 }, lost.signal);
  expect([losing.shifts().size, losing.waiting().length, pages[0]?.aborted]).toEqual([1, 1, false]);
  lost.abort();
  expect([losing.shifts().size, losing.waiting().length, pages[0]?.aborted]).toEqual([0, 0, true]);
  stop.abort();
  await running;
});

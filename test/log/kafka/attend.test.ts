import { expect, test } from 'vitest';
import { attend, type Watch } from '../../../services/log/kafka/attend.ts';
import { fakeClock } from '../../support/clock.ts';

const batch = { topic: 't', partition: 0, first: 0, next: 1, records: [] };
const patience = { sessionMs: 10_000, rebalanceMs: 20_000, handlerMs: 120_000, endMs: 3_000 };
const refuse = (type: string) => () => Promise.reject(Object.assign(new Error(type), { type }));

/** A handler that ends only when it is told to, and says so. */
function watching(over: Partial<Watch>): { readonly watch: Watch; readonly told: () => unknown } {
  const clock = over.clock ?? fakeClock();
  let told: unknown;
  const handle: Watch['handle'] = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        told = signal.reason;
        reject(signal.reason);
      });
    });
  const signal = new AbortController().signal;
  return { watch: { handle, clock, patience, signal, heartbeat: async () => {}, ...over }, told: () => told };
}

test('a handler that ends settles, one that throws fails', async () => {
  const { watch } = watching({});
  expect(await attend(batch, { ...watch, handle: async () => ({ metadata: 'm' }) })).toEqual({
    kind: 'settled',
    settled: { metadata: 'm' },
  });
  const error = new Error('no');
  expect(await attend(batch, { ...watch, handle: () => Promise.reject(error) })).toEqual({ kind: 'failed', error });
});

test('a slow handler is kept alive by heartbeats', async () => {
  const clock = fakeClock();
  let beats = 0;
  const handle = async () => {
    while (beats < 90) await clock.sleep(0, new AbortController().signal);
    return undefined;
  };
  const { watch } = watching({ clock, handle, heartbeat: async () => void beats++ });
  expect((await attend(batch, watch)).kind).toBe('settled');
});

test('a partition that another member owns by now is lost at once', async () => {
  const { watch, told } = watching({ heartbeat: refuse('ILLEGAL_GENERATION') });
  expect(await attend(batch, watch)).toMatchObject({ kind: 'lost', error: { type: 'ILLEGAL_GENERATION' } });
  expect(told()).toMatchObject({ type: 'ILLEGAL_GENERATION' });
});

test('a rebalance waits for the handler for half of its time', async () => {
  const clock = fakeClock();
  const before = clock.now().getTime();
  const { watch } = watching({ clock, heartbeat: refuse('REBALANCE_IN_PROGRESS') });
  expect(await attend(batch, watch)).toMatchObject({ kind: 'lost', error: { name: 'SessionEnding' } });
  const waitedMs = clock.now().getTime() - before;
  expect(waitedMs).toBeGreaterThan(10_000);
  expect(waitedMs).toBeLessThan(20_000);
});

test('a session nobody answers for is given up before it ends, though the broker hangs', async () => {
  const clock = fakeClock();
  const before = clock.now().getTime();
  const { watch } = watching({ clock, heartbeat: () => new Promise(() => {}) });
  expect(await attend(batch, watch)).toMatchObject({ kind: 'lost', error: { name: 'SessionEnding' } });
  expect(clock.now().getTime() - before).toBeLessThanOrEqual(10_000);
});

test('after a long suspension the handler is told before anything else', async () => {
  const clock = fakeClock();
  const handle: Watch['handle'] = (_, signal) => {
    clock.advance(90_000);
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const { watch } = watching({ clock, handle, heartbeat: () => new Promise(() => {}) });
  expect((await attend(batch, watch)).kind).toBe('lost');
});

test('a handler that does not end when told to is left to itself', async () => {
  const { watch } = watching({ handle: () => new Promise(() => {}) });
  expect(await attend(batch, watch)).toEqual({ kind: 'overdue' });
});

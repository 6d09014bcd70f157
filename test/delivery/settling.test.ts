import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Settling } from '../../services/delivery/settling.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { offsets } from './parcels.ts';

const ended = (offset: number) => ({ offset, event_id: `e${offset}`, outcome: 'delivered', reason: '' }) as const;
const range = (from: number, next: number) => Array.from({ length: next - from }, (_, index) => ended(from + index));

test('what comes early waits for what is before it', async () => {
  const calls: number[][] = [];
  const settling = new Settling(async (run) => void calls.push(offsets(run)));
  await settling.note(2, range(2, 4));
  expect(calls).toEqual([]);
  await settling.note(0, range(0, 2));
  expect(calls).toEqual([[0, 1, 2, 3]]);
});

test('one call at a time: what ends meanwhile is in the next', async () => {
  const calls: number[][] = [];
  const gate = Promise.withResolvers<void>();
  const settling = new Settling((run) => {
    calls.push(offsets(run));
    return gate.promise;
  });
  const notes = [0, 1, 2].map((at) => settling.note(at, [ended(at)]));
  await Promise.resolve();
  await Promise.resolve();
  const first = calls.flat().length;
  gate.resolve();
  await Promise.all(notes);
  expect(calls).toEqual([range(0, first), range(first, 3)].map(offsets).filter((run) => run.length > 0));
});

test('after a failure it settles nothing more', async () => {
  let calls = 0;
  const settling = new Settling(async () => {
    calls++;
    throw new Error('log is gone');
  });
  await expect(settling.note(0, [ended(0)])).rejects.toThrow('log is gone');
  await expect(settling.note(1, [ended(1)])).rejects.toThrow('log is gone');
  await expect(settling.rest()).rejects.toThrow('log is gone');
  expect(calls).toBe(1);
});

test('in any order of ends, and however long settling takes: in order, each once, one call at a time', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.infiniteStream(fc.nat({ max: 5 })), async (lengths, waits) => {
      const clock = virtualClock();
      const { signal } = new AbortController();
      const wait = () => clock.sleep(waits.next().value ?? 0, signal);
      const settled: number[] = [];
      let underWay = 0;
      const settling = new Settling(async (run) => {
        expect(++underWay).toBe(1);
        await wait();
        settled.push(...offsets(run));
        underWay--;
      });
      let next = 0;
      const all = lengths.map(async (length) => {
        const from = next;
        next += length;
        await wait();
        await settling.note(from, range(from, from + length));
      });
      await clock.finish(Promise.all(all));
      expect(settled).toEqual(offsets(range(0, next)));
    }),
    { numRuns: 50 },
  );
});

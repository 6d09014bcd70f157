import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Dispatcher, type Ended, openDispatcher } from '../../services/delivery/dispatch.ts';
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts';
import { idOf, offsets, parcels } from './parcels.ts';
import { type Receiver, receiver, type Step } from './receiver.ts';

const afterMs = fc.integer({ min: 0, max: 90_000 });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const count = fc.integer({ min: 1, max: 6 });

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ afterMs, does: fc.constantFrom('take', 'refuse', 'park') }),
  fc.record({
    afterMs,
    does: fc.constant('lose'),
    took: fc.boolean(),
    says: fc.constantFrom('retry', 'throw', 'nothing'),
  }),
  fc.record({ afterMs, does: fc.constant('ask to wait'), waitMs: fc.integer({ min: 0, max: 2 * 3_600_000 }) }),
  fc.record({ afterMs, does: fc.constant('take in part'), refused: fc.nat(), diverted: fc.nat(), share: chance }),
  fc.record({ afterMs, does: fc.constant('doubt'), count }),
);

const scenario = fc.record({
  script: fc.array(step, { maxLength: 40 }),
  limits: fc.record({
    events: count,
    bytes: fc.integer({ min: 50, max: 600 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
  }),
  sizes: fc.array(fc.nat({ max: 15 }), { minLength: 1, maxLength: 3 }),
  random: fc.infiniteStream(chance),
  settleMs: fc.constantFrom(0, 5, 50_000),
  stopAfterMs: fc.nat({ max: 300_000 }),
  pauseMs: fc.option(fc.nat({ max: 100_000 })),
});

test('whatever a receiver answers: every event ends once, in order, and no claim is false', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ script, limits, sizes, random, settleMs, stopAfterMs, pauseMs }) => {
      const clock = virtualClock();
      const siem = receiver(script, clock, { ...limits, state: () => dispatcher.state() });
      const dispatcher = openDispatcher({
        sink: siem.sink,
        limits,
        clock,
        random: () => random.next().value ?? 0,
        changed() {},
      });
      const partitions = sizes.map((size, partition) =>
        openPartition({ partition, size, clock, settleMs, dispatcher }),
      );
      const [first, ...others] = partitions;

      const stop = new AbortController();
      const stopped = first?.run(stop.signal).catch((error: unknown) => expect(error).toBe(stop.signal.reason));
      const running = others.map(({ run }) => run(new AbortController().signal));
      await clock.pass(stopAfterMs);
      stop.abort();
      await clock.finish(Promise.resolve(stopped));
      expect(offsets(first?.ended ?? [])).toEqual(offsets(first?.all.slice(0, first.ended.length) ?? []));
      if (pauseMs !== null) {
        dispatcher.pause();
        await clock.pass(pauseMs);
        dispatcher.resume();
      }

      siem.forgotten(first?.left().map(({ offset }) => idOf(0, offset)) ?? []);
      if (first !== undefined) running.push(first.run(new AbortController().signal));
      await clock.finish(Promise.all(running));

      expect(siem.wrongs).toEqual([]);
      for (const partition of partitions) {
        expect(offsets(partition.ended)).toEqual(offsets(partition.all));
        for (const [index, one] of partition.ended.entries())
          truthful(one, idOf(partitions.indexOf(partition), partition.all[index]?.offset ?? -1), siem);
      }
      await clock.finish(dispatcher.close());
    }),
    { numRuns: 300 },
  );
}, 60_000);

/** What may be claimed of an event, by what the receiver did. */
function truthful({ outcome, event_id, reason }: Ended, id: string, { held }: Receiver): void {
  expect(event_id).toBe(outcome === 'delivered' ? '' : id);
  if (outcome === 'delivered') {
    expect(held).toContain(id);
    expect(reason).toBe('');
  }
  if (outcome === 'buried') expect(['refused', 'doubt']).toContain(reason);
  if (outcome === 'diverted') expect(reason).toBe('diverted');
  if (outcome === 'uncertain') expect(reason).toMatch(/^doubt \(\d of \d were turned down, not said which\)$/);
}

/** A partition that can be run again from where it was left. */
function openPartition(given: {
  readonly partition: number;
  readonly size: number;
  readonly clock: VirtualClock;
  readonly settleMs: number;
  readonly dispatcher: Dispatcher;
}) {
  const { partition, size, clock, settleMs, dispatcher } = given;
  const all = parcels(size, { partition });
  const ended: Ended[] = [];
  const left = () => all.slice(ended.length);
  let isSettling = false;
  return {
    all,
    ended,
    left,
    async run(signal: AbortSignal): Promise<void> {
      let isOver = false;
      const settle = async (more: readonly Ended[]) => {
        expect([isSettling, isOver, more.length > 0]).toEqual([false, false, true]);
        isSettling = true;
        await clock.sleep(settleMs, new AbortController().signal);
        ended.push(...more);
        isSettling = false;
      };
      await dispatcher.dispatch(left(), settle, signal).finally(() => {
        isOver = true;
      });
    },
  };
}

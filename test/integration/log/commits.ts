import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Fresh } from './conformance.ts';
import { follow, values } from './following.ts';

/** What of a batch is committed, and when. */
export function commits(fresh: () => Promise<Fresh>): void {
  test('commit the offset a handler names instead of the end of its batch', async () => {
    await using at = await fresh();
    await at.log.append(at.topic, 0, values(5));
    const subscription = { group: at.group, topics: [at.topic] };
    const first = follow(at.log, subscription, async () => ({ offset: 2, metadata: 'durable up to 2' }));
    await first.settled(5);
    await first.stop();
    const committed = { offset: 2, metadata: 'durable up to 2' };
    expect(await at.log.committed(at.group, at.topic)).toEqual(new Map([[0, committed]]));

    const second = follow(at.log, subscription);
    await second.settled(3);
    await second.stop();
    expect(second.records().map(({ offset }) => offset)).toEqual([2, 3, 4]);
    expect(await at.log.committed(at.group, at.topic)).toEqual(new Map([[0, { offset: 5, metadata: '' }]]));
  });

  test('go on behind a batch of which less was committed', async () => {
    await using at = await fresh();
    await at.log.append(at.topic, 0, values(3));
    const following = follow(at.log, { group: at.group, topics: [at.topic] }, async () => ({ offset: 1 }));
    await following.settled(3);
    await at.log.append(at.topic, 0, values(2, 3));
    await following.settled(5);
    await following.stop();
    expect(following.records().map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
    expect(await at.log.committed(at.group, at.topic)).toEqual(new Map([[0, { offset: 1, metadata: '' }]]));
  });

  test('refuse metadata longer than a log takes', async () => {
    await using at = await fresh();
    await at.log.append(at.topic, 0, values(1));
    const handle = async () => ({ metadata: 'é'.repeat(2_049) });
    await expect(follow(at.log, { group: at.group, topics: [at.topic] }, handle).ended).rejects.toThrow(RangeError);
  });

  test('drain on a stop: the handler ends, its batch is committed', async () => {
    await using at = await fresh();
    await at.log.append(at.topic, 0, values(3));
    const begun = Promise.withResolvers<void>();
    let told = false;
    const following = follow(at.log, { group: at.group, topics: [at.topic] }, async (_, signal) => {
      begun.resolve();
      await setTimeout(300);
      told = signal.aborted;
      return { metadata: 'drained' };
    });
    await begun.promise;
    await following.stop();
    expect(told).toBe(true);
    expect(await at.log.committed(at.group, at.topic)).toEqual(new Map([[0, { offset: 3, metadata: 'drained' }]]));
  });
}

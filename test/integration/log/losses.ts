import { describe, expect, test } from 'vitest';
import { LogLost } from '../../../services/core/log.ts';
import type { Bench, Fresh } from './conformance.ts';
import { follow, values } from './following.ts';

/** A driver that began elsewhere than it was asked to would skip records without a word. */
export function losses(bench: () => Bench, fresh: () => Promise<Fresh>): void {
  describe('a loss is loud', () => {
    test('when the log begins after the committed offset', async () => {
      await using at = await fresh();
      await at.log.append(at.topic, 0, values(4));
      const first = follow(at.log, { group: at.group, topics: [at.topic] });
      await first.settled(4);
      await first.stop();
      await at.log.append(at.topic, 0, values(6, 4));
      await bench().truncate(at.topic, 0, 8);

      const again = follow(at.log, { group: at.group, topics: [at.topic] });
      await expect(again.ended).rejects.toMatchObject({ name: 'LogLost', wanted: 4, position: { start: 8, end: 10 } });
      expect(again.batches).toEqual([]);
      expect((await at.log.committed(at.group, at.topic)).get(0)?.offset).toBe(4);
    });

    test('when the log ends before the committed offset', async () => {
      await using at = await fresh();
      await at.log.append(at.topic, 0, values(2));
      await bench().overcommit(at.group, at.topic, 0, 50);
      const following = follow(at.log, { group: at.group, topics: [at.topic] });
      await expect(following.ended).rejects.toThrow('the log ends at 2, before our offset 50');
      expect((await at.log.committed(at.group, at.topic)).get(0)?.offset).toBe(50);
    });

    test('when resume names an offset the log does not hold', async () => {
      await using at = await fresh();
      await at.log.append(at.topic, 0, values(2));
      const following = follow(at.log, { group: at.group, topics: [at.topic], resume: async () => 3 });
      await expect(following.ended).rejects.toBeInstanceOf(LogLost);
    });

    test('when records go while a consumer is about to read them', async () => {
      await using at = await fresh();
      await at.log.append(at.topic, 0, values(2));
      const following = follow(at.log, { group: at.group, topics: [at.topic] }, async () => {
        await at.log.append(at.topic, 0, values(8, 2));
        await bench().truncate(at.topic, 0, 6);
        return undefined;
      });
      await expect(following.ended).rejects.toMatchObject({ name: 'LogLost', wanted: 2 });
      expect((await at.log.committed(at.group, at.topic)).get(0)?.offset).toBe(2);
    });

    test('but not when a group that never committed begins at the start the log has', async () => {
      await using at = await fresh();
      await at.log.append(at.topic, 0, values(6));
      await bench().truncate(at.topic, 0, 4);
      const following = follow(at.log, { group: at.group, topics: [at.topic] });
      await following.settled(2);
      await following.stop();
      expect(following.batches[0]?.first).toBe(4);
    });
  });
}

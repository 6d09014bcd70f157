import { describe, expect, test } from 'vitest';
import type { Log, Position, TopicSpec } from '../../../services/core/log.ts';
import { commits } from './commits.ts';
import { follow, text, values } from './following.ts';
import { losses } from './losses.ts';

/** A log as the suite needs it, whatever the driver. */
export interface Bench {
  /** Another handle on the same log, as another process has. The test closes it. */
  open(): Log;
  /** Removes records below an offset without asking any group. */
  truncate(topic: string, partition: number, start: number): Promise<void>;
  /** Writes a committed offset past everything in the log, as after the log was cut or restored. */
  overcommit(group: string, topic: string, partition: number, offset: number): Promise<void>;
  /** Makes what was appended to a topic of the kind `expiring` older than its retention. */
  age(log: Log, topic: string): Promise<void>;
  /** A topic whose records expire soon. */
  readonly expiring: Omit<TopicSpec, 'name'>;
}

const FOREVER = { partitions: 1, retentionMs: -1 };

/** A log with a topic of its own, closed when the test is done. */
export interface Fresh extends AsyncDisposable {
  readonly topic: string;
  readonly group: string;
  readonly log: Log;
}

/** What every driver of the port promises. */
export function conformance(bench: () => Bench): void {
  let number = 0;
  async function fresh(spec: Omit<TopicSpec, 'name'> = FOREVER): Promise<Fresh> {
    const topic = `conformance.${++number}`;
    const log = bench().open();
    await log.create([{ ...spec, name: topic }]);
    const close = () => log.close();
    return { topic, log, group: `group.${number}`, [Symbol.asyncDispose]: close };
  }

  describe('topics', () => {
    test('creates what is missing and changes nothing that exists', async () => {
      await using at = await fresh({ partitions: 3, retentionMs: 3_600_000 });
      await at.log.append(at.topic, 1, values(2));
      await at.log.create([{ name: at.topic, partitions: 5, retentionMs: 1 }]);

      const partitions = [
        { start: 0, end: 0 },
        { start: 0, end: 2 },
        { start: 0, end: 0 },
      ];
      expect(await at.log.describe(at.topic)).toEqual({ name: at.topic, partitions, retentionMs: 3_600_000 });
      expect(await at.log.describe(`${at.topic}.missing`)).toBeUndefined();
    });

    test('refuses what is meant for a topic or partition that does not exist', async () => {
      await using at = await fresh();
      await expect(at.log.append(`${at.topic}.missing`, 0, values(1))).rejects.toThrow();
      await expect(at.log.append(at.topic, 4, values(1))).rejects.toThrow('partition');
      const missing = at.log.subscribe({ group: at.group, topics: [`${at.topic}.missing`] });
      await expect(missing.run(async () => undefined, AbortSignal.timeout(30_000))).rejects.toThrow();
    });
  });

  describe('records', () => {
    test('come back in order, contiguous, with the offsets the append named', async () => {
      await using at = await fresh();
      const firsts = await Promise.all(
        [0, 1_000, 2_000].map((from) => at.log.append(at.topic, 0, values(1_000, from))),
      );
      expect(firsts).toEqual([0, 1_000, 2_000]);

      const following = follow(at.log, { group: at.group, topics: [at.topic] });
      await following.settled(3_000);
      expect(await at.log.append(at.topic, 0, values(10, 3_000))).toBe(3_000);
      await following.settled(3_010);
      await following.stop();

      const records = following.records();
      expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 3_010 }, (_, index) => index));
      expect(records.every(({ value, offset }) => text(value) === `value ${offset}`)).toBe(true);
      let next = 0;
      for (const batch of following.batches) {
        expect(batch.first).toBe(next);
        next = batch.next;
      }
      expect(next).toBe(3_010);
    });

    test('keep keys, headers, timestamps and binary or empty values', async () => {
      await using at = await fresh();
      const binary = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const timestamp = new Date('2026-01-15T09:00:00.123Z');
      await at.log.append(at.topic, 0, [
        { value: binary, key: Buffer.from([0, 255]), headers: { origin: binary, ключ: Buffer.from('') }, timestamp },
        { value: new Uint8Array(0), key: new Uint8Array(0) },
        { value: Buffer.from('x'), headers: Object.fromEntries([['__proto__', Buffer.from('own')]]) },
      ]);
      const following = follow(at.log, { group: at.group, topics: [at.topic] });
      await following.settled(3);
      await following.stop();

      const [full, empty, named] = following.records();
      expect([...(full?.value ?? [])]).toEqual([...binary]);
      expect([...(full?.key ?? [])]).toEqual([0, 255]);
      expect(Object.keys(full?.headers ?? {})).toEqual(['origin', 'ключ']);
      expect([...(full?.headers.origin ?? [])]).toEqual([...binary]);
      expect(full?.receivedAt).toEqual(timestamp);
      expect(empty?.value).toHaveLength(0);
      expect(empty?.key).toHaveLength(0);
      expect(empty?.headers).toEqual({});
      expect(Math.abs((empty?.receivedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
      expect(named?.key).toBeUndefined();
      expect(Object.getOwnPropertyNames(named?.headers ?? {})).toEqual(['__proto__']);
    });

    test('are read outside of any group, up to where the partition ends', async () => {
      await using at = await fresh({ partitions: 2, retentionMs: -1 });
      await at.log.append(at.topic, 0, values(3));
      await at.log.append(at.topic, 1, values(500));
      await at.log.append(at.topic, 1, values(700, 500));
      const seen: string[] = [];
      let next = 0;
      await at.log.read(at.topic, 1, (batch) => {
        expect(batch.first).toBe(next);
        next = batch.next;
        seen.push(...batch.records.map(({ value }) => text(value)));
      });
      expect(seen).toEqual(values(1_200).map(({ value }) => Buffer.from(value).toString()));
      await at.log.read(`${at.topic}`, 0, () => undefined);
    });

    test('may be large', async () => {
      await using at = await fresh({ ...FOREVER, maxRecordBytes: 12 * 1024 ** 2 });
      const large = [1, 3, 10].map((mebibytes) => Buffer.alloc(mebibytes * 1024 ** 2, `${mebibytes}.`));
      await at.log.append(
        at.topic,
        0,
        large.map((value) => ({ value })),
      );
      const following = follow(at.log, { group: at.group, topics: [at.topic] });
      await following.settled(3);
      await following.stop();
      expect(following.records().map(({ value }, index) => large[index]?.equals(value))).toEqual([true, true, true]);
    });
  });

  describe('groups', () => {
    test('resume after what they committed, with its metadata, in another process', async () => {
      await using at = await fresh();
      await at.log.append(at.topic, 0, values(5));
      const first = follow(at.log, { group: at.group, topics: [at.topic] }, async ({ next }) => ({
        metadata: `up to ${next}`,
      }));
      await first.settled(5);
      await first.stop();
      await at.log.append(at.topic, 0, values(5, 5));

      const other = bench().open();
      expect(await other.committed(at.group, at.topic)).toEqual(new Map([[0, { offset: 5, metadata: 'up to 5' }]]));
      expect(await other.committed(`${at.group}.unknown`, at.topic)).toEqual(new Map());
      const asked: Position[] = [];
      const second = follow(other, {
        group: at.group,
        topics: [at.topic],
        async resume(position) {
          asked.push(position);
          return position.committed?.offset ?? position.start;
        },
      });
      await second.settled(5);
      await second.stop();
      expect(second.records().map(({ offset }) => offset)).toEqual([5, 6, 7, 8, 9]);
      expect(asked[0]).toEqual({
        topic: at.topic,
        partition: 0,
        start: 0,
        end: 10,
        committed: { offset: 5, metadata: 'up to 5' },
      });
      await other.close();
    });

    test('begin where resume says, inside what one append wrote', async () => {
      await using at = await fresh();
      await at.log.append(at.topic, 0, values(10));
      const following = follow(at.log, { group: at.group, topics: [at.topic], resume: async () => 7 });
      await following.settled(3);
      await following.stop();
      expect(following.batches[0]).toMatchObject({ first: 7, next: 10 });
    });

    test('know nothing of each other', async () => {
      await using at = await fresh({ ...FOREVER, partitions: 2 });
      await Promise.all([at.log.append(at.topic, 0, values(3)), at.log.append(at.topic, 1, values(3))]);
      const both = ['a', 'b'].map((name) => follow(at.log, { group: `${at.group}.${name}`, topics: [at.topic] }));
      await Promise.all(both.map((following) => following.settled(6)));
      await Promise.all(both.map((following) => following.stop()));
    });

    test('stay where they were when a handler throws, and the source ends with what it threw', async () => {
      await using at = await fresh();
      await at.log.append(at.topic, 0, values(3));
      const broken = new Error('the store is on fire');
      const failing = follow(at.log, { group: at.group, topics: [at.topic] }, async () => {
        throw broken;
      });
      await expect(failing.ended).rejects.toBe(broken);
      expect(await at.log.committed(at.group, at.topic)).toEqual(new Map());

      const again = follow(at.log, { group: at.group, topics: [at.topic] });
      await again.settled(3);
      await again.stop();
    });

    commits(() => fresh());
  });

  losses(bench, fresh);

  test('retention removes what is old and moves the start', async () => {
    await using at = await fresh(bench().expiring);
    await at.log.append(at.topic, 0, values(10));
    await bench().age(at.log, at.topic);
    const start = async () => (await at.log.describe(at.topic))?.partitions[0]?.start;
    await expect.poll(start, { timeout: 60_000, interval: 200 }).toBe(10);
  });
}

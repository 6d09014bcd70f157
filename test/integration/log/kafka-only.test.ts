import { setTimeout } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Log } from '../../../services/core/log.ts';
import { silent } from '../../../services/core/logger.ts';
import type { Compression } from '../../../services/log/kafka/codecs.ts';
import { type KafkaLogOptions, openKafkaLog } from '../../../services/log/kafka/index.ts';
import { shiftedClock } from '../../support/clock.ts';
import { startKafka } from '../../support/kafka.ts';
import { follow, text, values } from './following.ts';

const server = await startKafka();
const clock = shiftedClock();
const brokers = [...(server?.brokers ?? [])];

describe.skipIf(server === undefined)('kafka alone', () => {
  const kafka = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
  const logs: Log[] = [];
  let number = 0;

  function open(options: Partial<KafkaLogOptions> = {}): Log {
    const patience = { sessionMs: 6_000, rebalanceMs: 10_000, endMs: 2_000 };
    const log = openKafkaLog({ brokers, clientId: 'alone', logger: silent, clock, patience, ...options });
    logs.push(log);
    return log;
  }

  async function fresh(partitions = 1, options: Partial<KafkaLogOptions> = {}) {
    const topic = `alone.${++number}`;
    const log = open(options);
    await log.create([{ name: topic, partitions, retentionMs: -1 }]);
    return { topic, log, group: `alone.${number}` };
  }

  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
  });
  afterAll(() => server?.stop());

  describe.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] satisfies Compression[])('%s', (compression) => {
    const lines = Array.from({ length: 400 }, (_, index) => `line ${index}${' trail'.repeat(40)}`);

    test('is read as Java producers write it, and written as Java consumers read it', async () => {
      const { topic, log, group } = await fresh(1, { compression });
      const at = ['--bootstrap-server', brokers.join(','), '--topic', topic];
      const codec = ['--producer-property', `compression.type=${compression}`];
      await server?.tool('org.apache.kafka.tools.ConsoleProducer', [...at, ...codec], `${lines.join('\n')}\n`);
      await log.append(
        topic,
        0,
        lines.map((line) => ({ value: Buffer.from(line) })),
      );

      const following = follow(log, { group, topics: [topic] });
      await following.settled(800);
      await following.stop();
      expect(following.records().map(({ value }) => text(value))).toEqual([...lines, ...lines]);

      const read = ['--from-beginning', '--max-messages', '800', '--timeout-ms', '20000'];
      const seen = await server?.tool('org.apache.kafka.tools.consumer.ConsoleConsumer', [...at, ...read]);
      expect(seen?.trim().split('\n')).toEqual([...lines, ...lines]);
    });
  });

  test('transaction markers and aborted records are absent from a range that stays contiguous', async () => {
    const { topic, log, group } = await fresh();
    const producer = kafka.producer({
      transactionalId: `${topic}.tx`,
      maxInFlightRequests: 1,
      idempotent: true,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    for (const [outcome, value] of [
      ['commit', 'a'],
      ['abort', 'b'],
      ['abort', 'c'],
      ['commit', 'd'],
    ] as const) {
      const transaction = await producer.transaction();
      await transaction.send({
        topic,
        messages: [
          { value, partition: 0 },
          { value, partition: 0 },
        ],
      });
      await transaction[outcome]();
    }
    await producer.disconnect();
    await log.append(topic, 0, values(1));

    const following = follow(log, { group, topics: [topic] });
    await following.settled(5);
    await following.stop();
    expect(following.records().map(({ offset }) => offset)).toEqual([0, 1, 9, 10, 12]);
    expect(following.batches[0]?.first).toBe(0);
    expect(following.batches.at(-1)?.next).toBe(13);
    for (const [index, batch] of following.batches.entries())
      if (index > 0) expect(batch.first).toBe(following.batches[index - 1]?.next);
  });

  test('members share the partitions, and a member that leaves loses nothing', async () => {
    const { topic, log, group } = await fresh(4);
    const first = follow(log, { group, topics: [topic] });
    const each = async (from: number) => {
      for (let partition = 0; partition < 4; partition++) await log.append(topic, partition, values(25, from));
    };
    await each(0);
    await first.settled(100);
    const second = follow(open(), { group, topics: [topic] });
    const together = () => [...first.records(), ...second.records()];
    const owners = () => new Set(second.batches.map(({ partition }) => partition)).size;
    let rounds = 1;
    while (owners() < 2) {
      await each(25 * rounds++);
      await setTimeout(200);
    }
    const before = [first.records().length, second.records().length];
    await each(25 * rounds++);
    await expect.poll(() => new Set(together().map(name)).size, { timeout: 20_000 }).toBe(100 * rounds);

    const late = [first.records().slice(before[0]), second.records().slice(before[1])];
    const owned = late.map((records) => new Set(records.map(({ partition }) => partition)));
    expect([...(owned[0] ?? [])].filter((partition) => owned[1]?.has(partition))).toEqual([]);

    await second.stop();
    await each(25 * rounds++);
    await expect.poll(() => new Set(together().map(name)).size, { timeout: 20_000 }).toBe(100 * rounds);
    await first.stop();
    for (const { offset } of (await log.committed(group, topic)).values()) expect(offset).toBe(25 * rounds);
  });

  test('a broker that is killed and comes back is lived through, by producer and consumer', async () => {
    const { topic, log, group } = await fresh();
    const following = follow(log, { group, topics: [topic] });
    await log.append(topic, 0, values(10));
    await expect.poll(async () => (await log.committed(group, topic)).get(0)?.offset, { timeout: 10_000 }).toBe(10);
    await server?.kill();
    const waiting = log.append(topic, 0, values(10, 10));
    await setTimeout(3_000);
    await server?.restart();
    expect(await waiting).toBe(10);
    await following.settled(20);
    await following.stop();
    expect(following.records().map(({ offset }) => offset)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect((await log.committed(group, topic)).get(0)?.offset).toBe(20);
  });

  test('a slow handler keeps its session', async () => {
    const { topic, log, group } = await fresh();
    await log.append(topic, 0, values(1));
    const following = follow(log, { group, topics: [topic] }, async (_, signal) => {
      await setTimeout(9_000, undefined, { signal });
      return undefined;
    });
    await following.settled(1);
    await following.stop();
    expect(following.batches).toHaveLength(1);
    expect((await log.committed(group, topic)).get(0)?.offset).toBe(1);
  });

  test('a handler that never ends is told to, and ends the source', async () => {
    const { topic, log, group } = await fresh(1, { patience: { handlerMs: 1_500, endMs: 500 } });
    await log.append(topic, 0, values(1));
    let told = false;
    const following = follow(log, { group, topics: [topic] }, (_, signal) => {
      signal.addEventListener('abort', () => {
        told = true;
      });
      return new Promise(() => {});
    });
    await expect(following.ended).rejects.toThrow('longer than 1500 ms');
    expect(told).toBe(true);
  });

  test('a byte that the disk changed ends the source, and nothing of it is committed', async () => {
    const { topic, log, group } = await fresh(1, { compression: 'none' });
    await log.append(topic, 0, values(3));
    await server?.changeByte(topic, 0, -1);
    const seen: unknown[] = [];
    const source = log.subscribe({ group, topics: [topic] });
    const run = source.run(async (batch) => void seen.push(batch), AbortSignal.timeout(60_000));
    await expect(run).rejects.toThrow('offset 0: the record batch does not have its checksum');
    expect(seen).toEqual([]);
    expect(await log.committed(group, topic)).toEqual(new Map());
  });

  test('a topic that was re-created under a running consumer is a loss', async () => {
    const { topic, log, group } = await fresh();
    await log.append(topic, 0, values(10));
    const following = follow(log, { group, topics: [topic] });
    await following.settled(10);
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await expect.poll(async () => (await admin.listTopics()).includes(topic)).toBe(false);
    await log.create([{ name: topic, partitions: 1, retentionMs: -1 }]);
    await log.append(topic, 0, values(2));
    await admin.disconnect();
    await expect(following.ended).rejects.toThrow(/cut or re-created|does not host/);
  });
});

const name = ({ partition, offset }: { readonly partition: number; readonly offset: number }) =>
  `${partition}/${offset}`;

import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import type { Clock } from '../../core/clock.ts';
import type { Committed, Position, TopicSpec, TopicState } from '../../core/log.ts';
import { readOffset } from './envelope.ts';
import { isPassing, kafkaType } from './failure.ts';

export interface Topics {
  create(specs: readonly TopicSpec[]): Promise<void>;
  describe(topic: string): Promise<TopicState | undefined>;
  committed(group: string, topic: string): Promise<ReadonlyMap<number, Committed>>;
  /** Where every partition of the topic stands for a group. */
  positions(group: string, topic: string): Promise<readonly Position[]>;
  /** Deletes a group that has no members; brokers expire it otherwise. */
  forget(group: string): Promise<void>;
  close(): Promise<void>;
}

/** Replicas of a topic we create: -1 leaves the number to the cluster (KIP-464). */
export function openTopics(kafka: Kafka, replicationFactor: number, clock: Clock, closing: AbortSignal): Topics {
  const { use, close } = openAdmin(kafka, clock, closing);

  async function bounds(topic: string) {
    const found = await use((admin) => admin.fetchTopicOffsets(topic));
    return found
      .map(({ partition, low, high }) => ({ partition, start: readOffset(low), end: readOffset(high) }))
      .sort((a, b) => a.partition - b.partition);
  }

  async function committed(group: string, topic: string) {
    const [found] = await use((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
    const known = (found?.partitions ?? []).map(
      ({ partition, offset, metadata }) =>
        [partition, { offset: readOffset(offset), metadata: metadata ?? '' }] as const,
    );
    // Kafka answers -1 where a group never committed.
    return new Map(known.filter(([, { offset }]) => offset >= 0));
  }

  return {
    committed,
    close,

    async create(specs) {
      const existing = new Set(await use((admin) => admin.listTopics()));
      const missing = specs.filter(({ name }) => !existing.has(name));
      if (missing.length === 0) return;
      const topics = missing.map(({ name, partitions, retentionMs, maxRecordBytes, isStampedByLog = false }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor,
        configEntries: [
          { name: 'retention.ms', value: String(retentionMs) },
          ...(maxRecordBytes === undefined ? [] : [{ name: 'max.message.bytes', value: String(maxRecordBytes) }]),
          ...(isStampedByLog ? [{ name: 'message.timestamp.type', value: 'LogAppendTime' }] : []),
        ],
      }));
      await use((admin) => admin.createTopics({ topics, waitForLeaders: true }));
    },

    async describe(topic) {
      const existing = await use((admin) => admin.listTopics());
      if (!existing.includes(topic)) return undefined;
      const partitions = (await bounds(topic)).map(({ start, end }) => ({ start, end }));
      return { name: topic, partitions, retentionMs: await use((admin) => retentionOf(admin, topic)) };
    },

    async forget(group) {
      await use((admin) => admin.deleteGroups([group])).catch(() => undefined);
    },

    async positions(group, topic) {
      const known = await committed(group, topic);
      const found = await bounds(topic);
      return found.map((at) => ({ topic, ...at, committed: known.get(at.partition) }));
    },
  };
}

async function retentionOf(admin: Admin, topic: string): Promise<number | undefined> {
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type, name: topic, configNames: ['retention.ms'] }],
    });
    const value = resources[0]?.configEntries.find((entry) => entry.configName === 'retention.ms')?.configValue;
    return value === undefined ? undefined : Number(value);
  } catch (error) {
    if (kafkaType(error)?.endsWith('AUTHORIZATION_FAILED')) return undefined;
    throw error;
  }
}

/** Tries, and between them, for answers that brokers give while leaders and coordinators move. */
const TRIES = 10;
const AGAIN_MS = 1_000;

/**
 * One connection for all questions. A question that fails on an old one is asked again on a new one: kafkajs' admin does
 * not always find back to a broker, and stumbles over every topic it once knew and that was deleted since. A broker that
 * answers "not yet", as it does for a topic that was just created, is asked again.
 */
function openAdmin(kafka: Kafka, clock: Clock, closing: AbortSignal) {
  let current: Promise<Admin> | undefined;

  async function connect(): Promise<Admin> {
    const admin = kafka.admin();
    try {
      await admin.connect();
    } catch (error) {
      await admin.disconnect().catch(() => undefined);
      throw error;
    }
    return admin;
  }

  async function drop(connection: Promise<Admin>): Promise<void> {
    if (current === connection) current = undefined;
    await connection.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  return {
    async use<T>(ask: (admin: Admin) => Promise<T>): Promise<T> {
      for (let attempt = 1; ; attempt++) {
        const isOld = current !== undefined;
        current ??= connect();
        const connection = current;
        try {
          return await ask(await connection);
        } catch (error) {
          await drop(connection);
          const isNotYet = kafkaType(error) !== undefined && isPassing(error) && attempt < TRIES;
          if (!isOld && !isNotYet) throw error;
          if (isNotYet) await clock.sleep(AGAIN_MS, closing);
        }
      }
    },
    async close(): Promise<void> {
      if (current !== undefined) await drop(current);
    },
  };
}

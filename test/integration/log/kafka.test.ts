import kafkajs, { type Admin } from 'kafkajs';
import { afterAll, beforeAll, describe } from 'vitest';
import { silent } from '../../../services/core/logger.ts';
import { guardKafkajs } from '../../../services/log/kafka/guards.ts';
import { openKafkaLog } from '../../../services/log/kafka/index.ts';
import { shiftedClock } from '../../support/clock.ts';
import { startKafka } from '../../support/kafka.ts';
import { conformance } from './conformance.ts';

// The suite's own client connects first.
guardKafkajs();

const server = await startKafka();
const clock = shiftedClock();

describe.skipIf(server === undefined)('kafka', () => {
  const brokers = [...(server?.brokers ?? [])];
  const kafka = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
  let admin: Admin;

  beforeAll(async () => {
    admin = kafka.admin();
    await admin.connect();
  });
  afterAll(async () => {
    await admin.disconnect();
    await server?.stop();
  });

  conformance(() => ({
    open: () => openKafkaLog({ brokers, clientId: 'conformance', logger: silent, clock }),
    async truncate(topic, partition, start) {
      // kafkajs knows the leaders only of topics it was asked about before.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(start) }] });
    },
    async overcommit(groupId, topic, partition, offset) {
      await admin.setOffsets({ groupId, topic, partitions: [{ partition, offset: String(offset) }] });
    },
    /** The broker's clock is not ours to move: its records expire after a second, and it looks every half. */
    async age() {},
    expiring: { partitions: 1, retentionMs: 1_000 },
  }));
});

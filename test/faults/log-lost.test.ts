import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silent } from '../../services/core/logger.ts';
import { openKafkaLog } from '../../services/log/kafka/index.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { type KafkaServer, startKafka } from '../support/kafka.ts';
import { produce } from './oracle.ts';
import { type KafkaSite, kafkaSite, pause } from './site.ts';

/** The raw log is cut or replaced under ingest: it stops and says what is gone, and never reads on. */

let kafka: KafkaServer | undefined;
let site: KafkaSite;

beforeEach(async (context) => {
  kafka = await startKafka();
  if (kafka === undefined) return context.skip();
  site = await kafkaSite(kafka);
});
afterEach(async () => {
  if (kafka === undefined) return;
  await site.close();
  await kafka.stop();
});

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

async function admin<T>(use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
  const client = new Kafka({ brokers: [...(kafka?.brokers ?? [])], logLevel: logLevel.NOTHING }).admin();
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.disconnect();
  }
}

/** Ingest and archive until everything produced so far is stored, then both stopped. */
async function settle(): Promise<void> {
  const roles = ['ingest', 'archive'].map((name) => site.start(name));
  const { lost } = await site.verdict(60_000);
  await Promise.all(roles.map((role) => role.stop()));
  expect(lost).toEqual([]);
}

test('offsets deleted below the committed one are harmless, unread ones stop the lane by name', async () => {
  await produce(site.log, site.topic, 0, numbers(0, 50), site.produced);
  await settle();
  await produce(site.log, site.topic, 0, numbers(50, 30), site.produced);
  await admin(async (client) => {
    // kafkajs looks for the partition's leader in metadata it has not asked for yet.
    await client.fetchTopicMetadata({ topics: [site.topic] });
    await client.deleteTopicRecords({ topic: site.topic, partitions: [{ partition: 0, offset: '70' }] });
  });
  const ingest = site.start('ingest');
  expect(await ingest.ended).toBe(1);
  expect(ingest.said()).toContain(`${site.topic}/0: offsets 50 to 69 are gone from the log`);

  // What the runbook says: the operator lets the group go on, and coverage names the hole for ever.
  await admin((client) =>
    client.setOffsets({
      groupId: 'trailhouse-ingest',
      topic: site.topic,
      partitions: [{ partition: 0, offset: '70' }],
    }),
  );
  for (let gone = 50; gone < 70; gone++) site.produced.delete(`${site.topic}/0/${gone}`);
  const roles = ['ingest', 'archive'].map((name) => site.start(name));
  const { lost, twice, invented } = await site.verdict(20_000);
  await Promise.all(roles.map((role) => role.stop()));
  expect({ lost, twice, invented }).toEqual({ lost: [`coverage of ${site.topic}/0`], twice: [], invented: [] });
  expect(await site.holes()).toEqual([[{ first: 50, next: 70 }]]);
});

test.each([
  ['shorter', 10, /the log ends at 10, before our offset|is not the record settled before/],
  ['longer', 90, /is not the record settled before: the log was re-created/],
])('a topic re-created %s than before is told apart, and a new epoch takes it up', async (_, count, words) => {
  await produce(site.log, site.topic, 0, numbers(0, 50), site.produced);
  await settle();
  await admin(async (client) => {
    await client.deleteTopics({ topics: [site.topic] });
    while ((await client.listTopics()).includes(site.topic)) await pause(200);
  });
  // A producer of its own: an idempotent one goes on with the sequence numbers of the topic that is gone.
  const log = openKafkaLog({ brokers: kafka?.brokers ?? [], clientId: 'again', clock: systemClock, logger: silent });
  // Deletion goes on behind the answer: a topic made too early can go with the old one.
  for (let calm = 0; calm < 5; calm++) {
    await log.create([{ name: site.topic, partitions: site.partitions, retentionMs: -1 }]).catch(() => undefined);
    if ((await log.describe(site.topic)) === undefined) calm = 0;
    await pause(200);
  }
  const again = new Map<string, number>();
  await produce(log, site.topic, 0, numbers(1_000, count), again);
  await log.close();

  const ingest = site.start('ingest');
  const code = await Promise.race([ingest.ended, pause(30_000)]);
  expect(code, ingest.said()).toBe(1);
  expect(ingest.said()).toMatch(words);

  const raised = site.raise();
  const roles = ['ingest', 'archive'].map((name) => site.start(name, raised));
  const { lost, twice, invented } = await site.verdict(60_000, again, 1);
  await Promise.all(roles.map((role) => role.stop()));
  expect({ lost, twice, invented }).toEqual({ lost: [], twice: [], invented: [] });
});

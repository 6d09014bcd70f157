import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { type ClickHouse, openClickHouse } from '../../../services/clickhouse/client.ts';
import type { Log } from '../../../services/core/log.ts';
import { silent } from '../../../services/core/logger.ts';
import { openKafkaLog } from '../../../services/log/kafka/index.ts';
import { systemClock } from '../../../services/processes/clock.ts';
import { company, writtenTo } from '../../bench/corpus/company.ts';
import { type Supplied, supply } from '../../bench/corpus/supply.ts';
import { clickhouseFront } from '../../support/clickhouse-front.ts';
import { startKafka } from '../../support/kafka.ts';
import { freePort } from '../../support/ports.ts';
import { type Role, startRole, workplace } from '../../support/role.ts';

export const TOPIC = { name: 'gateway.events', partitions: 4 } as const;
const ROLES = ['ingest', 'archive'] as const;
/** Messages of the bench's W1, used in turns: to make one costs about as much as to take it in. */
const POOL = 40_000;
/** Small segments: what both have read is given back. */
const SEGMENT_BYTES = '33554432';

/** A role, and where it tells its metrics. */
export interface Player {
  readonly name: string;
  readonly role: Role;
  readonly metrics: string;
}

/** Apache Kafka, an engine behind a front, ingest and archive, and messages for them. */
export interface Stage {
  readonly log: Log;
  readonly store: ClickHouse['writer'];
  readonly players: readonly Player[];
  readonly enginePid: number;
  /** The next messages. */
  take(count: number): Supplied['messages'];
  /** Lets the broker forget what nobody reads again, below these offsets. */
  forget(topic: string, below: ReadonlyMap<number, number>): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const kafka = await startKafka({ config: { 'log.segment.bytes': SEGMENT_BYTES } });
  if (kafka === undefined) throw new Error('Apache Kafka cannot be started: see the line above');
  const place = workplace();
  const people = company();
  const front = await clickhouseFront(join(place.folder, 'server'));
  const config = place.write({
    data: place.folder,
    log: { driver: 'kafka', brokers: kafka.brokers },
    clickhouse: { driver: 'server', url: front.config.url },
    topics: { [TOPIC.name]: { partitions: TOPIC.partitions, formats: ['litellm', 'envelope'], ceiling: 'verified' } },
    audit: { partitions: 2 },
    identity: { directory: writtenTo(place.folder, people) },
    log_level: 'warn',
  });
  const log = openKafkaLog({ brokers: kafka.brokers, clientId: 'load', clock: systemClock, logger: silent });
  await log.create([{ ...TOPIC, retentionMs: -1 }]);
  const players = await Promise.all(ROLES.map((name) => started(name, config)));
  const store = await openClickHouse({ ...front.config, requestTimeoutMs: 60_000 });
  const admin = new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const pool = supply('W1', people).take(POOL).messages;
  let taken = 0;

  return {
    log,
    store: store.writer,
    players,
    enginePid: front.pid(),
    take: (count) => Array.from({ length: count }, () => pool[taken++ % POOL]).filter((one) => one !== undefined),
    async forget(topic, below) {
      // kafkajs knows the leaders only of topics it was asked about before.
      await admin.fetchTopicMetadata({ topics: [topic] });
      const partitions = [...below].map(([partition, offset]) => ({ partition, offset: String(offset) }));
      await admin.deleteTopicRecords({ topic, partitions });
    },
    async close() {
      await Promise.all(players.map(({ role }) => role.stop()));
      for (const { name, role } of players) if (role.said() !== '') process.stderr.write(`${name}: ${role.said()}`);
      await Promise.all([admin.disconnect(), log.close(), store.close()]);
      await Promise.all([front.close(), kafka.stop()]);
      place.remove();
    },
  };
}

async function started(name: string, config: string): Promise<Player> {
  const address = `127.0.0.1:${await freePort()}`;
  const role = startRole(name, config, { TRAILHOUSE_LISTEN__HEALTH: address });
  process.once('exit', () => role.signal('SIGKILL'));
  return { name, role, metrics: `http://${address}/metrics` };
}

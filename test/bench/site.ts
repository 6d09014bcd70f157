import { join } from 'node:path';
import { type ClickHouse, openClickHouse } from '../../services/clickhouse/client.ts';
import { silent } from '../../services/core/logger.ts';
import { openKafkaLog } from '../../services/log/kafka/index.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { clickhouseFront } from '../support/clickhouse-front.ts';
import { startKafka } from '../support/kafka.ts';
import { startRole, workplace } from '../support/role.ts';
import { type Company, writtenTo } from './corpus/company.ts';
import { OURS, type Side } from './drain.ts';
import { createTables, startTwin, type Twin } from './naive/twin.ts';

export const TOPIC = { name: 'bench.events', partitions: 4 } as const;
const AUDIT_PARTITIONS = 2;

/** Trailhouse and the naive twin beside each other, each with an engine of its own, on one broker. */
export interface Site {
  readonly brokers: readonly string[];
  readonly ours: Side;
  readonly naive: Side;
  readonly twin: Twin;
  /** The store of each side, to ask anything of. */
  readonly stores: { readonly ours: ClickHouse; readonly naive: ClickHouse };
  close(): Promise<void>;
}

const QUIET = { TRAILHOUSE_LISTEN__HEALTH: '127.0.0.1:0' };

/** Undefined where no Apache Kafka can be started. */
export async function openSite(people: Company): Promise<Site | undefined> {
  const kafka = await startKafka();
  if (kafka === undefined) return undefined;
  const place = workplace();
  const [oursFront, naiveFront] = [
    await clickhouseFront(join(place.folder, 'ours')),
    await clickhouseFront(join(place.folder, 'naive')),
  ];
  const config = place.write({
    data: place.folder,
    log: { driver: 'kafka', brokers: kafka.brokers },
    clickhouse: { driver: 'server', url: oursFront.config.url },
    topics: { [TOPIC.name]: { partitions: TOPIC.partitions, formats: ['litellm', 'envelope'], ceiling: 'verified' } },
    audit: { partitions: AUDIT_PARTITIONS },
    identity: { directory: writtenTo(place.folder, people) },
    log_level: 'warn',
  });
  const log = openKafkaLog({ brokers: kafka.brokers, clientId: 'bench', clock: systemClock, logger: silent });
  await log.create([{ ...TOPIC, retentionMs: -1 }]);
  await log.close();
  const open = (front: typeof oursFront) => openClickHouse({ ...front.config, requestTimeoutMs: 60_000 });
  const stores = { ours: await open(oursFront), naive: await open(naiveFront) };
  await createTables(stores.naive);
  const roles = { ingest: startRole('ingest', config, QUIET), archive: startRole('archive', config, QUIET) };
  process.once('exit', () => {
    for (const role of Object.values(roles)) role.signal('SIGKILL');
  });
  const keys = join(place.folder, 'keys');
  const twin = await startTwin(kafka.brokers[0] ?? '', TOPIC.name, naiveFront.config.url, keys);

  return {
    brokers: kafka.brokers,
    twin,
    stores,
    ours: {
      name: 'ours',
      pids: { ingest: roles.ingest.pid, archive: roles.archive.pid, engine: oursFront.pid() },
      store: stores.ours.writer,
      tables: OURS,
    },
    naive: {
      name: 'naive',
      pids: { twin: twin.pid, engine: naiveFront.pid() },
      store: stores.naive.writer,
      tables: { events: 'naive.events', content: 'naive.content', quarantine: 'naive.quarantine' },
    },
    async close() {
      for (const role of Object.values(roles)) role.signal('SIGKILL');
      await Promise.all([...Object.values(roles).map(({ ended }) => ended), twin.stop()]);
      for (const [role, { said }] of Object.entries(roles))
        if (said() !== '') process.stderr.write(`${role}: ${said()}`);
      await Promise.all([stores.ours.close(), stores.naive.close()]);
      await Promise.all([oursFront.close(), naiveFront.close(), kafka.stop()]);
      place.remove();
    },
  };
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { openClickHouse } from '../../services/clickhouse/client.ts';
import type { Log } from '../../services/core/log.ts';
import { silent } from '../../services/core/logger.ts';
import { openEmbeddedLog } from '../../services/log/embedded/index.ts';
import { openKafkaLog } from '../../services/log/kafka/index.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { type ClickHouseFront, clickhouseFront } from '../support/clickhouse-front.ts';
import type { KafkaServer } from '../support/kafka.ts';
import { freePort } from '../support/ports.ts';
import { type Role, startRole, workplace } from '../support/role.ts';
import { type Finding, judge, type Produced, type Stored } from './oracle.ts';

/** A place where roles run as real processes and messages are produced to them. */
export interface Site {
  /** Path of the configuration the roles are started with. */
  readonly config: string;
  /** Starts a role as a process; whatever still runs when the site closes is killed. */
  start(role: string, config?: string, environment?: NodeJS.ProcessEnv): Role;
  /** Raw topic of this site, and its number of partitions. */
  readonly topic: string;
  readonly partitions: number;
  readonly log: Log;
  readonly produced: Map<string, number>;
  /** Compares row by row; waits for what is missing as long as it gets less, `patienceMs` at a time. */
  verdict(patienceMs?: number): Promise<Finding>;
  close(): Promise<void>;
}

export interface KafkaSite extends Site {
  readonly front: ClickHouseFront;
  /** As above, of another set of messages and another epoch of the log. */
  verdict(patienceMs?: number, produced?: Produced, epoch?: number): Promise<Finding>;
  /** The stretches of raw offsets that `audit.coverage` names as holes. */
  holes(): Promise<unknown>;
  /** Asks the store. */
  rows(sql: string, params?: Readonly<Record<string, unknown>>): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** A configuration in which the epoch of the raw topic is one higher. */
  raise(): string;
}

const origin = z.object({
  topic: z.string(),
  partition: z.coerce.number(),
  offset: z.coerce.number(),
  ordinal: z.coerce.number(),
  copies: z.coerce.number(),
});
const stored = z.object({
  events: z.array(origin),
  content: z.array(origin),
  quarantined: z.array(origin),
  trail: z.array(origin),
  uncovered: z.array(z.string()),
});

const topics = (name: string, partitions: number) => ({
  [name]: { partitions, formats: ['envelope'], ceiling: 'claimed' },
});

/** Embedded log and engine: what `up` runs on. The store is read once `up` has ended. `prepare` is given the data directory first. */
export async function embeddedSite(prepare: (folder: string) => void = () => {}): Promise<Site> {
  const place = workplace();
  prepare(place.folder);
  const [topic, partitions] = ['endpoint.events', 1];
  const config = place.write({
    data: place.folder,
    topics: topics(topic, partitions),
    listen: { query: `127.0.0.1:${await freePort()}`, health: `127.0.0.1:${await freePort()}` },
    log_level: 'warn',
  });
  const log = await openEmbeddedLog({ path: join(place.folder, 'log.sqlite'), clock: systemClock });
  await log.create([{ name: topic, partitions, retentionMs: -1 }]);
  const produced = new Map<string, number>();
  const script = new URL('../support/read-store.ts', import.meta.url).pathname;
  const { start, dismiss } = crew(config);
  return {
    config,
    start,
    topic,
    partitions,
    log,
    produced,
    async verdict() {
      const { stdout } = await promisify(execFile)(process.execPath, [script, place.folder], { maxBuffer: 2 ** 30 });
      return judge(produced, stored.parse(JSON.parse(stdout)));
    },
    async close() {
      await dismiss();
      await log.close();
      place.remove();
    },
  };
}

/** Two roles on one machine cannot share a port: health listens on one the system picks. */
const UNLISTENED = { TRAILHOUSE_LISTEN__HEALTH: '127.0.0.1:0' };

function crew(config: string): Pick<Site, 'start'> & { dismiss(): Promise<void> } {
  const roles: Role[] = [];
  return {
    start(name, other = config, environment = {}) {
      const role = startRole(name, other, { ...UNLISTENED, ...environment });
      roles.push(role);
      return role;
    },
    async dismiss() {
      for (const role of roles) role.signal('SIGKILL');
      await Promise.all(roles.map(({ ended }) => ended));
    },
  };
}

/** Raw partitions with holes, and those whose accounts do not reach what was produced: events are there before their account is. */
function uncovered(expected: Produced, coverage: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const ends = new Map<string, number>();
  for (const produced of expected.keys()) {
    const [, place = '', offset] = /^(.*)\/(\d+)$/.exec(produced) ?? [];
    ends.set(place, Math.max(ends.get(place) ?? 0, Number(offset) + 1));
  }
  const whole = new Map(
    coverage.map(({ place, complete, next }) => [
      String(place),
      complete === 1 || complete === true ? Number(next) : -1,
    ]),
  );
  const short = [...ends].filter(([place, end]) => (whole.get(place) ?? -1) < end).map(([place]) => place);
  return [...new Set([...short, ...[...whole].filter(([, next]) => next < 0).map(([place]) => place)])];
}

let sites = 0;

/** Apache Kafka and a ClickHouse front: what `ingest` and `archive` run on. Each site has topics of its own. */
export async function kafkaSite(kafka: KafkaServer, more: Readonly<Record<string, unknown>> = {}): Promise<KafkaSite> {
  const place = workplace();
  const front = await clickhouseFront(join(place.folder, 'server'));
  const [topic, partitions] = [`raw.${process.pid}.${sites++}`, 3];
  const settings = {
    data: place.folder,
    log: { driver: 'kafka', brokers: kafka.brokers, session_timeout_ms: 6_000 },
    clickhouse: { driver: 'server', url: front.config.url, request_timeout_ms: 3_000 },
    topics: topics(topic, partitions),
    audit: { partitions: 2 },
    listen: { query: `127.0.0.1:${await freePort()}`, health: `127.0.0.1:${await freePort()}` },
    log_level: 'info',
    ...more,
  };
  const config = place.write(settings);
  const log = openKafkaLog({ brokers: kafka.brokers, clientId: 'test', clock: systemClock, logger: silent });
  await log.create([{ name: topic, partitions, retentionMs: -1 }]);
  const produced = new Map<string, number>();
  const reader = await openClickHouse({ ...front.config, requestTimeoutMs: 30_000 });
  const read = (table: string, ordinal: string, epoch: number) =>
    reader.writer.rows(
      `SELECT origin_topic AS topic, origin_partition AS partition, origin_offset AS offset, ${ordinal} AS ordinal,
              count() AS copies
       FROM ${table} WHERE origin_topic = {topic:String} AND origin_epoch = {epoch:Int32} GROUP BY ALL`,
      { topic, epoch },
    );
  const look = async (epoch: number, expected: Produced): Promise<Stored> =>
    stored.parse({
      events: await read('audit.events', 'origin_ordinal', epoch),
      content: await read('audit.content', 'origin_ordinal', epoch),
      quarantined: await read('audit.quarantine', 'toInt32(0)', epoch),
      trail: await read('audit.trail', 'origin_ordinal', epoch),
      uncovered: uncovered(
        expected,
        await reader.writer.rows(
          `SELECT concat(origin_topic, '/', toString(origin_partition)) AS place, complete, next FROM audit.coverage
           WHERE origin_topic = {topic:String} AND origin_epoch = {epoch:Int32}`,
          { topic, epoch },
        ),
      ),
    });
  const { start, dismiss } = crew(config);
  return {
    config,
    start,
    topic,
    partitions,
    log,
    produced,
    front,
    holes: async () =>
      (
        await reader.writer.rows(
          'SELECT holes FROM audit.coverage WHERE origin_topic = {topic:String} AND NOT complete',
          {
            topic,
          },
        )
      ).map(({ holes }) => holes),
    rows: (sql, params = {}) => reader.writer.rows(sql, params),
    raise: () => place.write({ ...settings, topics: { [topic]: { ...settings.topics[topic], epoch: 1 } } }),
    async verdict(patienceMs = 150_000, expected = produced, epoch = 0) {
      let until = Date.now() + patienceMs;
      let least = Number.POSITIVE_INFINITY;
      for (;;) {
        const finding = await look(epoch, expected)
          .then((rows) => judge(expected, rows))
          .catch(() => undefined);
        const lost = finding?.lost.length ?? Number.POSITIVE_INFINITY;
        if (lost < least) until = Date.now() + patienceMs;
        least = Math.min(least, lost);
        if (finding !== undefined && (lost === 0 || Date.now() > until)) return finding;
        await pause(Math.min(500 + lost / 20, 5_000));
      }
    },
    async close() {
      await dismiss();
      await reader.close();
      await log.close();
      await front.close();
      place.remove();
    },
  };
}

/** Fault runs wait for real processes. */
export function pause(ms: number): Promise<void> {
  return systemClock.sleep(ms, new AbortController().signal);
}

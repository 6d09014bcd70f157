import { hostname } from 'node:os';
import { archiveLane } from '../clickhouse/archive.ts';
import type { ClickHouse } from '../clickhouse/client.ts';
import { ClickHouseFailure } from '../clickhouse/failure.ts';
import { migrate } from '../clickhouse/migrate.ts';
import { healthServer } from '../console/health.ts';
import { queryServer } from '../console/query.ts';
import { listenOnSocket } from '../console/socket.ts';
import type { Log } from '../core/log.ts';
import type { Logger } from '../core/logger.ts';
import { rules } from '../detections/index.ts';
import { type Bindings, bind } from './bindings.ts';
import { systemClock } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { ConfigError } from './config-error.ts';
import { openDesk } from './desk.ts';
import { openReceivers } from './export/receivers.ts';
import { ingest } from './ingest/stage.ts';
import { openLogger } from './logger.ts';
import { type Metrics, openMetrics } from './metrics.ts';
import { ANALYST, openKeyring, openLog, openSchemas, openStore, paths, refuseSecond, WATCHER } from './open.ts';
import { address, closing, serve } from './serve.ts';
import { type Part, supervise, untilSignalled } from './supervise.ts';
import { createTopics } from './topics.ts';
import { VERSION } from './version.ts';
import { openFindings } from './watch/findings.ts';
import { watch } from './watch/stage.ts';

/** What every role shares. */
interface Base {
  readonly config: Config;
  readonly bindings: Bindings;
  readonly logger: Logger;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Aborts when the process is asked to stop. */
  readonly asked: AbortSignal;
}

const ARCHIVED = ['audit.events', 'audit.content', 'audit.quarantine', 'audit.accounting', 'audit.deliveries'] as const;

export async function ingestRole(file: string | undefined): Promise<number> {
  return play('ingest', readConfig(file, process.env), async (base) => [await ingestPart(base)]);
}

export async function archiveRole(file: string | undefined): Promise<number> {
  const config = readConfig(file, process.env);
  await refuseSecond(config);
  const clickhouse = await openStore(config);
  try {
    return await play('archive', config, async (base) => archiveParts(base, clickhouse));
  } finally {
    await clickhouse.close();
  }
}

/** Creates topics and tables, and ends: for whoever starts roles side by side. */
export async function setupRole(file: string | undefined): Promise<number> {
  const config = readConfig(file, process.env);
  await refuseSecond(config);
  const logger = openLogger(config.log_level, 'setup');
  const clickhouse = await openStore(config);
  const log = await openLog(config, { clock: systemClock, logger });
  try {
    const asked = untilSignalled();
    await prepared(() => createTopics(log, bind(config.topics), config.audit, logger), logger, asked);
    await migrated(clickhouse, logger, asked);
    return 0;
  } finally {
    await log.close();
    await clickhouse.close();
  }
}

export async function exportRole(file: string | undefined): Promise<number> {
  const config = readConfig(file, process.env);
  if (Object.keys(config.sinks).length === 0)
    throw new ConfigError('no receivers are configured: name one below `sinks`');
  await refuseSecond(config);
  const clickhouse = await openStore(config);
  try {
    return await play('export', config, async (base) => exportParts(base, clickhouse));
  } finally {
    await clickhouse.close();
  }
}

export async function watchRole(file: string | undefined): Promise<number> {
  const config = readConfig(file, process.env);
  await refuseSecond(config);
  const clickhouse = await openStore(config);
  try {
    return await play('watch', config, async (base) => [watchPart(base, clickhouse)]);
  } finally {
    await clickhouse.close();
  }
}

/** All roles and the query interface in one process. */
export async function upRole(
  config: Config,
  prepare: (base: Base, clickhouse: ClickHouse) => Promise<readonly Part[]>,
): Promise<number> {
  await refuseSecond(config);
  const clickhouse = await openStore(config);
  try {
    return await play('up', config, async (base) => [
      await ingestPart(base),
      ...(await archiveParts(base, clickhouse)),
      ...(await exportParts(base, clickhouse)),
      watchPart(base, clickhouse),
      ...(await deskParts(base, clickhouse)),
      ...(await prepare(base, clickhouse)),
    ]);
  } finally {
    await clickhouse.close();
  }
}

async function play(role: string, config: Config, build: (base: Base) => Promise<readonly Part[]>): Promise<number> {
  const asked = untilSignalled();
  const logger = openLogger(config.log_level, role);
  endOnStray(logger);
  const bindings = bind(config.topics);
  const metrics = openMetrics();
  const log = await openLog(config, { clock: systemClock, logger });
  try {
    await prepared(() => createTopics(log, bindings, config.audit, logger), logger, asked);
    const unready = new Set(['starting']);
    const health = healthServer({ unready: () => [...unready], metrics: () => metrics.registry.metrics() });
    const listening = await serve('health', health, config.listen.health);
    const parts = await build({ config, bindings, logger, log, metrics, asked });
    unready.delete('starting');
    asked.addEventListener('abort', () => unready.add('stopping'), { once: true });
    const { data, listen } = config;
    logger.info({ version: VERSION, node: process.version, data, listen }, 'running');
    return await supervise([listening, ...parts], logger, asked);
  } finally {
    await log.close();
  }
}

/** Node would print the whole error, and its message may quote what it was given. */
function endOnStray(logger: Logger): void {
  for (const kind of ['uncaughtException', 'unhandledRejection'] as const)
    process.once(kind, (error: unknown) => {
      logger.error({ kind, error: error instanceof Error ? error.name : 'unknown error' }, 'ends on a stray error');
      process.exit(1);
    });
}

async function ingestPart({ config, bindings, logger, log, metrics }: Base): Promise<Part> {
  const stage = ingest({
    log,
    bindings,
    auditPartitions: config.audit.partitions,
    schemas: await openSchemas(config),
    keys: openKeyring(config),
    retention: config.retention,
    privacy: config.privacy,
    quarantineDays: config.quarantine_days,
    clock: systemClock,
    logger,
    count(topic, counts) {
      for (const outcome of ['accepted', 'skipped', 'quarantined', 'absent'] as const)
        if (counts[outcome] > 0) metrics.messages(topic, outcome, counts[outcome]);
      metrics.events(topic, counts.events);
    },
  });
  return { name: 'ingest', run: stage.run };
}

/** What kafkajs says of brokers that do not answer. */
const AWAY = new Set(['KafkaJSNumberOfRetriesExceeded', 'KafkaJSConnectionError', 'KafkaJSConnectionClosedError']);

/** Brokers that are away when a role starts are waited for, as they are later. */
async function prepared(prepare: () => Promise<void>, logger: Logger, asked: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await prepare();
    } catch (error) {
      if (!(error instanceof Error) || !AWAY.has(error.name)) throw error;
      logger.warn({ error: error.name }, 'waiting for Kafka to answer');
      await systemClock.sleep(1_000, asked);
    }
  }
}

/** A server that is away when the archive starts is waited for, as it is later. */
async function migrated(clickhouse: ClickHouse, logger: Logger, asked: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await migrate(clickhouse.writer);
      return;
    } catch (error) {
      if (!(error instanceof ClickHouseFailure) || error.code !== undefined) throw error;
      logger.warn({}, 'waiting for ClickHouse to answer');
      await systemClock.sleep(1_000, asked);
    }
  }
}

async function archiveParts(
  { config, logger, log, metrics, asked }: Base,
  clickhouse: ClickHouse,
): Promise<readonly Part[]> {
  await migrated(clickhouse, logger, asked);
  const schemas = await openSchemas(config);
  const owner = `${hostname()}/${process.pid}/${Date.now()}`;
  return ARCHIVED.map((topic) => {
    const lane = archiveLane({
      log,
      topic,
      clickhouse,
      schemas,
      group: `trailhouse-archive.${topic}`,
      logger,
      clock: systemClock,
      owner,
    });
    metrics.lane(topic, () => ({ ...lane.metrics }));
    return { name: `archive ${topic}`, run: lane.run };
  });
}

async function exportParts(base: Base, clickhouse: ClickHouse): Promise<readonly Part[]> {
  const schemas = await openSchemas(base.config);
  return openReceivers({ ...base, schemas, store: clickhouse.reader(ANALYST) });
}

function watchPart({ config, log, logger, metrics }: Base, clickhouse: ClickHouse): Part {
  const ask = openFindings({ store: clickhouse.reader(WATCHER), log, clock: systemClock, policy: config.policy });
  const rounds = rules.map((rule) => ({ name: rule.name, run: () => ask(rule) }));
  return { name: 'watch', run: watch({ rounds, clock: systemClock, logger, count: metrics.found }).run };
}

async function deskParts({ config, log, metrics }: Base, clickhouse: ClickHouse): Promise<readonly Part[]> {
  const keys = openKeyring(config);
  const store = clickhouse.reader(ANALYST);
  const { socket: path, retried } = paths(config);
  const desk = openDesk({
    store,
    log,
    keys,
    retried,
    sinks: Object.keys(config.sinks),
    clock: systemClock,
    count: metrics.queries,
  });
  const socket = await listenOnSocket(path, desk);
  const { port } = address(config.listen.query);
  return [
    { name: 'socket', run: (signal) => closing(socket, signal) },
    await serve('query', queryServer(desk, port), config.listen.query),
  ];
}

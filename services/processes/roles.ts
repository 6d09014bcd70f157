import { accessStatements } from '../clickhouse/access.ts';
import type { ClickHouse } from '../clickhouse/client.ts';
import { healthServer } from '../console/health.ts';
import type { Logger } from '../core/logger.ts';
import { bind } from './bindings.ts';
import { systemClock } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { ConfigError } from './config-error.ts';
import { refuseMissing } from './config-files.ts';
import { tellConfiguration } from './configured.ts';
import { openLogger } from './logger.ts';
import { openMetrics } from './metrics.ts';
import { openLog, openStore, refuseSecond } from './open.ts';
import {
  archiveParts,
  type Base,
  deskParts,
  eraseParts,
  exportParts,
  ingestPart,
  migrated,
  openWatch,
  retainParts,
  watchPart,
} from './parts.ts';
import { sealParts } from './seal/part.ts';
import { serve } from './serve.ts';
import { type Part, supervise, untilSignalled } from './supervise.ts';
import { createTopics } from './topics.ts';
import { VERSION } from './version.ts';
import type { Watch } from './watch/stage.ts';

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
    const { clickhouse: at } = config;
    if (at.driver === 'server' && at.manage_access)
      for (const statement of accessStatements(at.username)) await clickhouse.writer.run(statement);
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
    return await play('watch', config, async (base) => [await watchPart(base, clickhouse)]);
  } finally {
    await clickhouse.close();
  }
}

export async function retainRole(file: string | undefined): Promise<number> {
  const config = readConfig(file, process.env);
  if (config.retention.signing_key === undefined)
    throw new ConfigError(
      'no key signs certificates: name one as `retention.signing_key` (`retention keygen` makes one)',
    );
  await refuseSecond(config);
  const clickhouse = await openStore(config);
  try {
    return await play('retain', config, async (base) => retainParts(base, clickhouse));
  } finally {
    await clickhouse.close();
  }
}

export async function eraseRole(file: string | undefined): Promise<number> {
  const config = readConfig(file, process.env);
  if (config.retention.signing_key === undefined)
    throw new ConfigError(
      'no key signs certificates: name one as `retention.signing_key` (`retention keygen` makes one)',
    );
  await refuseSecond(config);
  const clickhouse = await openStore(config);
  try {
    return await play('erase', config, async (base) => eraseParts(base, clickhouse));
  } finally {
    await clickhouse.close();
  }
}

export async function sealRole(file: string | undefined): Promise<number> {
  const config = readConfig(file, process.env);
  if (config.ledger.signing_key === undefined)
    throw new ConfigError('no key signs checkpoints: name one as `ledger.signing_key` (`ledger keygen` makes one)');
  await refuseSecond(config);
  const clickhouse = await openStore(config);
  try {
    return await play('seal', config, async (base) => sealParts(base, clickhouse));
  } finally {
    await clickhouse.close();
  }
}

/** All roles and the query interface in one process. */
export async function upRole(
  config: Config,
  prepare: (base: Base, clickhouse: ClickHouse, watch: Watch) => Promise<readonly Part[]>,
): Promise<number> {
  await refuseSecond(config);
  const clickhouse = await openStore(config);
  try {
    return await play('up', config, async (base) => {
      const watch = await openWatch(base, clickhouse);
      return [
        await ingestPart(base),
        ...(await archiveParts(base, clickhouse)),
        ...(await exportParts(base, clickhouse)),
        { name: 'watch', run: watch.run },
        ...(await retainParts(base, clickhouse)),
        ...(await eraseParts(base, clickhouse)),
        ...(await sealParts(base, clickhouse)),
        ...(await deskParts(base, clickhouse)),
        ...(await prepare(base, clickhouse, watch)),
      ];
    });
  } finally {
    await clickhouse.close();
  }
}

async function play(role: string, config: Config, build: (base: Base) => Promise<readonly Part[]>): Promise<number> {
  refuseMissing(config, role, process.env);
  const asked = untilSignalled();
  const logger = openLogger(config.log_level, role);
  endOnStray(logger);
  const bindings = bind(config.topics);
  const metrics = openMetrics();
  const log = await openLog(config, { clock: systemClock, logger });
  try {
    await prepared(() => createTopics(log, bindings, config.audit, logger), logger, asked);
    await tellConfiguration(role, config, log, systemClock);
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

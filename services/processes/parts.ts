import { hostname } from 'node:os';
import { archiveLane } from '../clickhouse/archive.ts';
import type { ClickHouse } from '../clickhouse/client.ts';
import { ClickHouseFailure } from '../clickhouse/failure.ts';
import { migrate } from '../clickhouse/migrate.ts';
import { evidenceRoute } from '../console/evidence.ts';
import { ledgerRoute } from '../console/ledger.ts';
import { listenOnSocket } from '../console/socket.ts';
import type { Log } from '../core/log.ts';
import type { Logger } from '../core/logger.ts';
import { rules } from '../detections/index.ts';
import { FRAMEWORKS } from '../retention/frameworks.ts';
import { retentionWarnings } from '../retention/warnings.ts';
import type { Bindings } from './bindings.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { openDesk } from './desk.ts';
import { openDirectory } from './directory.ts';
import { erase } from './erase/index.ts';
import { openEvidence } from './evidence/build.ts';
import { openReceivers } from './export/receivers.ts';
import { ingest } from './ingest/stage.ts';
import type { Metrics } from './metrics.ts';
import { ANALYST, openKeyring, openSchemas, paths, WATCHER } from './open.ts';
import { questionParts } from './questions/part.ts';
import { retain } from './retain/index.ts';
import { readKeyFile } from './retain/key.ts';
import { openLedgerDesk } from './seal/desk.ts';
import { openLedgerKeys } from './seal/keys.ts';
import { closing } from './serve.ts';
import type { Part } from './supervise.ts';
import { openCorrections } from './watch/corrections.ts';
import { openFindings } from './watch/findings.ts';
import { openRollups } from './watch/rollups.ts';
import { type Watch, watch } from './watch/stage.ts';

/** What every role shares. */
export interface Base {
  readonly config: Config;
  readonly bindings: Bindings;
  readonly logger: Logger;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Aborts when the process is asked to stop. */
  readonly asked: AbortSignal;
}

const ARCHIVED = ['audit.events', 'audit.content', 'audit.quarantine', 'audit.accounting', 'audit.deliveries'] as const;

export async function ingestPart({ config, bindings, logger, log, metrics }: Base): Promise<Part> {
  const { directory, bindings: days } = config.identity;
  const stage = ingest({
    log,
    bindings,
    auditPartitions: config.audit.partitions,
    schemas: await openSchemas(config),
    keys: openKeyring(config),
    retention: config.retention,
    identity: { directory: await openDirectory(directory, { clock: systemClock, logger }), bindings: days },
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

/** A server that is away when the archive starts is waited for, as it is later. */
export async function migrated(clickhouse: ClickHouse, logger: Logger, asked: AbortSignal): Promise<void> {
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

export async function archiveParts(
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

export async function exportParts(base: Base, clickhouse: ClickHouse): Promise<readonly Part[]> {
  const schemas = await openSchemas(base.config);
  return openReceivers({ ...base, schemas, store: clickhouse.reader(ANALYST) });
}

/** What the watch role does in each round: late attributions first, so that findings name who it was. */
export async function openWatch(base: Base, clickhouse: ClickHouse): Promise<Watch> {
  const { config, log, logger, metrics } = base;
  const around = { store: clickhouse.reader(WATCHER), log, clock: systemClock };
  const directory = await openDirectory(config.identity.directory, { clock: systemClock, logger });
  const ask = openFindings({ ...around, policy: config.policy });
  const rounds = [
    {
      name: 'corrections',
      run: openCorrections({ ...around, directory, deviceDays: config.identity.bindings.device_days }),
    },
    ...rules.map((rule) => ({ name: rule.name, run: () => ask(rule) })),
    { name: 'rollups', run: openRollups({ ...around, writer: clickhouse.writer, quietMs: 60_000 }) },
  ];
  return watch({ rounds, clock: systemClock, logger, count: metrics.found });
}

export async function watchPart(base: Base, clickhouse: ClickHouse): Promise<Part> {
  return { name: 'watch', run: (await openWatch(base, clickhouse)).run };
}

/** Deletes nothing where no key signs for it. */
export async function retainParts(base: Base, clickhouse: ClickHouse): Promise<readonly Part[]> {
  const { config, log, logger, asked } = base;
  for (const warning of retentionWarnings(config.retention)) logger.warn({ warning }, 'retention');
  const { signing_key: file } = config.retention;
  if (file === undefined) {
    logger.info({}, 'nothing is ever deleted: retention.signing_key names no key to sign certificates with');
    return [];
  }
  await migrated(clickhouse, logger, asked);
  const role = retain({
    ...{ clickhouse, log, logger, clock: systemClock, rules: config.retention },
    signingKey: await readKeyFile(file),
    certificates: paths(config).certificates,
    sealers: (await openLedgerKeys(config.ledger))?.known,
    owner: `retain/${hostname()}/${process.pid}/${Date.now()}`,
  });
  return [{ name: 'retain', run: role.run }];
}

/** Erases nothing where no key signs for it. */
export async function eraseParts(base: Base, clickhouse: ClickHouse): Promise<readonly Part[]> {
  const { config, log, logger } = base;
  const { signing_key: file, erasure_waits_for } = config.retention;
  if (file === undefined) return [];
  const role = erase({
    ...{ clickhouse, log, logger, clock: systemClock, keys: openKeyring(config) },
    signingKey: await readKeyFile(file),
    certificates: paths(config).certificates,
    duties: erasure_waits_for.map((framework) => ({ framework, citation: FRAMEWORKS[framework].citation })),
    topicDays: config.audit.retention_days,
    owner: `erase/${hostname()}/${process.pid}/${Date.now()}`,
  });
  return [{ name: 'erase', run: role.run }];
}

export async function deskParts(base: Base, clickhouse: ClickHouse): Promise<readonly Part[]> {
  const { config, log, metrics } = base;
  const keys = openKeyring(config);
  const store = clickhouse.reader(ANALYST);
  const { socket: path, retried } = paths(config);
  const desk = openDesk({
    store,
    log,
    keys,
    retried,
    sinks: Object.keys(config.sinks),
    operators: config.operators,
    privacy: config.privacy,
    topics: Object.keys(config.topics),
    clock: systemClock,
    count: metrics.queries,
  });
  const evidence = openEvidence({ config, clickhouse, keys, log, clock: systemClock });
  const ledger = openLedgerDesk({ config, clickhouse, log });
  const socket = await listenOnSocket(path, desk, (server) => {
    evidenceRoute(evidence)(server);
    ledgerRoute(ledger)(server);
  });
  return [{ name: 'socket', run: (signal) => closing(socket, signal) }, ...(await questionParts(base, clickhouse))];
}

import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClickHouse, openClickHouse, type ReadLimits } from '../clickhouse/client.ts';
import { registrySchemas } from '../codec/registry.ts';
import { repoSchemas, type Schemas } from '../codec/schemas.ts';
import type { Desk } from '../console/desk.ts';
import { isListening, remoteDesk } from '../console/socket.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { type Logger, silent } from '../core/logger.ts';
import type { SecretAt } from '../core/sink.ts';
import { openEmbeddedLog } from '../log/embedded/index.ts';
import { openKafkaLog } from '../log/kafka/index.ts';
import { openKeys } from '../privacy/keys.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { openDesk } from './desk.ts';
import { refuseFull } from './room.ts';

/** Where things stand below the data directory. */
export const paths = (config: Config) => ({
  socket: join(config.data, 'trailhouse.sock'),
  keys: join(config.data, 'keys'),
  retried: join(config.data, 'retried'),
  certificates: join(config.data, 'certificates'),
  ledger: join(config.data, 'ledger'),
  sealer: join(config.data, 'sealer.sock'),
  log: join(config.data, 'log.sqlite'),
  store: join(config.data, 'clickhouse'),
  spool: join(config.data, 'spool'),
});

/** What one question of a person may cost. */
export const ANALYST: ReadLimits = { seconds: 60, memoryBytes: 4 * 1024 ** 3, rows: 1_000_000, bytes: 128 * 1024 ** 2 };

/** What one question of ours to the whole trail may cost. */
export const WATCHER: ReadLimits = {
  seconds: 300,
  memoryBytes: 4 * 1024 ** 3,
  rows: 1_000_000,
  bytes: 256 * 1024 ** 2,
};

interface Surroundings {
  readonly clock: Clock;
  readonly logger: Logger;
}

export async function openLog(config: Config, { clock, logger }: Surroundings): Promise<Log> {
  await mkdir(config.data, { recursive: true, mode: 0o700 });
  if (config.log.driver === 'embedded') return openEmbeddedLog({ path: paths(config).log, clock, logger });
  const { brokers, client_id, tls, sasl, compression, session_timeout_ms } = config.log;
  return openKafkaLog({
    brokers,
    clientId: client_id,
    compression,
    patience: { sessionMs: session_timeout_ms },
    clock,
    logger,
    ...(tls === false ? {} : { ssl: tls === true ? true : await certificates(tls) }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl, password: await readSecret(sasl.password) } }),
  });
}

async function certificates(tls: { readonly [K in 'ca' | 'cert' | 'key' | 'servername']?: string | undefined }) {
  const file = async (path: string | undefined) => (path === undefined ? undefined : readFile(path, 'utf8'));
  const [ca, cert, key] = await Promise.all([file(tls.ca), file(tls.cert), file(tls.key)]);
  return { ca, cert, key, servername: tls.servername };
}

export async function openStore(config: Config): Promise<ClickHouse> {
  await mkdir(config.data, { recursive: true, mode: 0o700 });
  if (config.clickhouse.driver === 'embedded') {
    const { store, spool } = paths(config);
    await refuseFull(config.data, store);
    return openClickHouse({ driver: 'embedded', path: store, spool });
  }
  const { url, username, password, ca, request_timeout_ms } = config.clickhouse;
  return openClickHouse({
    driver: 'server',
    url,
    username,
    password: password === undefined ? '' : await readSecret(password),
    requestTimeoutMs: request_timeout_ms,
    ...(ca === undefined ? {} : { ca: await readFile(ca, 'utf8') }),
  });
}

export async function openSchemas(config: Config): Promise<Schemas> {
  const registry = config.schema_registry;
  if (registry === undefined) return repoSchemas();
  const password = registry.password === undefined ? undefined : await readSecret(registry.password);
  return registrySchemas({ ...registry, password, timeoutMs: 10_000 }, fetch);
}

export const openKeyring = (config: Config) => openKeys(paths(config).keys);

/** The value a configuration points at, without the line break an editor leaves at its end. */
export async function readSecret(at: SecretAt): Promise<string> {
  if ('env' in at) {
    const value = process.env[at.env];
    if (value === undefined) throw new ConfigError(`the environment variable ${at.env} is not set`);
    return value;
  }
  const text = await readFile(at.file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new ConfigError(`${at.file} cannot be read`);
  return text.replace(/\r?\n$/, '');
}

/** One process at a time owns the embedded engine's directory. */
export async function refuseSecond(config: Config): Promise<void> {
  if (await isListening(paths(config).socket))
    throw new ConfigError(
      `${config.data} is in use: another Trailhouse answers there; stop it, or name another \`data\``,
    );
}

/** A command must not make a pipeline where there is none. */
export function requirePipeline(config: Config): void {
  const { store, log } = paths(config);
  const missing =
    (config.clickhouse.driver === 'embedded' && !existsSync(store)) ||
    (config.log.driver === 'embedded' && !existsSync(log));
  if (missing)
    throw new ConfigError(
      `there is no pipeline in ${config.data}: run \`trailhouse up\` first, or name one with --config`,
    );
}

/** Asks the process that runs beside, where one does, and otherwise the store itself. */
export async function withDesk<T>(config: Config, use: (desk: Desk) => Promise<T>): Promise<T> {
  const { socket } = paths(config);
  if (await isListening(socket)) return use(remoteDesk(socket));
  requirePipeline(config);

  const clickhouse = await openStore(config);
  const log = await openLog(config, { clock: systemClock, logger: silent });
  try {
    const keys = openKeyring(config);
    const store = clickhouse.reader(ANALYST);
    const { retried } = paths(config);
    return await use(
      openDesk({
        ...{ store, log, keys, retried, operators: config.operators, clock: systemClock },
        sinks: Object.keys(config.sinks),
        privacy: config.privacy,
        topics: Object.keys(config.topics),
        count() {},
      }),
    );
  } finally {
    await log.close();
    await clickhouse.close();
  }
}

import type { ConnectionOptions } from 'node:tls';
import kafkajs, { type Kafka, type LogEntry, type SASLOptions } from 'kafkajs';
import type { Logger } from '../../core/logger.ts';

export type Sasl =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: 'oauthbearer';
      /** Asked at every authentication, so that a token may expire. */
      token(): Promise<string>;
    };

/** PEM texts, as node:tls takes them. */
export interface Tls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly servername?: string | undefined;
}

export interface Connection {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly sasl?: Sasl | undefined;
  /** `true`: TLS against the system's authorities. */
  readonly ssl?: boolean | Tls | undefined;
  readonly logger: Logger;
}

/**
 * How often kafkajs tries again within one call. Short, for what lasts longer is retried by us, where a stop is heard:
 * kafkajs' own loops cannot be ended.
 */
const RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, multiplier: 2, factor: 0.2, retries: 5 };

export function openClient({ brokers, clientId, sasl, ssl = false, logger }: Connection): Kafka {
  return new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    ssl: typeof ssl === 'boolean' ? ssl : tlsOptions(ssl),
    ...(sasl === undefined ? {} : { sasl: saslOptions(sasl) }),
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: 30_000,
    retry: RETRY,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => tell(logger, entry),
  });
}

function tlsOptions(tls: Tls): ConnectionOptions {
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
}

function saslOptions(sasl: Sasl): SASLOptions {
  if (sasl.mechanism !== 'oauthbearer') return { ...sasl };
  return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await sasl.token() }) };
}

/** Said of every idempotent producer whose retries have an end; ours are retried by `produce.ts`. */
const EXPECTED = /^Limiting retries for the idempotent producer/;

/** Fields of kafkajs' entries that are no content: a stack or a payload may quote what a message holds. */
const FIELDS = ['broker', 'clientId', 'groupId', 'memberId', 'topic', 'partition', 'retryCount', 'retryTime'] as const;

function tell(logger: Logger, { namespace, level, log }: LogEntry): void {
  if (EXPECTED.test(log.message)) return;
  const fields: Record<string, unknown> = { namespace, words: log.message };
  if (typeof log.error === 'string') fields.error = log.error;
  for (const name of FIELDS) if (log[name] !== undefined) fields[name] = log[name];
  if (level === kafkajs.logLevel.ERROR) logger.warn(fields, 'kafkajs reports an error');
  else logger.debug(fields, 'kafkajs reports');
}

import { readFileSync } from 'node:fs';
import { type Document, isMap, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { policyConfig } from '../detections/policy.ts';
import { identityConfig } from '../identity/config.ts';
import { privacyConfig } from '../privacy/config.ts';
import { retentionConfig } from '../retention/config.ts';
import { secret, endpoint as url } from '../sinks/settings.ts';
import { DEFAULT_TOPICS } from './bindings.ts';
import { ConfigError } from './config-error.ts';
import { meant } from './config-keys.ts';
import { type PlaceOf, placesIn } from './config-places.ts';
import { evidenceConfig } from './evidence/config.ts';
import { sinkSettings, withDefaults } from './export/settings.ts';
import { operatorsConfig } from './operators.ts';
import { strangersAreNamed } from './questions/listening.ts';
import { routesHold } from './residency.ts';
import { ledgerConfig } from './seal/config.ts';

const tls = z.strictObject({
  ca: z.string().min(1).optional(),
  cert: z.string().min(1).optional(),
  key: z.string().min(1).optional(),
  servername: z.string().min(1).optional(),
});

const kafka = z.strictObject({
  driver: z.literal('kafka'),
  brokers: z.array(z.string().min(1)).min(1),
  client_id: z.string().min(1).default('trailhouse'),
  tls: z.union([z.boolean(), tls]).default(false),
  sasl: z
    .strictObject({
      mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
      username: z.string().min(1),
      password: secret,
    })
    .optional(),
  compression: z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']).default('zstd'),
  /** A member that died is missed after this long; brokers take 6 s to 30 min by default. */
  session_timeout_ms: z.number().int().min(6_000).max(1_800_000).default(15_000),
});

const embedded = z.strictObject({ driver: z.literal('embedded') });

/** Where something stands, by a name of your choice: residency compares names. */
const region = z.string().min(1).max(64).optional();

const clickhouse = z.discriminatedUnion('driver', [
  z.strictObject({ driver: z.literal('embedded'), region }),
  z.strictObject({
    driver: z.literal('server'),
    region,
    url,
    username: z.string().min(1).default('default'),
    password: secret.optional(),
    ca: z.string().min(1).optional(),
    request_timeout_ms: z.number().int().min(1_000).default(30_000),
    /** Whether `setup` makes the roles of people who ask the server directly; the account must be allowed to. */
    manage_access: z.boolean().default(false),
  }),
]);

const topic = z.strictObject({
  partitions: z.number().int().min(1).max(65_536).default(1),
  encoding: z.enum(['json', 'text', 'otlp_json', 'otlp_proto']).default('json'),
  formats: z.array(z.string().min(1)).min(1),
  ceiling: z.enum(['verified', 'claimed']).default('claimed'),
  epoch: z.number().int().min(0).max(255).default(0),
  /** Pins the store and the receivers of its events: see residency.ts. */
  region,
});

/** The default topics as the parser would give them: lists it may hand out. */
const DEFAULT_TOPICS_FOR_CONFIG = Object.fromEntries(
  Object.entries(DEFAULT_TOPICS).map(([name, each]) => [name, { ...each, formats: [...each.formats] }]),
);

const listen = z.strictObject({
  /** Where ClickHouse's clients reach the views; `off`: nowhere. Off loopback everybody shows an operator's token. */
  query: z
    .string()
    .regex(/^(?:off|(?:[\w.-]+|\[[\da-fA-F:]+\]):\d+)$/, 'must be a host and port, or off')
    .default('127.0.0.1:8123'),
  health: z
    .string()
    .regex(/^(127\.0\.0\.1|\[::1\]|localhost):\d+$/, 'must be a loopback host and port')
    .default('127.0.0.1:9464'),
});

const configuration = z
  .strictObject({
    /** Directory of everything Trailhouse keeps on this machine: keys, socket, embedded log and store. */
    data: z.string().min(1),
    log: z.discriminatedUnion('driver', [kafka, embedded]).default({ driver: 'embedded' }),
    clickhouse: clickhouse.default({ driver: 'embedded' }),
    schema_registry: z.strictObject({ url, username: z.string().optional(), password: secret.optional() }).optional(),
    topics: z
      .record(z.string().regex(/^[a-zA-Z0-9._-]{1,249}$/), topic)
      .default(() => structuredClone(DEFAULT_TOPICS_FOR_CONFIG)),
    audit: z
      .strictObject({
        /** Fixed when the topics are created: see auditPartition. */
        partitions: z.number().int().min(1).max(1024).default(1),
        /** How long audit topics keep records; at least seven days. */
        retention_days: z.number().int().min(7).default(7),
      })
      .default({ partitions: 1, retention_days: 7 }),
    retention: retentionConfig.default(retentionConfig.parse({})),
    /** Who people are: directory files, and how long learned bindings hold. */
    identity: identityConfig.default(identityConfig.parse({})),
    /** Who signs the trail, how often, and where copies of the signatures go. */
    ledger: ledgerConfig.default(ledgerConfig.parse({})),
    /** Who signs evidence bundles. */
    evidence: evidenceConfig.default(evidenceConfig.parse({})),
    /** What is looked for in texts, and what is kept of them. */
    privacy: privacyConfig.default(privacyConfig.parse({})),
    /** What findings are measured against. */
    policy: policyConfig.default(policyConfig.parse({})),
    /** Who may place and lift holds, and do whatever else takes a name. */
    operators: operatorsConfig.default({}),
    quarantine_days: z.number().int().min(1).max(3650).default(90),
    /** Where events go, by a name of your choice. */
    sinks: sinkSettings.default({}),
    listen: listen.default(listen.parse({})),
    log_level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .superRefine(routesHold)
  .superRefine(strangersAreNamed);

export type Config = z.output<typeof configuration>;

/** Where data goes unless the configuration says so; without a configuration it is the demo's. */
const DATA = '.trailhouse/data';
const DEMO_DATA = '.trailhouse/demo';

/**
 * Reads a YAML file, or gives the defaults where there is none. `TRAILHOUSE_<KEY>` sets a top-level scalar or, with two
 * underscores between, one below (`TRAILHOUSE_LISTEN__QUERY`); the environment wins over the file.
 */
export function readConfig(file: string | undefined, environment: NodeJS.ProcessEnv): Config {
  const lines = new LineCounter();
  const text = file === undefined ? '' : readText(file);
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    throw new ConfigError(`${file}:${line}: ${broken.message.split('\n')[0]}`);
  }
  const defaults = { data: file === undefined ? DEMO_DATA : DATA };
  if (document.contents !== null && !isMap(document.contents)) throw new ConfigError(`${file}:1: holds no keys`);
  const variables = new Map<string, string>();
  const value = overlay({ ...defaults, ...plain(document, file) }, environment, variables);
  const placeOf = placesIn(file, document, lines, variables);
  const parsed = configuration.safeParse(withSinkDefaults(value, environment));
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.flatMap((issue) => problems(issue, placeOf)).join('\n'));
  places.set(parsed.data, placeOf);
  return parsed.data;
}

/** Of each configuration that was read. */
const places = new WeakMap<Config, PlaceOf>();

/** Begins the message about what a configuration points at: where that was written, and its path. */
export function placeIn(config: Config, path: readonly PropertyKey[]): string {
  const place = places.get(config)?.(path);
  return `${place === undefined ? '' : `${place}: `}${path.map(String).join('.')}`;
}

function problems(issue: z.core.$ZodIssue, placeOf: PlaceOf): readonly string[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return `${placeOf(path)}: ${path.map(String).join('.')}: unknown key${meant(configuration, path)}`;
    });
  const words = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return [`${placeOf(issue.path)}: ${issue.path.map(String).join('.')}: ${words}`];
}

function withSinkDefaults(value: unknown, environment: NodeJS.ProcessEnv): unknown {
  if (typeof value !== 'object' || value === null || !('sinks' in value)) return value;
  return { ...value, sinks: withDefaults(value.sinks, environment) };
}

/** An alias without its anchor shows only now. The parser's words would quote it, and it may be a password. */
function plain(document: Document, file: string | undefined): object {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    if (error instanceof ReferenceError)
      throw new ConfigError(`${file}: holds an alias (*name) without its anchor; quote a value that begins with *`);
    throw error;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ConfigError(`${file}: cannot be read (${reason})`);
  }
}

function overlay(value: unknown, environment: NodeJS.ProcessEnv, variables: Map<string, string>): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const merged: Record<string, unknown> = { ...value };
  for (const [name, setting] of Object.entries(environment)) {
    if (!name.startsWith('TRAILHOUSE_') || setting === undefined || NOT_SETTINGS.has(name)) continue;
    const [key, below] = name.slice('TRAILHOUSE_'.length).toLowerCase().split('__');
    if (key === undefined) continue;
    variables.set(below === undefined ? key : `${key}.${below}`, name);
    const scalar = /^-?\d+$/.test(setting) ? Number(setting) : setting;
    const inner = merged[key];
    merged[key] = below === undefined ? scalar : { ...(typeof inner === 'object' ? inner : {}), [below]: scalar };
  }
  return merged;
}

/** Variables of the command line and of tests, not of the configuration. */
const NOT_SETTINGS = new Set(['TRAILHOUSE_CONFIG', 'TRAILHOUSE_KAFKA_CACHE', 'TRAILHOUSE_OPERATOR_TOKEN']);

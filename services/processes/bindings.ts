import type { Encoding, Format } from '../core/format.ts';
import { topicNumber } from '../core/origin.ts';
import { formats } from '../formats/index.ts';
import { ConfigError } from './config-error.ts';

/** What a raw topic may hold, and how far its claims about people are believed. */
export interface Binding {
  readonly topic: string;
  readonly partitions: number;
  readonly encoding: Encoding;
  readonly formats: readonly Format[];
  /** The highest confidence an attribution from this topic may reach. */
  readonly ceiling: 'verified' | 'claimed';
  /** Counted up by the operator when the topic was re-created. */
  readonly epoch: number;
}

export type Bindings = ReadonlyMap<string, Binding>;

/** Our own processes alone may write this topic. */
export const OWN_TOPIC = 'trailhouse.events';

export interface TopicConfig {
  readonly partitions: number;
  readonly encoding: Encoding;
  readonly formats: readonly string[];
  readonly ceiling: 'verified' | 'claimed';
  readonly epoch: number;
}

/** Where a configuration names no topics. Endpoints report about themselves: their claims stay claims. */
export const DEFAULT_TOPICS: Readonly<Record<string, TopicConfig>> = {
  'gateway.events': topic('json', ['litellm', 'envelope'], 'verified'),
  // A line of text is claimed: what a client writes into a value could begin a line of its own.
  'gateway.access': topic('text', ['agentgateway'], 'claimed'),
  'gateway.logs': topic('json', ['kong-ai', 'envoy-ai-gateway', 'claude-apps-gateway', 'agentgateway'], 'verified'),
  'gateway.spend': topic('json', ['litellm-spend'], 'verified'),
  'mcp.events': topic('json', ['obot', 'contextforge', 'envelope'], 'verified'),
  'mcp.captures': topic('json', ['mcp-jsonrpc'], 'verified'),
  'identity.events': topic('json', ['envelope'], 'verified'),
  'compliance.events': topic('json', ['claude-compliance'], 'verified'),
  'endpoint.events': topic('json', ['envelope'], 'claimed'),
  'endpoint.hooks': topic('json', ['claude-code-hooks'], 'claimed'),
  'endpoint.otlp': topic('otlp_proto', ['claude-code-otel'], 'claimed'),
  'endpoint.otlp_json': topic('otlp_json', ['claude-code-otel'], 'claimed'),
};

const OWN: TopicConfig = topic('json', ['envelope'], 'verified');

function topic(encoding: Encoding, names: readonly string[], ceiling: TopicConfig['ceiling']): TopicConfig {
  return { partitions: 1, encoding, formats: names, ceiling, epoch: 0 };
}

/** Throws, naming the topic, on what cannot work: an unknown format, an encoding it lacks, two topics with one number. */
export function bind(topics: Readonly<Record<string, TopicConfig>>): Bindings {
  const numbers = new Map<number, string>();
  const bound = new Map<string, Binding>();
  for (const [name, config] of Object.entries({ ...topics, [OWN_TOPIC]: OWN })) {
    const number = topicNumber(name);
    const twin = numbers.get(number);
    if (twin !== undefined) throw new ConfigError(`topics ${twin} and ${name} share an event id number: rename one`);
    numbers.set(number, name);
    bound.set(name, { ...config, topic: name, formats: config.formats.map((format) => find(format, name, config)) });
  }
  return bound;
}

function find(name: string, topicName: string, { encoding }: TopicConfig): Format {
  const format = formats.find((known) => known.name === name);
  const known = formats.map((each) => each.name).join(', ');
  if (format === undefined) throw new ConfigError(`topic ${topicName}: no format ${name}; there are ${known}`);
  if (!format.encodings.includes(encoding))
    throw new ConfigError(
      `topic ${topicName}: format ${name} is not read from ${encoding} (${format.encodings.join(', ')})`,
    );
  return format;
}

/**
 * The one audit partition a raw partition feeds, for good: changing the number of audit partitions would break the
 * order of a lineage, so it is fixed when the topics are created.
 */
export function auditPartition(topicName: string, partition: number, partitions: number): number {
  return (topicNumber(topicName) + partition) % partitions;
}

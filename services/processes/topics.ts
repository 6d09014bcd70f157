import type { Log, TopicSpec } from '../core/log.ts';
import type { Logger } from '../core/logger.ts';
import type { Bindings } from './bindings.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { CONTROLS } from './export/controls.ts';

const DAY_MS = 86_400_000;

/** The least audit topics may keep: a lane that is down this long still finds its records. */
const LEAST_DAYS = 7;

/** Sealed messages and content are as large as what came in, and a little more. */
const LARGEST_RECORD = 40 * 1024 * 1024;

const AUDIT_TOPICS = ['audit.events', 'audit.content', 'audit.quarantine', 'audit.accounting', 'audit.deliveries'];

/** Creates the topics that are missing and refuses to start on ones that would break a promise. */
export async function createTopics(
  log: Log,
  bindings: Bindings,
  audit: Config['audit'],
  logger: Logger,
): Promise<void> {
  const retentionMs = audit.retention_days * DAY_MS;
  const raw: TopicSpec[] = [...bindings.values()].map(({ topic, partitions }) => ({
    name: topic,
    partitions,
    retentionMs,
  }));
  const ours: TopicSpec[] = AUDIT_TOPICS.map((name) => ({
    name,
    partitions: audit.partitions,
    retentionMs,
    maxRecordBytes: LARGEST_RECORD,
    // Brokers turn down what is stamped an hour ahead (Kafka 4.0), and expire by the stamp what a clock that is behind wrote.
    isStampedByLog: true,
  }));
  await log.create([...raw, ...ours, CONTROLS]);

  for (const { name, partitions } of ours) {
    const state = await log.describe(name);
    if (state === undefined) throw new ConfigError(`topic ${name} does not exist and could not be created`);
    if (state.partitions.length !== partitions)
      throw new ConfigError(
        `topic ${name} has ${state.partitions.length} partitions, audit.partitions says ${partitions}: ` +
          'the number is fixed when the topics are created',
      );
    if (state.retentionMs === undefined) logger.warn({ topic: name }, 'cannot see how long the topic keeps records');
    else if (state.retentionMs >= 0 && state.retentionMs < LEAST_DAYS * DAY_MS)
      throw new ConfigError(
        `topic ${name} keeps records ${state.retentionMs} ms; audit topics need ${LEAST_DAYS} days`,
      );
  }
}

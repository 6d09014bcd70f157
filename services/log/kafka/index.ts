import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { openTurns } from '../turns.ts';
import { openAppender } from './append.ts';
import type { Patience } from './attend.ts';
import { type Connection, openClient } from './client.ts';
import { type Compression, registerCodecs } from './codecs.ts';
import { guardKafkajs } from './guards.ts';
import { openProducers } from './producer.ts';
import { readWhole } from './read.ts';
import { openSource } from './source.ts';
import { openTopics } from './topics.ts';

export interface KafkaLogOptions extends Connection {
  readonly clock: Clock;
  /** Of what is appended; all five are read. */
  readonly compression?: Compression | undefined;
  /** Replicas of topics created here; the cluster's default where left out. */
  readonly replicationFactor?: number | undefined;
  /** Overrides of how long consumers wait, in milliseconds. */
  readonly patience?: Partial<Patience> | undefined;
}

/**
 * A member that died is missed after 15 s. `endMs` is below the 60 s a process has to drain; `handlerMs` is for stores
 * that are away for a while, and longer waits belong to the handler's own retries between batches.
 */
const PATIENCE: Patience = { sessionMs: 15_000, rebalanceMs: 60_000, handlerMs: 600_000, endMs: 25_000 };

/**
 * The event log in Apache Kafka, through kafkajs. Connects with the first call. Consumers begin nowhere but where they
 * were asked to (`LogLost` otherwise), live through brokers that go and come back, and reject when they cannot go on.
 */
export function openKafkaLog(options: KafkaLogOptions): Log {
  guardKafkajs();
  registerCodecs();
  const { clock, logger, compression = 'zstd', replicationFactor = -1 } = options;
  const patience = { ...PATIENCE, ...options.patience };
  const kafka = openClient(options);
  const appender = openAppender(openProducers(kafka, compression), clock, logger);
  const closing = new AbortController();
  const topics = openTopics(kafka, replicationFactor, clock, closing.signal);
  const around = { kafka, topics, clock, logger, patience, turn: openTurns() };
  const running = new Set<Promise<void>>();
  let closed: Promise<void> | undefined;

  return {
    create: topics.create,
    describe: topics.describe,
    committed: topics.committed,
    append: appender.append,
    read: (topic, partition, visit, from) => readWhole(around, closing.signal, topic, partition, visit, from),

    subscribe(subscription) {
      const source = openSource(around, subscription, closing.signal);
      return {
        run(handle, signal) {
          const run = source.run(handle, signal);
          const ended = run.catch(() => undefined).finally(() => running.delete(ended));
          running.add(ended);
          return run;
        },
      };
    },

    close() {
      closed ??= (async () => {
        closing.abort(new Error('the log is closed'));
        await Promise.all(running);
        await Promise.all([appender.close(), topics.close()]);
      })();
      return closed;
    },
  };
}

import { createHash } from 'node:crypto';
import kafkajs from 'kafkajs';
import type { Message } from './corpus/messages.ts';

/** What waits on the topic, unseen until it is released. */
export interface Held {
  /** How many of the messages become an event. */
  readonly events: number;
  readonly quarantined: number;
  release(): Promise<void>;
}

export interface Producing {
  hold(count: number): Promise<Held>;
  /** Of the values of all that was held, each with a line break after it. */
  sha256(): string;
  close(): Promise<void>;
}

/** Messages of one request, by partition. */
const AT_ONCE = 500;

/**
 * Messages are written in a transaction: who reads what is committed sees all of them at once, so that none is produced while
 * others are read.
 */
export async function producing(
  brokers: readonly string[],
  { name, partitions }: { readonly name: string; readonly partitions: number },
  source: Iterator<Message, never>,
): Promise<Producing> {
  const kafka = new kafkajs.Kafka({
    brokers: [...brokers],
    clientId: 'bench',
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const settings = { transactionalId: 'bench', idempotent: true, maxInFlightRequests: 1, transactionTimeout: 600_000 };
  const producer = kafka.producer(settings);
  await producer.connect();
  const hash = createHash('sha256');
  let turn = 0;

  return {
    async hold(count) {
      const transaction = await producer.transaction();
      const kinds = { events: 0, quarantined: 0 };
      for (let left = count; left > 0; left -= AT_ONCE * partitions) {
        const messages = Array.from({ length: Math.min(left, AT_ONCE * partitions) }, () => {
          const { value, at, kind } = source.next().value;
          hash.update(value).update('\n');
          kinds[kind === 'invalid' ? 'quarantined' : 'events']++;
          return { value, timestamp: String(at.getTime()), partition: turn++ % partitions };
        });
        await transaction.send({ topic: name, messages });
      }
      return { ...kinds, release: () => transaction.commit() };
    },
    sha256: () => hash.copy().digest('hex'),
    close: () => producer.disconnect(),
  };
}

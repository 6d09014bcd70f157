import kafkajs from 'kafkajs';
import type { Supplied, Supply } from './corpus/supply.ts';

/** What waits on the topic, unseen until it is released. */
export interface Held extends Supplied {
  release(): Promise<void>;
}

export interface Producing {
  hold(count: number): Promise<Held>;
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
  corpus: Supply,
): Promise<Producing> {
  const kafka = new kafkajs.Kafka({
    brokers: [...brokers],
    clientId: 'bench',
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const settings = { transactionalId: 'bench', idempotent: true, maxInFlightRequests: 1, transactionTimeout: 600_000 };
  const producer = kafka.producer(settings);
  await producer.connect();

  return {
    async hold(count) {
      const held = corpus.take(count);
      const transaction = await producer.transaction();
      for (let first = 0; first < count; first += AT_ONCE * partitions) {
        const some = held.messages.slice(first, first + AT_ONCE * partitions);
        const messages = some.map(({ value, at }, index) => ({
          ...{ value, timestamp: String(at.getTime()) },
          partition: index % partitions,
        }));
        await transaction.send({ topic: name, messages });
      }
      return { ...held, release: () => transaction.commit() };
    },
    close: () => producer.disconnect(),
  };
}

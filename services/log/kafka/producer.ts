import kafkajs, { type Kafka, type Message, type Producer, type RecordMetadata } from 'kafkajs';
import { type Compression, compressionType } from './codecs.ts';

/**
 * kafkajs counts sequence numbers past 2^31-1 wrongly (it goes back to 0 too late), which brokers refuse: a producer is
 * replaced long before.
 */
const MOST_RECORDS = 2 ** 30;

export interface Producers {
  /** The producer to use for one chunk, retries included. */
  lend(): Promise<Lent>;
  close(): Promise<void>;
}

export interface Lent {
  send(topic: string, messages: readonly Message[]): Promise<readonly RecordMetadata[]>;
  /**
   * Gives it back. After a send that was given up it is not used again: kafkajs would give the abandoned sequence numbers
   * to the next records, and a broker that has the first copy would take those for a resend and drop them.
   */
  done(outcome: 'sent' | 'given up'): void;
}

interface Held {
  readonly producer: Promise<Producer>;
  users: number;
  records: number;
}

/** One idempotent producer for all partitions, replaced when it may no longer be trusted. */
export function openProducers(kafka: Kafka, compression: Compression): Producers {
  let current: Held | undefined;

  async function connect(): Promise<Producer> {
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    try {
      await producer.connect();
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
    return producer;
  }

  async function disconnect(held: Held): Promise<void> {
    await held.producer.then((producer) => producer.disconnect()).catch(() => undefined);
  }

  function retire(held: Held): void {
    if (current === held) current = undefined;
    if (held.users === 0) void disconnect(held);
  }

  return {
    async lend() {
      current ??= { producer: connect(), users: 0, records: 0 };
      const held = current;
      held.users++;
      const back = (fresh: boolean) => {
        held.users--;
        if (!fresh || current !== held) retire(held);
      };
      const producer = await held.producer.catch((error: unknown) => {
        back(false);
        throw error;
      });
      return {
        send(topic, messages) {
          held.records += messages.length;
          return producer.send({ topic, messages: [...messages], acks: -1, compression: compressionType[compression] });
        },
        done: (outcome) => back(outcome === 'sent' && held.records < MOST_RECORDS),
      };
    },

    async close() {
      const held = current;
      current = undefined;
      if (held !== undefined) await disconnect(held);
    },
  };
}

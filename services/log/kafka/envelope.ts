import type { IHeaders, Batch as KafkajsBatch, KafkaMessage } from 'kafkajs';
import type { Batch, Envelope, Headers } from '../../core/log.ts';

const nothing = new Uint8Array(0);
const none: Headers = Object.freeze({});

/**
 * Everything of one fetch from `first` on. What kafkajs left out (transaction markers, aborted and compacted records)
 * lies in the range without a record.
 */
export function toBatch({ topic, partition, messages, lastOffset }: Fetched, first: number): Batch {
  const records: Envelope[] = [];
  for (const message of messages) {
    const offset = readOffset(message.offset);
    if (offset >= first) records.push(toEnvelope(topic, partition, offset, message));
  }
  return { topic, partition, first, next: lastOffset + 1, records };
}

/** What one fetch brought: its messages, and the offset up to which nothing else is there. */
export interface Fetched {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly KafkaMessage[];
  readonly lastOffset: number;
}

export function fetched(batch: KafkajsBatch): Fetched {
  const { topic, partition, messages } = batch;
  return { topic, partition, messages, lastOffset: readOffset(batch.lastOffset()) };
}

/** Offsets are 64 bits wide; past 2^53 they are no numbers any more. */
export function readOffset(offset: string): number {
  const number = Number(offset);
  if (!Number.isSafeInteger(number)) throw new RangeError(`offset ${offset} is beyond 2^53`);
  return number;
}

function toEnvelope(topic: string, partition: number, offset: number, message: KafkaMessage): Envelope {
  return {
    topic,
    partition,
    offset,
    receivedAt: new Date(Number(message.timestamp)),
    key: message.key ?? undefined,
    headers: message.headers === undefined ? none : toHeaders(message.headers),
    value: message.value ?? nothing,
  };
}

/** A repeated name keeps its last value, as Java's `Headers.lastHeader`; a header without a value is empty. */
function toHeaders(headers: IHeaders): Headers {
  const entries = Object.entries(headers);
  if (entries.length === 0) return none;
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const last = Array.isArray(value) ? value.at(-1) : value;
      return [name, typeof last === 'string' ? Buffer.from(last) : (last ?? nothing)];
    }),
  );
}

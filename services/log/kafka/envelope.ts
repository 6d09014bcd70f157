import type { IHeaders, Batch as KafkajsBatch, KafkaMessage } from 'kafkajs';
import type { Batch, Envelope, Headers } from '../../core/log.ts';

const nothing = new Uint8Array(0);
const none: Headers = Object.freeze({});

/**
 * Bounds of a batch, as in the embedded log; a single record may exceed the second. A fetch is bounded by compressed bytes:
 * messages that are alike come by the ten thousand, and a handler that works through them in one go is silent for longer than
 * its session lives.
 */
const BATCH = { records: 2_000, bytes: 4 * 1024 ** 2 };

/**
 * Everything of one fetch from `first` on, in batches that follow one another. What kafkajs left out (transaction markers, aborted
 * and compacted records) lies in a batch without a record.
 */
export function* toBatches({ topic, partition, messages, lastOffset }: Fetched, first: number): Generator<Batch> {
  let begin = first;
  let records: Envelope[] = [];
  let bytes = 0;
  for (const message of messages) {
    const offset = readOffset(message.offset);
    if (offset < first) continue;
    const size = message.value?.length ?? 0;
    if (records.length > 0 && (records.length === BATCH.records || bytes + size > BATCH.bytes)) {
      yield { topic, partition, first: begin, next: offset, records };
      begin = offset;
      records = [];
      bytes = 0;
    }
    records.push(toEnvelope(topic, partition, offset, message));
    bytes += size;
  }
  yield { topic, partition, first: begin, next: lastOffset + 1, records };
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

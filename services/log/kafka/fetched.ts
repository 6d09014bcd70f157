import { createRequire } from 'node:module';
import type { KafkaMessage } from 'kafkajs';
import { Undecodable } from './codecs.ts';
import { open, type RecordBatch, split } from './record-batch.ts';
import { readRecords } from './records.ts';

/**
 * What stands for a record batch in kafkajs' answers, in the place of its messages: what kafkajs looks at to follow the log.
 * Records are read when a handler is to have them, so that a fetch holds what the broker sent and no more.
 */
interface Stand {
  /** Of the last record: batches end where the next fetch begins. */
  readonly offset: string;
  /** kafkajs passes over such a message, and over what it stands for. */
  readonly isControlRecord: boolean;
}

const batches = new WeakMap<object, RecordBatch>();

/** The record batch a message of kafkajs' stands for. */
export function batchOf(message: KafkaMessage): RecordBatch {
  const batch = batches.get(message);
  if (batch === undefined) throw new TypeError('kafkajs read the message by its own decoder');
  return batch;
}

interface Aborted {
  readonly producerId: string;
  readonly firstOffset: string;
}

interface Answer {
  readonly responses: readonly {
    readonly partitions: readonly { messages: readonly object[]; abortedTransactions?: readonly Aborted[] }[];
  }[];
}

interface Decoder {
  readInt32(): number;
  canReadBytes(count: number): boolean;
  readBytes(count: number): Buffer;
}

const PATH = 'kafkajs/src/protocol/requests/fetch';
/** Versions of the answer that bring record batches. 6 and 10 are read as those before them. */
const VERSIONS = [4, 5, 7, 8, 9, 11];

/**
 * Reads fetches by our own decoder (kafkajs 2.2.4, pinned; a test fails when this stops working). kafkajs loads the decoders of a
 * version when a broker first speaks it, and finds ours then.
 */
export function decodeFetches(): void {
  const require = createRequire(import.meta.url);
  const decoder = require.resolve(`${PATH}/v4/decodeMessages`);
  require(decoder);
  const module = require.cache[decoder];
  if (module === undefined || require.cache[require.resolve(`${PATH}/v4/response`)] !== undefined)
    throw new Error('kafkajs has loaded its decoder of fetches before');
  module.exports = async (fetch: Decoder) => readSet(fetch).map((batch) => stand(batch, batch.isControl));

  for (const version of VERSIONS) {
    const response: { decode(bytes: Buffer): Promise<Answer> } = require(`${PATH}/v${version}/response`);
    const { decode } = response;
    response.decode = async (bytes) => {
      const answer = await decode(bytes);
      for (const { partitions } of answer.responses)
        for (const partition of partitions) {
          partition.messages = committed(partition.messages, partition.abortedTransactions ?? []);
          partition.abortedTransactions = [];
        }
      return answer;
    };
  }
}

function readSet(fetch: Decoder): readonly RecordBatch[] {
  const size = fetch.readInt32();
  if (size <= 0) return [];
  if (!fetch.canReadBytes(size)) throw new Undecodable(`a fetch ends before its ${size} bytes of records`);
  return split(fetch.readBytes(size));
}

function stand(batch: RecordBatch, isControlRecord: boolean): Stand {
  const made = { offset: String(batch.last), isControlRecord };
  batches.set(made, batch);
  return made;
}

/**
 * Passes over the batches of aborted transactions as over control batches. kafkajs' own way takes one aborted transaction off
 * its list per message, and so hands out what a second one wrote when both began before the fetch.
 */
function committed(messages: readonly object[], aborted: readonly Aborted[]): readonly object[] {
  if (aborted.length === 0) return messages;
  const begins = aborted
    .map(({ producerId, firstOffset }) => ({ producerId: BigInt(producerId), first: Number(firstOffset) }))
    .sort((a, b) => b.first - a.first);
  const open = new Set<bigint>();
  return messages.map((message) => {
    const batch = batches.get(message);
    if (batch === undefined) return message;
    for (let next = begins.at(-1); next !== undefined && next.first <= batch.last; next = begins.at(-1)) {
      open.add(next.producerId);
      begins.pop();
    }
    if (batch.isControl) {
      if (isAbort(batch)) open.delete(batch.producerId);
      return message;
    }
    return batch.isTransactional && open.has(batch.producerId) ? stand(batch, true) : message;
  });
}

/** A marker's key: a version and a type, each of two bytes; type 0 is an abort. */
function isAbort(batch: RecordBatch): boolean {
  const [marker] = readRecords(open(batch), '', 0);
  return marker?.key !== undefined && Buffer.from(marker.key).readInt16BE(2) === 0;
}

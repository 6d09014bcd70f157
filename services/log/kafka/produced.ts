import { createRequire } from 'node:module';
import type { Message } from 'kafkajs';
import { writeBatch } from './write-batch.ts';

/** What kafkajs asks to have written: one record batch for each partition. */
interface Request {
  readonly acks: number;
  readonly timeout: number;
  readonly transactionalId?: string | null;
  readonly producerId?: unknown;
  readonly producerEpoch?: number;
  readonly compression?: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence?: number;
      readonly messages: readonly Message[];
    }[];
  }[];
}

interface Encoder {
  writeString(text: string | null): Encoder;
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeBuffer(bytes: Buffer): Encoder;
}

const PATH = 'kafkajs/src/protocol/requests/produce/v3/request';
/** Kafka's number of the request. */
const PRODUCE = 0;

/** Writes record batches by our own encoder (kafkajs 2.2.4, pinned; a test fails when this stops working). */
export function encodeProduces(): void {
  const require = createRequire(import.meta.url);
  const encoder: new () => Encoder = require('kafkajs/src/protocol/encoder');
  const request = require.resolve(PATH);
  const isLoaded = request in require.cache;
  require(request);
  const module = require.cache[request];
  if (module === undefined || isLoaded) throw new Error('kafkajs has loaded its encoder of record batches before');
  module.exports = (given: Request) => ({
    apiKey: PRODUCE,
    apiVersion: 3,
    apiName: 'Produce',
    expectResponse: () => given.acks !== 0,
    encode: async () => encode(new encoder(), given),
  });
}

/** Version 3 of the request, which those up to 7 repeat. */
function encode(encoder: Encoder, given: Request): Encoder {
  const {
    transactionalId = null,
    acks,
    timeout,
    compression = 0,
    producerId = -1,
    producerEpoch = 0,
    topicData,
  } = given;
  const head = {
    codec: compression,
    isTransactional: Boolean(transactionalId),
    producerId: BigInt(String(producerId)),
    producerEpoch,
    now: Date.now(),
  };
  encoder.writeString(transactionalId).writeInt16(acks).writeInt32(timeout).writeInt32(topicData.length);
  for (const { topic, partitions } of topicData) {
    encoder.writeString(topic).writeInt32(partitions.length);
    for (const { partition, firstSequence = 0, messages } of partitions) {
      const batch = writeBatch(messages, { ...head, firstSequence });
      encoder.writeInt32(partition).writeInt32(batch.length).writeBuffer(batch);
    }
  }
  return encoder;
}

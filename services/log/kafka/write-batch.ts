import type { IHeaders, Message } from 'kafkajs';
import { pack } from './codecs.ts';
import { crc32c } from './crc32c.ts';
import { sizeOf, Writing } from './writing.ts';

/** What a record batch says of all its records. */
export interface BatchHead {
  readonly codec: number;
  readonly isTransactional: boolean;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  /** Stamps messages that bring no timestamp of their own. */
  readonly now: number;
}

interface Field {
  readonly name: Buffer;
  readonly content: Buffer | undefined;
}

/** A message with its parts as bytes and its size, which stands before it. */
interface Record {
  readonly timestamp: number;
  readonly key: Buffer | undefined;
  readonly value: Buffer | undefined;
  readonly headers: readonly Field[];
}

const HEADER = 61;
const COVER = 21;
const TRANSACTIONAL = 0x10;

/**
 * Messages as one record batch of version 2, the bytes kafkajs makes of them. kafkajs makes a growing buffer of each record and
 * each header, and a checksum byte by byte; its own encoder is the slow twin in write-batch.test.ts.
 */
export function writeBatch(messages: readonly Message[], head: BatchHead): Buffer {
  const records = messages.map((message) => toRecord(message, head.now));
  const times = records.map(({ timestamp }) => timestamp);
  const first = times.reduce((a, b) => Math.min(a, b));
  const packed = pack(encode(records, first), head.codec);

  const batch = Buffer.allocUnsafe(HEADER + packed.length);
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(0, 12);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(head.codec | (head.isTransactional ? TRANSACTIONAL : 0), COVER);
  batch.writeInt32BE(records.length - 1, 23);
  batch.writeBigInt64BE(BigInt(first), 27);
  batch.writeBigInt64BE(BigInt(times.reduce((a, b) => Math.max(a, b))), 35);
  batch.writeBigInt64BE(head.producerId, 43);
  batch.writeInt16BE(head.producerEpoch, 51);
  batch.writeInt32BE(head.firstSequence, 53);
  batch.writeInt32BE(records.length, 57);
  batch.set(packed, HEADER);
  batch.writeUInt32BE(crc32c(batch.subarray(COVER)), 17);
  return batch;
}

function encode(records: readonly Record[], first: number): Buffer {
  const sizes = records.map((record, delta) => bodySize(record, record.timestamp - first, delta));
  const writing = new Writing(sizes.reduce((sum, size) => sum + sizeOf(size) + size, 0));
  for (const [delta, { timestamp, key, value, headers }] of records.entries()) {
    writing.varint(sizes[delta] ?? 0);
    writing.byte(0);
    writing.varint(timestamp - first);
    writing.varint(delta);
    writing.bytes(key);
    writing.bytes(value);
    writing.varint(headers.length);
    for (const { name, content } of headers) {
      writing.bytes(name);
      writing.bytes(content);
    }
  }
  return writing.done();
}

function bodySize({ key, value, headers }: Record, timestampDelta: number, offsetDelta: number): number {
  let size =
    1 + sizeOf(timestampDelta) + sizeOf(offsetDelta) + bytesSize(key) + bytesSize(value) + sizeOf(headers.length);
  for (const { name, content } of headers) size += bytesSize(name) + bytesSize(content);
  return size;
}

const bytesSize = (bytes: Buffer | undefined): number =>
  bytes === undefined ? 1 : sizeOf(bytes.length) + bytes.length;

function toRecord({ key, value, headers, timestamp }: Message, now: number): Record {
  return {
    timestamp: timestamp === undefined ? now : Number(timestamp),
    key: toBuffer(key),
    value: toBuffer(value),
    headers: headers === undefined ? [] : toFields(headers),
  };
}

/** A list is a header that repeats. */
function toFields(headers: IHeaders): readonly Field[] {
  return Object.entries(headers).flatMap(([key, given]) => {
    const name = nameOf(key);
    if (!Array.isArray(given)) return [{ name, content: toBuffer(given) }];
    return given.map((one) => ({ name, content: toBuffer(one) }));
  });
}

const toBuffer = (given: Buffer | string | null | undefined): Buffer | undefined =>
  typeof given === 'string' ? Buffer.from(given) : (given ?? undefined);

/** A topic's records have the same few headers; others are not kept. */
const names = new Map<string, Buffer>();

function nameOf(key: string): Buffer {
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = Buffer.from(key);
  if (names.size < 100) names.set(key, name);
  return name;
}

import type { Envelope, Headers } from '../../core/log.ts';
import { Undecodable } from './codecs.ts';
import type { Unpacked } from './record-batch.ts';

const nothing = new Uint8Array(0);
const none: Headers = Object.freeze({});

/**
 * The records of a batch as envelopes whose keys, headers and values are views of its bytes. kafkajs makes a decoder, a long
 * and several objects of each field; its own decoder is the slow twin in records.test.ts. A repeated header keeps its last
 * value, as Java's `Headers.lastHeader`; a header without a value is empty.
 */
export function readRecords(batch: Unpacked, topic: string, partition: number): Envelope[] {
  const { first, last, count, firstTimestamp, appendedAt, records } = batch;
  const cursor = new Cursor(records);
  const read: Envelope[] = [];
  try {
    for (let record = 0; record < count; record++) {
      const end = cursor.varint() + cursor.at;
      cursor.at++;
      const timestamp = firstTimestamp + cursor.varint();
      const offset = first + cursor.varint();
      const key = cursor.bytes();
      const value = cursor.bytes() ?? nothing;
      const headers = readHeaders(cursor);
      if (cursor.at !== end || offset < first || offset > last)
        throw new RangeError('a record does not end where it says');
      read.push({ topic, partition, offset, receivedAt: new Date(appendedAt ?? timestamp), key, headers, value });
    }
    if (cursor.at !== records.length) throw new RangeError('bytes follow the last record');
  } catch (cause) {
    throw new Undecodable(`offset ${first}: the record batch does not hold the ${count} records it speaks of`, {
      cause,
    });
  }
  return read;
}

function readHeaders(cursor: Cursor): Headers {
  const count = cursor.varint();
  if (count === 0) return none;
  const headers: [string, Uint8Array][] = [];
  for (let header = 0; header < count; header++) headers.push([cursor.text(), cursor.bytes() ?? nothing]);
  return Object.fromEntries(headers);
}

class Cursor {
  at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Zigzag, base 128 with the lowest group first; arithmetic past 31 bits, for timestamps. */
  varint(): number {
    let byte = this.#next();
    let value = byte & 0x7f;
    for (let scale = 128; byte > 0x7f; scale *= 128) {
      if (scale > 2 ** 63) throw new RangeError('a number does not end');
      byte = this.#next();
      value += (byte & 0x7f) * scale;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Undefined for a length of -1, Kafka's null. */
  bytes(): Buffer | undefined {
    const length = this.varint();
    return length === -1 ? undefined : this.#bytes.subarray(this.at, this.#pass(length));
  }

  text(): string {
    const from = this.at;
    const length = this.varint();
    const begin = this.at;
    if (length < 0) throw new RangeError(`a name of ${length} bytes at ${from}`);
    return this.#bytes.toString('utf8', begin, this.#pass(length));
  }

  #next(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new RangeError('the bytes end within a number');
    return byte;
  }

  #pass(length: number): number {
    const end = this.at + length;
    if (length < 0 || end > this.#bytes.length) throw new RangeError(`${length} bytes do not follow`);
    this.at = end;
    return end;
  }
}

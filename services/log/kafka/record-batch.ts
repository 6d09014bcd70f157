import { Undecodable, unpack } from './codecs.ts';
import { crc32c } from './crc32c.ts';

/** A record batch of version 2 (magic 2) as a fetch brings it: its header read, its records packed still. */
export interface RecordBatch {
  /** Offset of its first record, and of its last one; either may have been compacted away. */
  readonly first: number;
  readonly last: number;
  readonly producerId: bigint;
  readonly isTransactional: boolean;
  /** Holds a marker that ends a transaction, no record. */
  readonly isControl: boolean;
  /** From the attributes on: what the checksum covers. */
  readonly covered: Buffer;
  readonly crc: number;
}

/** Bytes before the length ends, before the checksum's cover begins, and of the whole header up to the records. */
const LENGTH_END = 12;
const COVER = 21;
const HEADER = 61;

const CODEC = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/**
 * The whole record batches of a fetch; a broker may cut the last one short, though never the first. Throws `Undecodable` where
 * bytes are none: the length and the offset stand outside of what the checksum covers.
 */
export function split(set: Buffer): readonly RecordBatch[] {
  const batches: RecordBatch[] = [];
  let reached = -1;
  for (let at = 0; at < set.length; ) {
    const end = set.length - at < HEADER ? Infinity : at + LENGTH_END + set.readInt32BE(at + 8);
    if (end > set.length && batches.length > 0) break;
    if (end > set.length || end < at + HEADER) throw new Undecodable(`no record batch follows offset ${reached}`);
    const batch = readHeader(set.subarray(at, end));
    if (batch.first <= reached) throw new Undecodable(`offset ${batch.first} follows offset ${reached} in a fetch`);
    batches.push(batch);
    reached = batch.last;
    at = end;
  }
  return batches;
}

function readHeader(bytes: Buffer): RecordBatch {
  const first = Number(bytes.readBigInt64BE(0));
  const magic = bytes.readInt8(16);
  if (magic !== 2)
    throw new Undecodable(`offset ${first}: a message set of version ${magic}; Kafka writes 2 since 0.11`);
  const last = first + bytes.readInt32BE(23);
  if (last < first) throw new Undecodable(`offset ${first}: a record batch that ends at ${last}`);
  if (!Number.isSafeInteger(last)) throw new RangeError(`offset ${last} is beyond 2^53`);
  const attributes = bytes.readInt16BE(COVER);
  return {
    first,
    last,
    producerId: bytes.readBigInt64BE(43),
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    covered: bytes.subarray(COVER),
    crc: bytes.readUInt32BE(17),
  };
}

/** The records of a batch, unpacked, with what they share. */
export interface Unpacked {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly firstTimestamp: number;
  /** Where the broker stamps records: the timestamp of all of them. */
  readonly appendedAt: number | undefined;
  readonly records: Buffer;
}

/** Compares the checksum and unpacks. Throws `Undecodable`: kafkajs itself would hand out what a disk or a network made of it. */
export function open({ first, last, covered, crc }: RecordBatch): Unpacked {
  if (crc32c(covered) !== crc) throw new Undecodable(`offset ${first}: the record batch does not have its checksum`);
  const attributes = covered.readInt16BE(0);
  const count = covered.readInt32BE(HEADER - COVER - 4);
  const packed = covered.subarray(HEADER - COVER);
  return {
    first,
    last,
    count,
    firstTimestamp: Number(covered.readBigInt64BE(6)),
    appendedAt: (attributes & LOG_APPEND_TIME) === 0 ? undefined : Number(covered.readBigInt64BE(14)),
    records: count === 0 ? Buffer.alloc(0) : unpack(packed, attributes & CODEC),
  };
}

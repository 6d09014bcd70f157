import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';
import { registerCodecs } from '../../../services/log/kafka/codecs.ts';

registerCodecs();
const require = createRequire(import.meta.url);

/** What kafkajs' encoder of records takes. */
export interface Given {
  readonly offsetDelta: number;
  readonly timestampDelta?: number;
  readonly key?: Buffer | string | null;
  readonly value?: Buffer | string | null;
  readonly headers?: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[]>>;
}

export interface Frame {
  readonly firstOffset?: number;
  readonly lastOffsetDelta?: number;
  readonly firstTimestamp?: number;
  readonly maxTimestamp?: number;
  readonly compression?: kafkajs.CompressionTypes;
  readonly transactional?: boolean;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly firstSequence?: number;
}

interface Encoded {
  readonly buffer: Buffer;
}

const encodeRecord: (record: Given) => Encoded = require('kafkajs/src/protocol/recordBatch/record/v0');
const {
  RecordBatch,
}: { RecordBatch(batch: object): Promise<Encoded> } = require('kafkajs/src/protocol/recordBatch/v0');

/** A record batch as kafkajs writes it. */
export async function packed(records: readonly Given[], frame: Frame = {}): Promise<Buffer> {
  const { buffer } = await RecordBatch({
    firstTimestamp: 1_768_467_600_000,
    lastOffsetDelta: records.at(-1)?.offsetDelta ?? 0,
    compression: kafkajs.CompressionTypes.None,
    ...frame,
    records: records.map(encodeRecord),
  });
  return Buffer.from(buffer);
}

/** Of a record batch: sets the bit of its attributes that makes it one of control records, and its checksum anew. */
export function asControl(batch: Buffer, crc32c: (bytes: Uint8Array) => number): Buffer {
  const control = Buffer.from(batch);
  control.writeInt16BE(control.readInt16BE(21) | 0x20, 21);
  control.writeUInt32BE(crc32c(control.subarray(21)), 17);
  return control;
}

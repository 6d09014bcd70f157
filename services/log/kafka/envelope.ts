import type { Batch as KafkajsBatch } from 'kafkajs';
import type { Batch, BatchBounds, Envelope } from '../../core/log.ts';
import { BATCH } from '../bounds.ts';
import { batchOf } from './fetched.ts';
import { open, type RecordBatch } from './record-batch.ts';
import { readRecords } from './records.ts';

/** What one fetch brought: record batches in order, and the offset up to which nothing else is there. */
export interface Fetched {
  readonly topic: string;
  readonly partition: number;
  readonly batches: readonly RecordBatch[];
  readonly lastOffset: number;
}

export function fetched(batch: KafkajsBatch): Fetched {
  const { topic, partition, messages } = batch;
  return { topic, partition, batches: messages.map(batchOf), lastOffset: readOffset(batch.lastOffset()) };
}

/**
 * Everything of one fetch from `first` on, in batches that follow one another, unpacked as they are asked for. What is left out
 * (transaction markers, aborted and compacted records) lies in a batch without a record. A single record may exceed the bytes.
 */
export function* toBatches(fetch: Fetched, first: number, bounds: BatchBounds = BATCH): Generator<Batch> {
  const { topic, partition, lastOffset } = fetch;
  let begin = first;
  let records: Envelope[] = [];
  let bytes = 0;
  for (const batch of fetch.batches) {
    if (batch.last < first) continue;
    for (const record of readRecords(open(batch), topic, partition)) {
      if (record.offset < first) continue;
      const size = record.value.length;
      if (records.length > 0 && (records.length === bounds.records || bytes + size > bounds.bytes)) {
        yield { topic, partition, first: begin, next: record.offset, records };
        begin = record.offset;
        records = [];
        bytes = 0;
      }
      records.push(record);
      bytes += size;
    }
  }
  yield { topic, partition, first: begin, next: lastOffset + 1, records };
}

/** Offsets are 64 bits wide; past 2^53 they are no numbers any more. */
export function readOffset(offset: string): number {
  const number = Number(offset);
  if (!Number.isSafeInteger(number)) throw new RangeError(`offset ${offset} is beyond 2^53`);
  return number;
}

import type { DatabaseSync } from 'node:sqlite';
import { type Batch, type BatchBounds, type Envelope, LogLost } from '../../core/log.ts';
import { BATCH } from '../bounds.ts';
import { unpack } from './packing.ts';
import { bytes, integer } from './rows.ts';
import type { Topics } from './topics.ts';

/**
 * The batch that begins at an offset; undefined at the end of the partition. Throws `LogLost` outside of it. Blocks stay whole:
 * one of them may exceed the bounds.
 */
export type Read = (topic: string, partition: number, from: number, bounds?: BatchBounds) => Batch | undefined;

export function openRead(database: DatabaseSync, topics: Topics): Read {
  const blocksFrom = database.prepare(
    'SELECT first, next, bytes, records FROM blocks WHERE partition = ? AND first >= ? ORDER BY first',
  );
  const blockAt = database.prepare(
    'SELECT first, next, bytes, records FROM blocks WHERE partition = ? AND first <= ? ORDER BY first DESC LIMIT 1',
  );

  return (topic, partition, from, bounds = BATCH) => {
    const { id, start, end } = topics.partition(topic, partition);
    if (from < start || from > end) throw new LogLost({ topic, partition, start, end, committed: undefined }, from);
    if (from === end) return undefined;

    const begun = blockAt.get(id, from);
    const begin = begun === undefined ? from : integer(begun, 'first');
    const records: Envelope[] = [];
    let size = 0;
    let next = from;
    for (const row of blocksFrom.iterate(id, begin)) {
      const first = integer(row, 'first');
      // Blocks leave no gaps: one is another process' retention at work between our two questions, or damage.
      if (first > next) throw new LogLost({ topic, partition, start: first, end, committed: undefined }, next);
      const count = integer(row, 'next') - first;
      const tooMuch = records.length + count > bounds.records || size + integer(row, 'bytes') > bounds.bytes;
      if (tooMuch && records.length > 0) break;
      for (const record of unpack(bytes(row, 'records'), topic, partition, first))
        if (record.offset >= from) records.push(record);
      size += integer(row, 'bytes');
      next = first + count;
    }
    return { topic, partition, first: from, next, records };
  };
}

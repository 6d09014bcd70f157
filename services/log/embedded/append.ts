import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../core/clock.ts';
import type { Outgoing } from '../../core/log.ts';
import { pack, packedBytes } from './packing.ts';
import type { Topics } from './topics.ts';
import type { Writer } from './writer.ts';

/** Bounds of a block, the unit that is stored, read and expired: one row holds many records. */
const BLOCK = { records: 1_000, bytes: 512 * 1024 };

/** A record is larger than its topic takes; nothing of its append was written. */
export class RecordTooLarge extends Error {
  override readonly name = 'RecordTooLarge';
}

export type Append = (topic: string, partition: number, records: readonly Outgoing[]) => Promise<number>;

export function openAppend(database: DatabaseSync, topics: Topics, writer: Writer, clock: Clock): Append {
  const add = database.prepare(
    'INSERT INTO blocks (partition, first, next, appended_ms, bytes, records) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const advance = database.prepare('UPDATE partitions SET next = ? WHERE id = ?');

  return async (topic, partition, records) => {
    const limit = topics.maxRecordBytes(topic);
    const now = clock.now();
    const blocks = divide(records, limit).map((part) => ({ count: part.length, bytes: pack(part, now) }));

    return writer.write(() => {
      const { id, end } = topics.partition(topic, partition);
      let next = end;
      for (const { count, bytes } of blocks) {
        add.run(id, next, next + count, now.getTime(), bytes.byteLength, bytes);
        next += count;
      }
      advance.run(next, id);
      return end;
    });
  };
}

/** Cuts an append into blocks. A record beyond the limit of its topic throws. */
function divide(records: readonly Outgoing[], limit: number): Outgoing[][] {
  const blocks: Outgoing[][] = [];
  let block: Outgoing[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = packedBytes(record);
    if (size > limit) throw new RecordTooLarge(`a record of ${size} bytes; the topic takes ${limit}`);
    if (block.length === BLOCK.records || (block.length > 0 && bytes + size > BLOCK.bytes)) {
      blocks.push(block);
      block = [];
      bytes = 0;
    }
    block.push(record);
    bytes += size;
  }
  return block.length === 0 ? blocks : [...blocks, block];
}

import type { DatabaseSync } from 'node:sqlite';
import type { TopicSpec, TopicState } from '../../core/log.ts';
import { integer } from './rows.ts';

/** Largest record of a topic that names no limit. */
const MAX_RECORD_BYTES = 16 * 1024 ** 2;

export interface Partition {
  /** Row id, the key of its blocks. */
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

export interface Topics {
  /** Creates what is missing; runs inside a transaction of the writer. */
  create(specs: readonly TopicSpec[]): void;
  describe(topic: string): TopicState | undefined;
  /** Largest record the topic takes, in bytes of key, headers and value together. */
  maxRecordBytes(topic: string): number;
  partition(topic: string, partition: number): Partition;
}

export function openTopics(database: DatabaseSync): Topics {
  const addTopic = database.prepare('INSERT INTO topics VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const addPartition = database.prepare('INSERT INTO partitions (topic, number) VALUES (?, ?)');
  const topicNamed = database.prepare('SELECT retention_ms, max_record_bytes FROM topics WHERE name = ?');
  const partitionsOf = database.prepare('SELECT start, next FROM partitions WHERE topic = ? ORDER BY number');
  const partitionAt = database.prepare('SELECT id, start, next FROM partitions WHERE topic = ? AND number = ?');

  return {
    create(specs) {
      for (const { name, partitions, retentionMs, maxRecordBytes = MAX_RECORD_BYTES } of specs) {
        if (addTopic.run(name, retentionMs, maxRecordBytes).changes === 0) continue;
        for (let number = 0; number < partitions; number++) addPartition.run(name, number);
      }
    },

    describe(topic) {
      const row = topicNamed.get(topic);
      if (row === undefined) return undefined;
      const partitions = partitionsOf
        .all(topic)
        .map((at) => ({ start: integer(at, 'start'), end: integer(at, 'next') }));
      return { name: topic, partitions, retentionMs: integer(row, 'retention_ms') };
    },

    maxRecordBytes(topic) {
      const row = topicNamed.get(topic);
      if (row === undefined) throw new Error(`the log has no topic ${topic}`);
      return integer(row, 'max_record_bytes');
    },

    partition(topic, partition) {
      const row = partitionAt.get(topic, partition);
      if (row === undefined) throw new Error(`the log has no partition ${topic}/${partition}`);
      return { id: integer(row, 'id'), start: integer(row, 'start'), end: integer(row, 'next') };
    },
  };
}

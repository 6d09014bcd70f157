import type { DatabaseSync } from 'node:sqlite';
import type { Committed } from '../../core/log.ts';
import { integer, text } from './rows.ts';

export interface Groups {
  /** From now on retention keeps what the group has not committed. */
  register(group: string, topic: string): void;
  commit(group: string, topic: string, partition: number, settled: Committed): void;
  committed(group: string, topic: string): ReadonlyMap<number, Committed>;
}

/** What groups have committed. `register` and `commit` run inside a transaction of the writer. */
export function openGroups(database: DatabaseSync): Groups {
  const register = database.prepare('INSERT INTO registered VALUES (?, ?) ON CONFLICT DO NOTHING');
  const store = database.prepare(
    `INSERT INTO committed VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET position = excluded.position, metadata = excluded.metadata`,
  );
  const stored = database.prepare(
    'SELECT partition, position, metadata FROM committed WHERE consumer = ? AND topic = ?',
  );

  return {
    register: (group, topic) => void register.run(group, topic),

    commit: (group, topic, partition, { offset, metadata }) =>
      void store.run(group, topic, partition, offset, metadata),

    committed(group, topic) {
      const rows = stored.all(group, topic);
      return new Map(
        rows.map((row) => [
          integer(row, 'partition'),
          { offset: integer(row, 'position'), metadata: text(row, 'metadata') },
        ]),
      );
    },
  };
}

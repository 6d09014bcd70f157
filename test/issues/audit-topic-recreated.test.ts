import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClickHouse, Params } from '../../services/clickhouse/client.ts';
import { silent } from '../../services/core/logger.ts';
import { caughtUp, hasty, runLane } from '../support/archive-bench.ts';
import { eventRecord } from '../support/archived.ts';
import { type MemoryLog, memoryLog } from '../support/memory-log.ts';

/**
 * An audit topic that was deleted, created again and has outgrown where the archive stood looks healthy: the archive went
 * on in the middle of it, and what the new log holds below was never stored.
 */

const TOPIC = 'audit.events';
let log: MemoryLog;
let journal: Params[];

/** A store that remembers its journal alone. */
const store = (): ClickHouse => {
  const rows = async (sql: string) => {
    const last = journal.at(-1);
    if (!sql.includes('FROM audit.journal')) return [{ rows: last?.rows ?? 0 }];
    return last === undefined ? [] : [{ ...last, before_marks: last.before, after_marks: last.after }];
  };
  const text = async () => '';
  return {
    writer: {
      rows,
      text,
      run: async (_, params) => void journal.push({ ...params }),
      insert: async () => {},
    },
    reader: () => ({ rows, text }),
    streams: () => {
      throw new Error('nobody streams here');
    },
    close: async () => {},
  };
};

async function fresh(): Promise<void> {
  log = memoryLog(hasty);
  await log.create([{ name: TOPIC, partitions: 1, retentionMs: -1 }]);
}

const send = async (first: number, next: number) => {
  for (let offset = first; offset < next; offset++) await log.append(TOPIC, 0, [eventRecord({ offset })]);
};

beforeEach(async () => {
  journal = [];
  await fresh();
  await send(0, 10);
  const running = runLane({ log, topic: TOPIC, clickhouse: store() });
  await caughtUp(log, TOPIC, 'archive', running.ended);
  await running.stop();
});
afterEach(() => log.close());

test('an archive does not go on in the middle of another log', async () => {
  await fresh();
  await send(10, 40);
  const running = runLane({ log, topic: TOPIC, clickhouse: store() });
  await expect(Promise.race([running.ended, caughtUp(log, TOPIC)])).rejects.toThrow(
    'audit.events/0 at offset 9: this is not the record settled before: the topic was re-created',
  );
});

test('it goes on in the log it knows, with and without the record below', async () => {
  await send(10, 15);
  const running = runLane({ log, topic: TOPIC, clickhouse: store() });
  await caughtUp(log, TOPIC, 'archive', running.ended);
  await running.stop();
  await send(15, 20);
  log.truncate(TOPIC, 0, 15);
  const again = runLane({ log, topic: TOPIC, clickhouse: store() });
  await caughtUp(log, TOPIC, 'archive', again.ended);
  await again.stop();
  expect(journal.map(({ first, next, rows }) => [first, next, rows])).toEqual([
    [0, 10, 10],
    [10, 15, 5],
    [15, 20, 5],
  ]);
});

test('a store without a journal says what the log no longer holds', async () => {
  journal = [];
  log.truncate(TOPIC, 0, 4);
  const errors: unknown[] = [];
  const logger = { ...silent, error: (fields: unknown) => void errors.push(fields) };
  const running = runLane({ log, topic: TOPIC, clickhouse: store(), logger, group: 'another' });
  await caughtUp(log, TOPIC, 'another', running.ended);
  await running.stop();
  expect(errors).toEqual([{ topic: TOPIC, partition: 0, start: 4 }]);
});

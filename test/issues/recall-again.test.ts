import { expect, test } from 'vitest';
import type { Log, Position } from '../../services/core/log.ts';
import { openRecall } from '../../services/processes/ingest/recall.ts';
import { fakeClock } from '../support/clock.ts';
import { memoryLog } from '../support/memory-log.ts';

/**
 * What was recalled once was recalled for the life of the process: a topic that was re-created later looked like a first
 * start, and its records took the identities of the old ones.
 */

const ACCOUNTS = 'audit.accounting';
const position: Position = { topic: 'raw', partition: 0, start: 0, end: 0, committed: undefined };
const clock = fakeClock();

async function accounts(): Promise<Log> {
  const log = memoryLog(clock);
  await log.create([{ name: ACCOUNTS, partitions: 1, retentionMs: -1 }]);
  return log;
}

const settled = (next: number) => ({
  headers: { origin: Buffer.from('0/raw/0'), range: Buffer.from(`0:${next}`), mark: Buffer.from('m') },
  value: Buffer.from('account'),
});

test('an account that was written since is recalled', async () => {
  const log = await accounts();
  const recall = openRecall(log, 1, clock);
  expect(await recall(position)).toBeUndefined();
  await log.append(ACCOUNTS, 0, [settled(50)]);
  clock.advance(60_000);
  expect(await recall(position)).toMatchObject({ offset: 50, metadata: 'm' });
});

test('a reading that failed is not remembered', async () => {
  const log = await accounts();
  await log.append(ACCOUNTS, 0, [settled(50)]);
  let failing = true;
  const read: Log['read'] = async (...what) => {
    if (failing) throw new Error('brokers are away');
    return log.read(...what);
  };
  const recall = openRecall({ ...log, read }, 1, clock);
  await expect(recall(position)).rejects.toThrow('brokers are away');
  failing = false;
  expect(await recall(position)).toMatchObject({ offset: 50 });
});

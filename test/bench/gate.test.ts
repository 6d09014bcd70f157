import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { fakeClock } from '../support/clock.ts';
import { memoryLog } from '../support/memory-log.ts';
import { gated } from './gate.ts';

test('a gated group waits for what others read', async () => {
  const memory = memoryLog(fakeClock());
  const gate = gated(memory, 'held');
  await memory.create([{ name: 'raw', partitions: 1, retentionMs: -1 }]);
  const stop = new AbortController();
  const read: string[] = [];
  const running = ['held', 'free'].map((group) =>
    gate.log.subscribe({ group, topics: ['raw'] }).run(async () => {
      read.push(group);
      return undefined;
    }, stop.signal),
  );
  await gate.log.append('raw', 0, [{ value: Buffer.from('1') }]);
  await setImmediate();
  expect(read).toEqual(['free']);
  gate.open();
  await setImmediate();
  expect(read).toEqual(['free', 'held']);
  gate.close();
  await gate.log.append('raw', 0, [{ value: Buffer.from('2') }]);
  await setImmediate();
  expect(read).toEqual(['free', 'held', 'free']);
  gate.open();
  stop.abort();
  await Promise.all(running);
});

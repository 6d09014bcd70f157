import { expect, test } from 'vitest';
import { cpuSecondsOf } from './cpu.ts';

test.runIf(process.platform === 'linux')('CPU time of a process, as the process counts it itself', () => {
  const { user, system } = process.cpuUsage();
  const read = cpuSecondsOf(process.pid);
  // Both are cut to ticks of 10 ms.
  expect(read).toBeGreaterThanOrEqual((user + system) / 1e6 - 0.05);
  expect(read).toBeLessThan((user + system) / 1e6 + 1);
});

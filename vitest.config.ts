import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** chdb crashes in worker threads and hangs after one that used it has ended: forks only. */
export default defineConfig({
  test: {
    pool: 'forks',
    // Brokers measure their own patience: two files at a time, whatever the machine has.
    maxWorkers: 2,
    // Commands and roles are started hundreds of times: Node strips their types and compiles them once.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('.cache/compile', import.meta.url)) },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/integration/**', 'test/faults/**'],
          // Properties over sockets take a second or two; on a busy machine, several times that.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxConcurrency: 3,
          // Real processes are killed and waited for: nothing but two of these files run beside each other.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

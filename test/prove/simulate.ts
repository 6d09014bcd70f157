import { availableParallelism } from 'node:os';
import { type Swept, sweep } from '../simulator/run.ts';
import type { Figures } from './figures.ts';

/** Seeds of one process: its memory is that of so many and no more. */
const STRETCH = 1_000;

/** Ingest, archive and export over seeded doubles of everything outside them, with faults at every request. */
export async function simulate(seeds: number): Promise<Figures> {
  const began = performance.now();
  const all: Swept[] = [];
  let next = 1;
  const lane = async (): Promise<void> => {
    while (next <= seeds) {
      const first = next;
      next += STRETCH;
      const one = await sweep(first, Math.min(STRETCH, seeds - first + 1));
      all.push(one);
      for (const { seed, words } of one.broken) process.stderr.write(`seed ${seed}: ${words}\n`);
      process.stderr.write(`${all.length * STRETCH} seeds …\n`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  const sum = (of: (one: Swept) => number) => all.reduce((total, one) => total + of(one), 0);
  const seconds = (performance.now() - began) / 1_000;
  const figures = {
    seeds: sum(({ count }) => count),
    broken: sum(({ broken }) => broken.length),
    happened: sum(({ happened }) => happened),
    seedsPerSecond: Math.round(seeds / seconds),
    seedsPerCpuSecond: Math.round(seeds / (sum(({ cpuMs }) => cpuMs) / 1_000)),
  };
  const rows = [
    `| seeds | ${figures.seeds} |`,
    `| requests, effects and sleeps in them | ${figures.happened} |`,
    `| seeds in which a promise was broken | ${figures.broken} |`,
    `| seeds/s, wall | ${figures.seedsPerSecond} |`,
    `| seeds per CPU-second | ${figures.seedsPerCpuSecond} |`,
  ];
  return {
    title: 'Simulated faults',
    table: `| what | found |\n|---|---|\n${rows.join('\n')}`,
    held: figures.broken === 0,
    json: figures,
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const swept = z.object({
  count: z.number(),
  /** Answers, effects and sleeps in all seeds. */
  happened: z.number(),
  cpuMs: z.number(),
  broken: z.array(z.object({ seed: z.number(), words: z.string() })),
});

export type Swept = z.output<typeof swept>;

const hunted = z.object({ name: z.string(), seed: z.number(), broken: z.string().optional() });

export type Hunted = z.output<typeof hunted>;

/** Seeds in a process of their own: nothing else runs between two happenings. */
export async function sweep(first: number, count: number): Promise<Swept> {
  const lines = await run('sweep.ts', [String(first), String(count)]);
  return swept.parse(JSON.parse(lines[0] ?? 'null'));
}

/** Every mutant, and the seed that found it; at most so many seeds each. */
export async function hunt(seeds: number): Promise<readonly Hunted[]> {
  const lines = await run('hunt.ts', [String(seeds)]);
  return lines.map((line) => hunted.parse(JSON.parse(line)));
}

async function run(file: string, given: readonly string[]): Promise<readonly string[]> {
  const path = new URL(file, import.meta.url).pathname;
  const child = spawn(process.execPath, [path, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return said.split('\n').filter((line) => line !== '');
}

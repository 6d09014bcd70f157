import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const line = z.object({ name: z.string(), result: z.unknown() });

/** Results of a long run, piece by piece: a piece that is in the file is not run again. */
export interface Kept {
  once<S extends z.ZodType>(name: string, shape: S, run: () => Promise<z.output<S>>): Promise<z.output<S>>;
}

/**
 * One line of JSON per piece. Pieces are known by name alone: a file belongs to one state of the code. Without a file
 * nothing is kept.
 */
export function openKept(file: string | undefined): Kept {
  const known = new Map<string, unknown>();
  if (file !== undefined && existsSync(file))
    for (const text of readFileSync(file, 'utf8').split('\n')) {
      if (text === '') continue;
      const { name, result } = line.parse(JSON.parse(text));
      known.set(name, result);
    }
  return {
    async once(name, shape, run) {
      const before = known.get(name);
      if (before !== undefined) return shape.parse(before);
      process.stderr.write(`${name} …\n`);
      const result = await run();
      if (file !== undefined) appendFileSync(file, `${JSON.stringify({ name, result })}\n`);
      process.stderr.write(`${name}: ${JSON.stringify(result).slice(0, 300)}\n`);
      return result;
    },
  };
}

/** Runs all, so many at a time, and gives the results in order. */
export async function sideBySide<T>(most: number, all: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < all.length; index = next++) {
      const run = all[index];
      if (run !== undefined) results[index] = await run();
    }
  };
  await Promise.all(Array.from({ length: most }, lane));
  return results;
}

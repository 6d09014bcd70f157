import { runSeed } from './seed.ts';

/**
 * `node test/simulator/sweep.ts FIRST COUNT`: runs seeds one after the other and prints one line of JSON (`Swept`); the exit code is
 * 1 where a promise was broken.
 */
const [first = 1, count = 1] = process.argv.slice(2).map(Number);
// Errors are made by the thousand and nobody looks where from.
Error.stackTraceLimit = 0;

const broken: { readonly seed: number; readonly words: string }[] = [];
let happened = 0;
for (let seed = first; seed < first + count; seed++) {
  const result = await runSeed(seed);
  happened += result.happened;
  if (result.broken !== undefined) broken.push({ seed, words: result.broken });
}
const { user, system } = process.cpuUsage();
process.stdout.write(`${JSON.stringify({ count, happened, cpuMs: (user + system) / 1_000, broken })}\n`);
process.exit(broken.length === 0 ? 0 : 1);

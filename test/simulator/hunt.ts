import { MUTANTS } from './mutants.ts';
import { plant } from './mutate.ts';

/**
 * `node test/simulator/hunt.ts SEEDS [WORDS]`: runs every mutant but the rare, or those whose name holds the words, until a seed finds it. One line
 * of JSON for each; the exit code is 1 where one survives.
 */
const [seeds = '100', words = ''] = process.argv.slice(2);
Error.stackTraceLimit = 0;
for (const mutant of MUTANTS.filter(({ name, isRare }) => (words === '' ? isRare !== true : name.includes(words)))) {
  const run = await plant(mutant);
  let found: { readonly seed: number; readonly broken: string | undefined } | undefined;
  for (let seed = 1; seed <= Number(seeds) && found?.broken === undefined; seed++) found = await run(seed);
  const { seed, broken } = found ?? { seed: 0, broken: undefined };
  process.stdout.write(`${JSON.stringify({ name: mutant.name, seed, broken })}\n`);
  if (broken === undefined) process.exitCode = 1;
}
process.exit();

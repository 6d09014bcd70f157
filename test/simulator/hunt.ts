import { MUTANTS, type Mutant } from './mutants.ts';
import { plant } from './mutate.ts';
import { type Focus, plotOf } from './plot.ts';
import { openRandom } from './random.ts';

/**
 * `node test/simulator/hunt.ts SEEDS [WORDS]`: runs every mutant, or those whose name holds the words, until a seed finds it: the
 * one that is kept, then those that look at its role closely. One line of JSON for each; the exit code is 1 where one survives.
 */
const [seeds = '100', words = ''] = process.argv.slice(2);
Error.stackTraceLimit = 0;
for (const mutant of MUTANTS.filter(({ name }) => name.includes(words))) {
  const run = await plant(mutant);
  let found = await run(mutant.seed);
  for (let seed = 1; seed <= Number(seeds) && found.broken === undefined; seed++)
    if (plotOf(openRandom(seed)).focus === focusOf(mutant)) found = await run(seed);
  const { seed, broken } = found;
  process.stdout.write(`${JSON.stringify({ name: mutant.name, seed, broken })}\n`);
  if (broken === undefined) process.exitCode = 1;
}
process.exit();

function focusOf({ file }: Mutant): Focus {
  if (file.startsWith('clickhouse/')) return 'archive';
  return file.startsWith('processes/ingest/') || file.startsWith('core/') ? 'ingest' : 'export';
}

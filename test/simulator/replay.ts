import { runSeed } from './seed.ts';

/** `node test/simulator/replay.ts SEED`: what happens in a seed, in the order of its virtual time. Exit code 1 when a promise breaks. */
const seed = Number(process.argv[2]);
if (!Number.isSafeInteger(seed)) {
  process.stderr.write('node test/simulator/replay.ts SEED\n');
  process.exit(2);
}
const { broken, story, happened } = await runSeed(seed, true);
for (const line of story) process.stdout.write(`${line}\n`);
process.stdout.write(`seed ${seed}: ${happened} happenings; ${broken ?? 'every promise held'}\n`);
process.exit(broken === undefined ? 0 : 1);

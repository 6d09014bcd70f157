import { parseArgs } from 'node:util';
import { coreRun, naiveCoreRun } from './core.ts';
import type { Found, Run } from './figure.ts';
import { kafkaRun } from './kafka.ts';
import { stamp } from './machine.ts';
import { jsonOf, tableOf } from './report.ts';

/**
 * `npm run bench [-- KEY …] [--json] [--write] [--seconds N] [--events N] [--repeats N]`: how fast Trailhouse is, all keys
 * or those that are named. The table goes to stdout, progress to stderr; `--write` puts the table into docs/figures.md.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    events: { type: 'string', default: '100000' },
    repeats: { type: 'string', default: '5' },
  },
});

const runs: readonly Run[] = [
  coreRun('coreW1', 'W1'),
  coreRun('coreW3', 'W3'),
  coreRun('coreW4', 'W4'),
  naiveCoreRun,
  kafkaRun,
];

const known = runs.flatMap(({ keys }) => keys);
const stray = positionals.find((key) => !known.includes(key));
if (stray !== undefined) {
  process.stderr.write(`no key ${stray}; there are ${known.join(', ')}\n`);
  process.exit(2);
}

const bounds = {
  seconds: Number(values.seconds),
  events: Number(values.events),
  repeats: Number(values.repeats),
};
const all: Found[] = [];
for (const run of runs)
  if (positionals.length === 0 || run.keys.some((key) => positionals.includes(key)))
    all.push(await run.measure(bounds));
const found: Found = {
  figures: all.flatMap(({ figures }) => figures),
  corpora: Object.assign({}, ...all.map(({ corpora }) => corpora)),
  notes: all.flatMap(({ notes }) => notes),
};
const machine = stamp();
process.stdout.write(values.json ? `${jsonOf(found, machine)}\n` : `${tableOf(found)}\n\n${machine}\n`);
process.exit();

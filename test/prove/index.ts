import { parseArgs } from 'node:util';
import { canary } from './canary.ts';
import { detectors } from './detectors.ts';
import { erasure } from './erasure.ts';
import { exact } from './exact.ts';
import { type Figures, write } from './figures.ts';
import { long } from './long.ts';
import { proof } from './proof.ts';
import { queries } from './queries.ts';
import { receivers } from './receivers.ts';
import { retention } from './retention.ts';
import { simulate } from './simulate.ts';

/**
 * `npm run prove [-- PART] [--json]`: the long runs, one part or all. Each part's table goes to docs/figures.md; with
 * `--json` its figures go to stdout. Exit code 1 when a promise was broken.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    kills: { type: 'string' },
    faults: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '3' },
    bundle: { type: 'string', default: '1000000' },
    rows: { type: 'string', default: '10000000' },
    subjects: { type: 'string', default: '1000' },
    thinned: { type: 'string', default: '10' },
    seeds: { type: 'string', default: '100000' },
    events: { type: 'string', default: '1000000' },
    minutes: { type: 'string', default: '60' },
    inputs: { type: 'string', default: '10000000' },
    keep: { type: 'string' },
    flips: { type: 'string', default: '20000' },
    large: { type: 'string', default: '200' },
    changes: { type: 'string', default: '40' },
    honest: { type: 'string', default: '10000' },
    leaves: { type: 'string', default: '10000000' },
  },
});
const longRun = {
  kills: Number(values.kills ?? 1_000),
  events: Number(values.events),
  minutes: Number(values.minutes),
  inputs: Number(values.inputs),
  keep: values.keep,
};
const sizes = {
  flips: Number(values.flips),
  large: Number(values.large),
  changes: Number(values.changes),
  rounds: Number(values.rounds),
  honest: Number(values.honest),
  leaves: Number(values.leaves),
  bundle: Number(values.bundle),
};
const parts: ReadonlyMap<string, () => Promise<Figures>> = new Map([
  ['canary', () => canary(Number(values.rounds))],
  ['detectors', detectors],
  ['erasure', () => erasure(Number(values.subjects), Number(values.thinned))],
  ['exact', () => exact(Number(values.kills ?? 200))],
  ['long', () => long(longRun)],
  ['proof', () => proof(sizes)],
  ['queries', () => queries(Number(values.rows))],
  ['receivers', () => receivers(Number(values.faults))],
  ['retention', () => retention(7)],
  ['simulate', () => simulate(Number(values.seeds))],
]);
const wanted = positionals.length > 0 ? positionals : [...parts.keys()];

for (const name of wanted) {
  const part = parts.get(name);
  if (part === undefined) {
    process.stderr.write(`no part ${name}; there are ${[...parts.keys()].join(', ')}\n`);
    process.exit(2);
  }
  const figures = await part();
  write(name, figures.title, figures.table);
  if (values.json) process.stdout.write(`${JSON.stringify(figures.json)}\n`);
  if (!figures.held) process.exitCode = 1;
}
process.exit();

import { parseArgs } from 'node:util';
import { canary } from './canary.ts';
import { detectors } from './detectors.ts';
import { evidence } from './evidence.ts';
import { exact } from './exact.ts';
import { type Figures, write } from './figures.ts';
import { long } from './long.ts';
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
    seeds: { type: 'string', default: '100000' },
    events: { type: 'string', default: '1000000' },
    minutes: { type: 'string', default: '60' },
    inputs: { type: 'string', default: '10000000' },
    keep: { type: 'string' },
  },
});
const longRun = {
  kills: Number(values.kills ?? 1_000),
  events: Number(values.events),
  minutes: Number(values.minutes),
  inputs: Number(values.inputs),
  keep: values.keep,
};
const parts: ReadonlyMap<string, () => Promise<Figures>> = new Map([
  ['canary', () => canary(Number(values.rounds))],
  ['detectors', detectors],
  ['evidence', () => evidence(Number(values.bundle))],
  ['exact', () => exact(Number(values.kills ?? 200))],
  ['long', () => long(longRun)],
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

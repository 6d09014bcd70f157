import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { stamp, write } from '../prove/figures.ts';
import { coreRun, naiveCoreRun } from './core.ts';
import { embeddedRun } from './embedded.ts';
import type { Found, Run } from './figure.ts';
import { kafkaRun } from './kafka.ts';
import { jsonOf, tableOf } from './report.ts';
import { unreachedRun } from './unreached.ts';

/**
 * `npm run bench [-- KEY …] [--json] [--write] [--seconds N] [--events N] [--repeats N]`: how fast Trailhouse is, by all keys
 * or those that are named. The table goes to stdout, progress to stderr; with `--write` all keys go to docs/figures.md.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    events: { type: 'string', default: '60000' },
    repeats: { type: 'string', default: '5' },
  },
});

const RUNS: readonly Run[] = [
  coreRun('coreW1', 'W1'),
  unreachedRun('coreW2', 'no topic is read from Avro: its encoding is one of json, text, otlp_json, otlp_proto'),
  coreRun('coreW3', 'W3'),
  coreRun('coreW4', 'W4'),
  unreachedRun('shapeHits', 'every message takes the one way there is'),
  naiveCoreRun,
  embeddedRun,
  kafkaRun,
];

function refuse(words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(2);
}

const known = RUNS.flatMap(({ keys }) => keys);
const stray = positionals.find((key) => !known.includes(key));
if (stray !== undefined) refuse(`no key ${stray}; there are ${known.join(', ')}`);
if (values.write && positionals.length > 0) refuse('--write takes all keys: a section with some would lose the others');

const bounds = { seconds: Number(values.seconds), events: Number(values.events), repeats: Number(values.repeats) };
const wanted = RUNS.filter(({ keys }) => positionals.length === 0 || keys.some((key) => positionals.includes(key)));
const all: Found[] = [];
for (const run of wanted) all.push(await run.measure(bounds));

const load = `Load average of the machine at the end: ${loadavg()[0]?.toFixed(1)}.`;
const found: Found = {
  figures: all.flatMap(({ figures }) => figures),
  corpora: Object.assign({}, ...all.map(({ corpora }) => corpora)),
  notes: [...all.flatMap(({ notes }) => notes), load],
};
if (values.write) write('bench', 'Bench', tableOf(found), 'npm run bench -- --write');
process.stdout.write(values.json ? `${jsonOf(found, stamp())}\n` : `${tableOf(found)}\n\n${stamp()}\n`);
process.exit();

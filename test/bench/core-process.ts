import { parseArgs } from 'node:util';
import { settle } from '../../services/processes/ingest/settle.ts';
import { company } from './corpus/company.ts';
import type { Workload } from './corpus/messages.ts';
import { supply } from './corpus/supply.ts';
import { naiveAround } from './naive/around.ts';
import { rowsOf } from './naive/rows.ts';
import { batches, surroundings, TOKENS } from './surroundings.ts';

/**
 * `node core-process.ts --subject ours|naive --workload W1 --seconds 5`: bytes of raw messages to what is appended or
 * inserted, over and over, in a process of its own, whose compiled code has seen nothing else. One line of JSON on stdout.
 */
const { values } = parseArgs({
  options: {
    subject: { type: 'string', default: 'ours' },
    workload: { type: 'string', default: 'W1' },
    seconds: { type: 'string', default: '5' },
  },
});

/** Messages of the corpus, and how many of them a fetch holds. */
const [MESSAGES, FETCHED] = [10_000, 500];

const workload = (['W1', 'W3', 'W4'] as const satisfies readonly Workload[]).find((known) => known === values.workload);
if (workload === undefined) throw new RangeError(`no workload ${values.workload}`);
const people = company();
const corpus = supply(workload, people);
const fetched = batches(corpus.take(MESSAGES).messages, FETCHED);
const around = surroundings(people);
const naive = naiveAround(around, TOKENS, () => around.now);

function ours(batch: (typeof fetched)[number]): number {
  const made = settle(batch, around);
  if ('wants' in made) throw new Error('a key was missing');
  return made.events.reduce((sum, { value }) => sum + value.length, 0);
}

function twin(batch: (typeof fetched)[number]): number {
  let length = 0;
  for (const { value, ...place } of batch.records) {
    const rows = rowsOf(value, place, naive);
    if (rows.kind === 'event') length += JSON.stringify(rows.event).length + JSON.stringify(rows.content).length;
  }
  return length;
}

const run = values.subject === 'naive' ? twin : ours;

function spend(seconds: number): { readonly messages: number; readonly cpuSeconds: number } {
  const before = process.cpuUsage();
  for (let done = 0, turn = 0; ; turn++) {
    const batch = fetched[turn % fetched.length];
    if (batch === undefined || run(batch) === 0) throw new Error('a batch gave nothing');
    done += batch.records.length;
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1e6 >= seconds) return { messages: done, cpuSeconds: (user + system) / 1e6 };
  }
}

spend(Number(values.seconds) / 2);
process.stdout.write(`${JSON.stringify({ ...spend(Number(values.seconds)), corpus: corpus.told() })}\n`);

import { company } from '../bench/corpus/company.ts';
import { surroundings } from '../bench/surroundings.ts';
import { type Ended, ended } from './long/ended.ts';
import { fixtures } from './long/fixtures.ts';
import { type Input, inputOf } from './long/inputs.ts';

/**
 * `node test/prove/fuzzing.ts FIRST COUNT`: messages of these numbers through judge and settle in this process. One line of
 * JSON on stdout. With a count of 1 it shows the message.
 */
const [first = 0, count = 1] = process.argv.slice(2).map(Number);

/** Messages of one batch, shared out by topic. */
const AT_ONCE = 200;
/** More of the same say no more. */
const TOLD = 20;

const all = fixtures();
const { broken: _, ...around } = surroundings(company(200));
const now = new Date('2027-01-01T00:00:00Z');
const total = { inputs: 0, planted: 0, accepted: 0, skipped: 0, quarantined: 0, events: 0, wrong: 0 };
const faults: string[] = [];

for (let from = first; from < first + count; from += AT_ONCE) {
  const numbers = Array.from({ length: Math.min(AT_ONCE, first + count - from) }, (_, index) => from + index);
  const inputs = numbers.map((number) => inputOf(number, all));
  for (const [binding, some] of Map.groupBy(inputs, (input) => input.binding)) {
    const one = ended(some, { ...around, binding, now });
    add(one, some);
  }
}
if (count === 1) process.stderr.write(`${inputOf(first, all).binding.topic}: ${inputOf(first, all).value}\n`);
process.stdout.write(`${JSON.stringify({ ...total, faults: faults.slice(0, TOLD) })}\n`);

function add(one: Ended, inputs: readonly Input[]): void {
  total.inputs += inputs.length;
  total.planted += inputs.filter(({ canary }) => canary !== undefined).length;
  total.accepted += one.accepted;
  total.skipped += one.skipped;
  total.quarantined += one.quarantined;
  total.events += one.events;
  total.wrong += one.faults.length;
  faults.push(...one.faults.map((fault) => `${fault} (inputs ${inputs[0]?.number} to ${inputs.at(-1)?.number})`));
}

import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Kept, sideBySide } from './kept.ts';
import type { Section } from './section.ts';

/** Inputs of one process, and of one line in the file of what is kept. */
const STRETCH = 50_000;

const found = z.object({
  inputs: z.number(),
  planted: z.number(),
  accepted: z.number(),
  skipped: z.number(),
  quarantined: z.number(),
  events: z.number(),
  wrong: z.number(),
  faults: z.array(z.string()),
});

const script = new URL('../fuzzing.ts', import.meta.url).pathname;

/** Messages made from the goldens of every format, through what ingest makes of them. */
export async function fuzz(inputs: number, kept: Kept): Promise<Section> {
  const firsts = Array.from({ length: Math.ceil(inputs / STRETCH) }, (_, index) => index * STRETCH);
  const all = await sideBySide(
    availableParallelism(),
    firsts.map((first) => () => {
      const count = Math.min(STRETCH, inputs - first);
      return kept.once(`fuzz ${first} ${count}`, found, () => stretch(first, count));
    }),
  );
  for (const fault of all.flatMap(({ faults }) => faults)) process.stderr.write(`${fault}\n`);
  const sum = (of: (one: z.output<typeof found>) => number) => all.reduce((total, one) => total + of(one), 0);
  const json = {
    fuzzInputs: sum((one) => one.inputs),
    fuzzWrong: sum((one) => one.wrong),
  };
  return {
    title: 'Inputs',
    words:
      'Goldens of every format with values reshaped, nested, repeated, out of range, renamed and left out, with other bytes, cut, ' +
      'mixed with each other, and noise; one in four with a credential in a text. Each batch is settled as ingest does, and ' +
      'everything that comes of it is read back. Wrong is a throw, an offset without an end, bytes that read back otherwise, a ' +
      'reason without a place, or a piece of a credential outside of what is sealed.',
    head: ['what', 'found'],
    rows: [
      ['inputs', json.fuzzInputs],
      ['with a credential planted', sum((one) => one.planted)],
      ['accepted', sum((one) => one.accepted)],
      ['events of these', sum((one) => one.events)],
      ['skipped', sum((one) => one.skipped)],
      ['quarantined', sum((one) => one.quarantined)],
      ['wrong', json.fuzzWrong],
    ],
    held: json.fuzzWrong === 0,
    json,
  };
}

async function stretch(first: number, count: number): Promise<z.output<typeof found>> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, String(first), String(count)]);
  return found.parse(JSON.parse(stdout));
}

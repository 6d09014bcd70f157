import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Workload } from './corpus/messages.ts';
import { type Bounds, type Found, type Run, say } from './figure.ts';

const answer = z.object({ messages: z.number(), cpuSeconds: z.number(), corpus: z.string() });

type Subject = 'ours' | 'naive';

const UNIT = 'events/CPU-s';

/** Bytes of raw messages to encoded records, in one process without log and engine: `settle`, as ingest calls it. */
export const coreRun = (key: string, workload: Workload): Run => ({
  keys: [key],
  async measure(bounds) {
    const values: number[] = [];
    let corpora = {};
    for (let repeat = 0; repeat < bounds.repeats; repeat++) {
      const pace = await paceOf('ours', workload, bounds);
      values.push(pace.perSecond);
      corpora = pace.corpora;
    }
    return { figures: [{ kind: 'measured', key, unit: UNIT, values }], corpora, notes: [] };
  },
});

/** The same stretch against the naive twin, by turns. */
export const naiveCoreRun: Run = {
  keys: ['naiveCore', 'naiveCoreRatio'],
  async measure(bounds): Promise<Found> {
    const [paces, ratios]: [number[], number[]] = [[], []];
    let corpora = {};
    for (let repeat = 0; repeat < bounds.repeats; repeat++) {
      const ours = await paceOf('ours', 'W1', bounds);
      const naive = await paceOf('naive', 'W1', bounds);
      paces.push(naive.perSecond);
      ratios.push(ours.perSecond / naive.perSecond);
      corpora = ours.corpora;
    }
    const figures = [
      { kind: 'measured', key: 'naiveCore', unit: UNIT, values: paces },
      { kind: 'measured', key: 'naiveCoreRatio', unit: '×', values: ratios },
    ] as const;
    return { figures, corpora, notes: [] };
  },
};

async function paceOf(subject: Subject, workload: Workload, { seconds }: Bounds) {
  const script = new URL('core-process.ts', import.meta.url).pathname;
  const given = ['--subject', subject, '--workload', workload, '--seconds', String(seconds)];
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...given]);
  const { messages, cpuSeconds, corpus } = answer.parse(JSON.parse(stdout));
  const perSecond = messages / cpuSeconds;
  say(`${subject} ${workload}: ${Math.round(perSecond)} ${UNIT}`);
  return { perSecond, corpora: { [workload]: corpus } };
}

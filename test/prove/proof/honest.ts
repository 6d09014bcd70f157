import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { frameworks } from '../../../services/evidence/controls/index.ts';
import { built, site } from '../../support/evidence.ts';
import type { Verifiers } from './verifiers.ts';

export interface Honest {
  readonly bundles: number;
  readonly events: number;
  /** Called altered by the bundle's own verifier, and by the one in Python. */
  readonly alarms: number;
  readonly python: number;
}

/** Bundles of 0 to 100 events in every framework and profile, with erased, deleted and due ones among them. */
export async function honest(count: number, verifiers: Verifiers, folder: string): Promise<Honest> {
  const total = { bundles: 0, events: 0, alarms: 0, python: 0 };
  const path = join(folder, 'honest.zip');
  for (let index = 0; index < count; index++) {
    const events = index % 101;
    const some = (step: number): readonly number[] =>
      Array.from({ length: events }, (_, at) => at).filter((at) => at % 17 === step && at < events - 1 && at > 0);
    const { parts } = await site(events, {
      erased: some(index % 5),
      due: some(5 + (index % 5)),
      gone: some(11 + (index % 5)),
    });
    const framework = frameworks[index % frameworks.length]?.name ?? 'itar';
    await built(path, parts, {
      framework,
      profile: index % 3 === 0 ? 'full' : 'masked',
      scope: index % 7 === 0 ? 'team=clinical' : '',
    });
    const [ours, python] = await Promise.all([verifiers.ours(path), verifiers.python(path)]);
    rmSync(path);
    total.bundles++;
    total.events += events;
    if (ours.verdict !== 'genuine') total.alarms++;
    if (python.verdict !== 'genuine') total.python++;
    if (ours.verdict !== 'genuine' || python.verdict !== 'genuine')
      process.stderr.write(
        `honest bundle ${index}: ${ours.places.slice(0, 3)} ${ours.words.slice(0, 200)} | ${python.places.slice(0, 3)} ${python.words.slice(0, 200)}\n`,
      );
    if (index % 200 === 199) process.stderr.write(`${index + 1} honest bundles …\n`);
  }
  return total;
}

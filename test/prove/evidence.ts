import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBundle } from '../../services/evidence/bundle.ts';
import { verifyBundle } from '../../services/evidence/verify.ts';
import { openZip } from '../../services/evidence/zip-source.ts';
import { REQUEST, stream } from '../support/evidence.ts';
import type { Figures } from './figures.ts';

/** What a bundle may take of memory while it is built and verified. */
const MOST_MIB = 600;

/**
 * A bundle of many events from a generator, with a real tree and real keys: how long it takes, how large it is, and the most memory
 * this process had by then. The engine that answers in production is not in it.
 */
export async function evidence(events: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'trailhouse-prove-evidence-'));
  const path = join(folder, 'bundle.zip');
  try {
    const parts = await stream(events);
    const [built, buildMs] = await timed(() => buildBundle(path, REQUEST, parts, () => {}));
    const buildMiB = peakMiB();
    const zip = await openZip(path);
    const cpu = process.cpuUsage();
    const [report, verifyMs] = await timed(() => verifyBundle(zip, { key: built.fingerprint }));
    const { user, system } = process.cpuUsage(cpu);
    await zip.close();
    const json = {
      events: report.counted.events,
      zipMiB: Math.round(statSync(path).size / 2 ** 20),
      buildSeconds: Math.round(buildMs / 100) / 10,
      buildPeakMiB: buildMiB,
      verifySeconds: Math.round(verifyMs / 100) / 10,
      verifyCpuSeconds: Math.round((user + system) / 1e5) / 10,
      peakMiB: peakMiB(),
      wrong: report.problems.length,
    };
    const table = [
      '| figure | measured |',
      '|---|---|',
      ...Object.entries(json).map(([name, value]) => `| ${name} | ${value} |`),
    ];
    const held = json.events === events && json.wrong === 0 && json.peakMiB < MOST_MIB;
    return { title: `Evidence: a bundle of ${events} events`, table: table.join('\n'), held, json };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const peakMiB = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const from = performance.now();
  return [await work(), performance.now() - from];
}

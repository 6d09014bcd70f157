import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { built, site } from '../support/evidence.ts';
import { evidence } from './evidence.ts';
import type { Figures } from './figures.ts';
import { flips } from './proof/flips.ts';
import { type Honest, honest } from './proof/honest.ts';
import { hostileZips } from './proof/hostile-zips.ts';
import { type Pace, pace } from './proof/pace.ts';
import { type StoreTally, store } from './proof/store.ts';
import { isWhole, type Tally, tableOf } from './proof/tally.ts';
import { tampering } from './proof/tampering.ts';
import { openVerifiers } from './proof/verifiers.ts';
import { filesOf } from './proof/zips.ts';

export interface Sizes {
  /** Bits turned in bundles of 1,000 events, and in one of 100,000. */
  readonly flips: number;
  readonly large: number;
  /** Times each change is made to a bundle, and to the store. */
  readonly changes: number;
  readonly rounds: number;
  readonly honest: number;
  /** Leaves of the log that a proof is taken from, and events of the large bundle. */
  readonly leaves: number;
  readonly bundle: number;
}

/** What is asked: microseconds of CPU an event, milliseconds a proof, seconds a million events. */
const MOST = { micros: 4, proofMs: 10, verifySeconds: 60 } as const;

/** How much of it. */
const ASKED = { flips: 20_000, large: 200, honest: 10_000 } as const;

/** Memory that is a disk spares the disk a write for each flip. */
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** What shows of tampering, with bundles, zips and the store, by both verifiers; and what the ledger costs. */
export async function proof(sizes: Sizes): Promise<Figures> {
  const folder = mkdtempSync(join(FOLDER, 'trailhouse-prove-proof-'));
  try {
    // First, while no other part has filled this process: the most memory it ever had is a figure.
    const large = await evidence(sizes.bundle);
    const paced = await pace(sizes.leaves, mkdtempSync(join(folder, 'ledger-')));
    const found = await tampered(sizes, folder);
    const stored = await store(300, sizes.rounds);
    return told(sizes, { large, paced, ...found, stored });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Tampered {
  readonly changes: readonly Tally[];
  readonly zips: readonly Tally[];
  readonly honestly: Honest;
}

async function tampered(sizes: Sizes, folder: string): Promise<Tampered> {
  const good = await built(join(folder, 'good.zip'), (await site(5)).parts, { framework: 'itar' });
  const verifiers = await openVerifiers(good, folder);
  const judging = { verifiers, path: join(folder, 'changed.zip') };
  try {
    const zips = await hostileZips(await filesOf(good), judging);
    const changes = [...(await tampering(sizes.changes, judging, folder))];
    const honestly = await honest(sizes.honest, verifiers, folder);
    changes.push(...(await flips(1_000, sizes.flips, judging, folder)));
    changes.push(...(await flips(100_000, sizes.large, judging, folder)));
    return { zips, changes, honestly };
  } finally {
    await verifiers.close();
  }
}

interface Found extends Tampered {
  readonly large: Figures;
  readonly paced: Pace;
  readonly stored: readonly StoreTally[];
}

/** Lines of the table of costs: what, measured, asked. */
function costs(sizes: Sizes, large: Figures, paced: Pace): readonly (readonly string[])[] {
  const number = (value: number): string => value.toFixed(2);
  return [
    ['for comparison, one SHA-256 of 65 bytes at the same time, µs of CPU', number(paced.hash), ''],
    ['leaf: two SHA-256 over an encoded event, µs of CPU', number(paced.leaf), ''],
    ['tree in memory, µs of CPU an event', number(paced.tree), ''],
    ['tiles and places written, µs of CPU an event', number(paced.tiles), ''],
    ['ledger all in, µs of CPU an event', number(paced.leaf + paced.tree + paced.tiles), `${MOST.micros} at most`],
    [
      `one proof from a log of ${paced.events}, files not read before, ms: median`,
      number(paced.proofMedian),
      `${MOST.proofMs} at most`,
    ],
    ['the same, the slowest', number(paced.proofMost), ''],
    [
      `a bundle of ${sizes.bundle} events verified, s of CPU (by the clock ${large.json.verifySeconds})`,
      String(large.json.verifyCpuSeconds),
      `${MOST.verifySeconds} at most for 1000000`,
    ],
    ['the same built and verified, most memory of the process, MiB', String(large.json.peakMiB), '600 at most'],
  ];
}

function told(sizes: Sizes, { large, paced, changes, zips, honestly, stored }: Found): Figures {
  const all = paced.leaf + paced.tree + paced.tiles;
  const verifySeconds = large.json.verifyCpuSeconds ?? Number.NaN;
  const holds = {
    tampering: [...changes, ...zips].every(isWhole),
    store: stored.every(({ tried, named }) => tried > 0 && named === tried),
    honest: honestly.alarms + honestly.python === 0,
    pace: all <= MOST.micros && paced.proofMedian <= MOST.proofMs,
    large: large.held && verifySeconds * (1e6 / sizes.bundle) < MOST.verifySeconds,
  };
  const text = [
    `Two verifiers judge each file: the verify.mjs of a bundle, in this process, and one written in Python from the specification, in one
process for all. Flips are shared out among bundles of both profiles; half hit the zip as it is handed over, half the files in it. Asked for are
${ASKED.flips} flips in bundles of 1000 events, ${ASKED.large} in bundles of 100000 and ${ASKED.honest} honest bundles: this run had ${sizes.flips}, ${sizes.large} and ${sizes.honest}.`,
    tableOf(changes),
    `${honestly.bundles} honest bundles of 0 to 100 events (${honestly.events} in all), every framework and profile: ${honestly.alarms} called altered
by the bundle's own verifier, ${honestly.python} by the one in Python.`,
    'Zips, read and never unpacked to a disk:',
    tableOf(zips),
    'Rows of the store (ClickHouse in this process) changed one at a time, each found by a verification of all of it, and put back:',
    `| change | tried | event named |\n|---|---|---|\n${stored.map(({ kind, tried, named }) => `| ${kind} | ${tried} | ${named} |`).join('\n')}`,
    `The ledger, without the engine (load average of the machine ${loadavg()[0]?.toFixed(1)}):`,
    `| figure | measured | asked |\n|---|---|---|\n${costs(sizes, large, paced)
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n')}`,
  ].join('\n\n');
  const missed = Object.entries(holds).flatMap(([name, held]) => (held ? [] : [name]));
  if (missed.length > 0) process.stderr.write(`not held: ${missed.join(', ')}\n`);
  const json = {
    flips: sizes.flips,
    honest: honestly.bundles,
    alarms: honestly.alarms,
    ledgerMicros: all,
    proofMs: paced.proofMedian,
  };
  return { title: 'Proof: what shows of tampering', table: text, held: missed.length === 0, json };
}

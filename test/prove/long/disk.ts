import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { produce } from '../../faults/oracle.ts';
import { onEmbedded } from '../../faults/runs.ts';
import { drained } from '../../faults/scenarios.ts';
import { pause, type Site } from '../../faults/site.ts';
import type { Kept } from './kept.ts';
import type { Section } from './section.ts';

/** A file system of its own, in memory: large enough for the run, small enough to be filled at once. */
const MEGABYTES = 256;
const BALLAST = 'ballast';

const WORKING_MS = 4_000;
const FULL_MS = 12_000;
const AGAIN_MS = 1_000;
const PATIENCE_MS = 300_000;
/** What archive says while an insert fails. */
const WAITS = 'archive waits for the store';

const found = z.object({
  events: z.number(),
  lost: z.number(),
  twice: z.number(),
  invented: z.number(),
  /** Appends to the raw topic that were turned down. */
  refused: z.number(),
  /** How often `up` ended by itself and was started again. */
  ends: z.number(),
});
type Found = z.output<typeof found>;

interface Case {
  /** What is on the small disk: below the data directory, `.` for the log, whose file stands there. */
  readonly below: '.' | 'clickhouse' | 'keys';
  /** Full before `up` first starts, or once it has stored something. */
  readonly isFirst: boolean;
}

const CASES: Readonly<Record<string, Case>> = {
  'the embedded log': { below: '.', isFirst: false },
  "the engine's directory": { below: 'clickhouse', isFirst: false },
  "the engine's directory, from before the first start": { below: 'clickhouse', isFirst: true },
  'the keys, from before the first start': { below: 'keys', isFirst: true },
};
/** What stays off it where the whole data directory is on it. */
const ELSEWHERE = ['clickhouse', 'keys'] as const;

/** A disk that is full for a while, by what is on it, with `up` as a supervisor runs it: started again when it ends. */
export async function diskFull(kept: Kept): Promise<Section> {
  const rows: (readonly (string | number)[])[] = [];
  let wrong = 0;
  for (const [name, one] of Object.entries(CASES)) {
    const ran = mayMount() ? await kept.once(`disk: ${name}`, found, () => full(one)) : undefined;
    if (ran === undefined) rows.push([name, 'not run: needs the right to mount', '', '', '', '', '']);
    else {
      rows.push([name, ran.events, ran.lost, ran.twice, ran.invented, ran.refused, ran.ends]);
      wrong += ran.lost + ran.twice + ran.invented;
    }
  }
  return {
    title: 'A full disk',
    words:
      `A file system of ${MEGABYTES} MB, filled to the last byte while messages are produced, and free again ${FULL_MS / 1000} s after \`up\` came upon it. ` +
      'Refused are appends to the raw topic: their sender knows.',
    head: ['on it', 'rows that must be there', 'lost', 'twice', 'invented', 'appends refused', 'ends of `up`'],
    rows,
    held: wrong === 0,
    json: { diskWrong: wrong },
  };
}

const mayMount = (): boolean => process.platform === 'linux' && process.getuid?.() === 0;

async function full({ below, isFirst }: Case): Promise<Found> {
  const elsewhere = mkdtempSync(join(tmpdir(), 'trailhouse-elsewhere-'));
  let place = '';
  let counts = { refused: 0, ends: 0 };
  try {
    const { produced, lost, twice, invented } = await onEmbedded(
      async (site) => {
        try {
          counts = await overflow(site, place, isFirst);
          return await site.verdict();
        } finally {
          // What is still open there stays until it is closed.
          execFileSync('umount', ['--lazy', place]);
        }
      },
      (folder) => {
        place = join(folder, below);
        mount(place);
        if (below === '.') for (const name of ELSEWHERE) lead(join(folder, name), join(elsewhere, name));
      },
    );
    return { events: produced, lost: lost.length, twice: twice.length, invented: invented.length, ...counts };
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
}

function mount(place: string): void {
  mkdirSync(place, { recursive: true, mode: 0o700 });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m,mode=700`, 'tmpfs', place]);
}

function lead(from: string, to: string): void {
  mkdirSync(to, { mode: 0o700 });
  symlinkSync(to, from);
}

async function overflow(site: Site, place: string, isFirst: boolean): Promise<Pick<Found, 'refused' | 'ends'>> {
  if (isFirst) fill(place);
  const up = keptRunning(site);
  const load = feeding(site);
  while (!isFirst && !(await hasStored(site))) await pause(AGAIN_MS);
  await pause(WORKING_MS);
  if (!isFirst) fill(place);
  await met(up);
  await pause(FULL_MS);
  rmSync(join(place, BALLAST));
  await pause(WORKING_MS);
  const refused = await load.stop();
  await drained(site, PATIENCE_MS);
  await up.stop();
  return { refused, ends: up.ends() };
}

/** Until `up` has come upon the full disk: one that nobody noticed proves nothing. */
async function met(up: Upheld): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  while (up.ends() === 0 && !up.said().includes(WAITS)) {
    if (Date.now() > until) throw new Error(`nobody came upon the full disk:\n${up.said()}`);
    await pause(AGAIN_MS);
  }
}

async function hasStored({ log }: Site): Promise<boolean> {
  const committed = await log.committed('trailhouse-archive.audit.events', 'audit.events').catch(() => new Map());
  return committed.size > 0;
}

/** Until not one byte more goes in. */
function fill(place: string): void {
  const file = openSync(join(place, BALLAST), 'w');
  for (const size of [2 ** 20, 2 ** 12, 1]) {
    const bytes = Buffer.alloc(size);
    try {
      for (;;) writeSync(file, bytes);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
  closeSync(file);
}

interface Upheld {
  /** How often it has ended by itself. */
  ends(): number;
  said(): string;
  stop(): Promise<void>;
}

function keptRunning(site: Site): Upheld {
  let going = true;
  let ends = 0;
  let role = site.start('up');
  const run = (async () => {
    for (;;) {
      const code = await role.ended;
      if (!going) return code;
      ends += 1;
      await pause(AGAIN_MS);
      role = site.start('up');
    }
  })();
  return {
    ends: () => ends,
    said: () => role.said(),
    async stop() {
      going = false;
      await role.stop();
      const code = await run;
      if (code !== 0) throw new Error(`up ended with ${code}:\n${role.said()}`);
    },
  };
}

/** An append that was turned down, and is in the log all the same, shows as invented. */
function feeding(site: Site): { stop(): Promise<number> } {
  let [going, number, refused] = [true, 0, 0];
  const run = (async () => {
    while (going) {
      const numbers = Array.from({ length: 20 }, () => number++);
      await produce(site.log, site.topic, 0, numbers, site.produced).catch(() => {
        refused += 1;
      });
      await pause(50);
    }
  })();
  return {
    async stop() {
      going = false;
      await run;
      return refused;
    },
  };
}

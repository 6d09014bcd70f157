import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Finding } from '../../faults/oracle.ts';
import { onEmbedded, onKafka } from '../../faults/runs.ts';
import { drained, producing } from '../../faults/scenarios.ts';
import { pause, type Site } from '../../faults/site.ts';
import type { Kept } from './kept.ts';
import type { Section } from './section.ts';

const HOURS = 48;
/** Between two settings of a clock. */
const STEP_MS = 4_000;
/** A clock is set forward, back, and to the machine's time. */
const STEPS = [HOURS, 0, -HOURS, HOURS, -HOURS, 0] as const;
const PATIENCE_MS = 300_000;

const found = z.object({ events: z.number(), lost: z.number(), twice: z.number(), invented: z.number() });

/** A clock that is set by hand, for the processes that are given it. */
interface Hands {
  set(hours: number): void;
  readonly environment: NodeJS.ProcessEnv;
  remove(): void;
}

const shifted = new URL('../shifted-clock.ts', import.meta.url).href;

function hands(hours: number): Hands {
  const folder = mkdtempSync(join(tmpdir(), 'trailhouse-clock-'));
  const file = join(folder, 'hours');
  const set = (to: number) => writeFileSync(file, String(to));
  set(hours);
  return {
    set,
    environment: { SHIFTED_CLOCK: file, NODE_OPTIONS: `--import=${shifted}` },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

const RUNS: Readonly<Record<string, () => Promise<Finding>>> = {
  [`ingest ${HOURS} h ahead, archive ${HOURS} h behind`]: () => apart(HOURS, -HOURS),
  [`ingest ${HOURS} h behind, archive ${HOURS} h ahead`]: () => apart(-HOURS, HOURS),
  'ingest and archive, set forward and back while they run': () =>
    onKafka((site) => stepping(site, ['ingest', 'archive'])),
  'up, set forward and back while it runs': () => onEmbedded((site) => stepping(site, ['up'])),
  'up, killed and started again with its clock set forward and back': () => onEmbedded(restarted),
};

/** Clocks that are wrong and go back. The kill at its end is a process like any: no promise rests on a clock. */
export async function skewed(kept: Kept): Promise<Section> {
  const rows: (readonly (string | number)[])[] = [];
  let wrong = 0;
  for (const [name, run] of Object.entries(RUNS)) {
    const one = await kept.once(`clock: ${name}`, found, async () => {
      const { produced, lost, twice, invented } = await run();
      return { events: produced, lost: lost.length, twice: twice.length, invented: invented.length };
    });
    rows.push([name, one.events, one.lost, one.twice, one.invented]);
    wrong += one.lost + one.twice + one.invented;
  }
  return {
    title: 'Clocks',
    words:
      'Real processes whose Date is shifted by a module that is loaded before them; timers, the broker and the engine keep the ' +
      "machine's time. Messages are produced all the while; at the end every row is compared with what was produced.",
    head: ['clocks', 'rows that must be there', 'lost', 'twice', 'invented'],
    rows,
    held: wrong === 0,
    json: { skewWrong: wrong },
  };
}

function apart(ofIngest: number, ofArchive: number): Promise<Finding> {
  return onKafka(async (site) => {
    const clocks = { ingest: hands(ofIngest), archive: hands(ofArchive) };
    const roles = Object.entries(clocks).map(([name, clock]) => site.start(name, undefined, clock.environment));
    const load = producing(site);
    await pause(STEPS.length * STEP_MS);
    await load.stop();
    const finding = await site.verdict();
    await ended(roles);
    for (const clock of Object.values(clocks)) clock.remove();
    return finding;
  });
}

async function stepping(site: Site, names: readonly string[]): Promise<Finding> {
  const clock = hands(0);
  const roles = names.map((name) => site.start(name, undefined, clock.environment));
  const load = producing(site);
  for (const hours of STEPS) {
    await pause(STEP_MS);
    clock.set(hours);
  }
  await pause(STEP_MS);
  await load.stop();
  if (names.includes('up')) {
    await drained(site, PATIENCE_MS);
    await ended(roles);
    clock.remove();
    return site.verdict();
  }
  const finding = await site.verdict();
  await ended(roles);
  clock.remove();
  return finding;
}

async function restarted(site: Site): Promise<Finding> {
  const clock = hands(0);
  const load = producing(site);
  for (const hours of STEPS) {
    clock.set(hours);
    const role = site.start('up', undefined, clock.environment);
    await pause(2 * STEP_MS);
    role.signal('SIGKILL');
    await role.ended;
  }
  await load.stop();
  const last = site.start('up', undefined, clock.environment);
  await drained(site, PATIENCE_MS);
  await ended([last]);
  clock.remove();
  return site.verdict();
}

async function ended(roles: readonly { stop(): Promise<number | string>; said(): string }[]): Promise<void> {
  for (const role of roles) {
    const code = await role.stop();
    if (code !== 0) throw new Error(`a role ended with ${code}:\n${role.said()}`);
  }
}

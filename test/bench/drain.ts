import { setTimeout } from 'node:timers/promises';
import type { Store } from '../../services/core/store.ts';
import { OWN_TOPIC } from '../../services/processes/bindings.ts';
import { cpuSecondsOf } from './cpu.ts';
import type { Held } from './producing.ts';

/** One side of a comparison: its processes by name, and where its rows end. */
export interface Side {
  readonly name: string;
  readonly pids: Readonly<Record<string, number>>;
  readonly store: Store;
  readonly tables: { readonly events: string; readonly content: string; readonly quarantine: string };
}

/** What Trailhouse says of itself, such as that a role was started, comes beside the workload. */
const ofWorkload = (table: string): string => `(SELECT 1 FROM audit.${table} WHERE origin_topic != '${OWN_TOPIC}')`;

/** Where Trailhouse's own rows end. */
export const OURS: Side['tables'] = {
  events: ofWorkload('events'),
  content: ofWorkload('content'),
  quarantine: ofWorkload('quarantine'),
};

export interface Drained {
  readonly seconds: number;
  /** By process. */
  readonly cpu: Readonly<Record<string, number>>;
}

const LOOK_MS = 250;
/** Without a new row for so long, none will come. */
const PATIENCE_MS = 120_000;

const total = async ({ store, tables }: Side): Promise<number> => {
  const counts = Object.values(tables).map((table) => `(SELECT count() FROM ${table})`);
  const [row] = await store.rows(`SELECT ${counts.join(' + ')} AS rows`);
  return Number(row?.rows);
};

/** From `begin` until every row of what was held can be queried. */
export async function drain(side: Side, held: Held, begin: () => Promise<void>): Promise<Drained> {
  const before = await total(side);
  const wanted = before + 2 * held.events + held.quarantined;
  const used = usage(side);
  const startedAt = performance.now();
  await begin();
  let [seen, seenAt] = [before, startedAt];
  while (seen < wanted) {
    await setTimeout(LOOK_MS);
    const now = await total(side);
    if (now > seen) seenAt = performance.now();
    if (performance.now() - seenAt > PATIENCE_MS) throw new Error(`${side.name}: ${wanted - now} rows never came`);
    seen = now;
  }
  if (seen > wanted) throw new Error(`${side.name}: ${seen - wanted} rows too many`);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = usage(side);
  const cpu = Object.entries(after).map(([name, spent]) => [name, spent - (used[name] ?? 0)]);
  return { seconds, cpu: Object.fromEntries(cpu) };
}

const usage = ({ pids }: Side): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSecondsOf(pid)]));

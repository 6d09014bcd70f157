import { random } from '../../services/processes/demo/random.ts';
import { type Finding, produce } from './oracle.ts';
import { type KafkaSite, pause, type Site } from './site.ts';

/** What is produced meanwhile. */
export interface Load {
  /** Messages of one append. */
  readonly perBatch?: number;
  /** Rows that must come of it in all, at least. */
  readonly least?: number;
}

/** Keeps producing to every partition until told to stop and enough; resolves once the last message is durable. */
export function producing(
  site: Site,
  { perBatch = 10, least = 0 }: Load = {},
  everyMs = 50,
): { stop(): Promise<void> } {
  let going = true;
  let number = 0;
  const rows = () => [...site.produced.values()].reduce((sum, events) => sum + Math.max(events, 1), 0);
  const run = (async () => {
    while (going || rows() < least) {
      for (let partition = 0; partition < site.partitions; partition++) {
        const numbers = Array.from({ length: perBatch }, () => number++);
        await produce(site.log, site.topic, partition, numbers, site.produced);
      }
      await pause(everyMs);
    }
  })();
  return {
    async stop() {
      going = false;
      await run;
    },
  };
}

/**
 * kill -9 of one role, again and again, while the others run: every other time at a random moment of its start, and
 * every other time once it has settled something, at a random moment of its work.
 */
export async function kills(
  site: Site,
  victim: 'ingest' | 'archive' | 'up',
  others: readonly string[],
  times: number,
  seed: number,
  loaded: Load = {},
): Promise<Finding> {
  const dice = random(seed);
  const bystanders = others.map((name) => site.start(name));
  const load = producing(site, loaded);
  for (let kill = 0; kill < times; kill++) {
    const before = await settled(site, victim);
    const role = site.start(victim);
    if (kill % 2 === 0) await pause(dice.integer(100, 4_000));
    else {
      for (let look = 0; look < 100 && (await settled(site, victim)) === before; look++) await pause(200);
      await pause(dice.integer(0, 1_500));
    }
    role.signal('SIGKILL');
    await role.ended;
  }
  await load.stop();

  const last = site.start(victim);
  if (victim === 'up') {
    await drained(site, 300_000);
    const code = await last.stop();
    if (code !== 0) throw new Error(`up ended with ${code}:\n${last.said()}`);
    return site.verdict();
  }
  const finding = await site.verdict();
  for (const role of [last, ...bystanders]) {
    const code = await role.stop();
    if (code !== 0) throw new Error(`a role ended with ${code}:\n${role.said()}`);
  }
  return finding;
}

/** What the group of a role has committed in all: it moves when the role settles something. */
async function settled(site: Site, role: 'ingest' | 'archive' | 'up'): Promise<number> {
  const [group, topic] =
    role === 'archive' ? ['trailhouse-archive.audit.events', 'audit.events'] : ['trailhouse-ingest', site.topic];
  const committed = await site.log.committed(group, topic).catch(() => new Map<number, { offset: number }>());
  return [...committed.values()].reduce((sum, { offset }) => sum + offset, 0);
}

/** Until the archive's group has committed to the ends of the audit topics, and ingest's to the raw ones. */
export async function drained(site: Site, patienceMs: number): Promise<void> {
  const until = Date.now() + patienceMs;
  const groups = [
    ['trailhouse-ingest', site.topic],
    ['trailhouse-archive.audit.content', 'audit.content'],
    ['trailhouse-archive.audit.quarantine', 'audit.quarantine'],
    ['trailhouse-archive.audit.events', 'audit.events'],
  ] as const;
  while (Date.now() < until) {
    const behind = await Promise.all(groups.map(([group, topic]) => lag(site, group, topic)));
    if (behind.every((count) => count === 0)) return;
    await pause(200);
  }
}

async function lag(site: Site, group: string, topic: string): Promise<number> {
  const [state, committed] = await Promise.all([site.log.describe(topic), site.log.committed(group, topic)]);
  if (state === undefined) return 1;
  return state.partitions.reduce((sum, { end }, partition) => sum + end - (committed.get(partition)?.offset ?? 0), 0);
}

/**
 * A member is paused in the middle of its work for longer than its session lives; its partitions go to the other; then
 * it wakes with what it held in its hands. An archive is caught with an insert under way: the store is held still until
 * the archive is.
 */
export async function paused(site: KafkaSite, victim: 'ingest' | 'archive', ms: number): Promise<Finding> {
  const roles = [victim, victim, victim === 'ingest' ? 'archive' : 'ingest'].map((name) => site.start(name));
  const [first] = roles;
  const load = producing(site, {}, 250);
  await pause(8_000);
  if (victim === 'archive') {
    site.front.signal('SIGSTOP');
    await pause(1_500);
  }
  first?.signal('SIGSTOP');
  site.front.signal('SIGCONT');
  await pause(ms);
  first?.signal('SIGCONT');
  await pause(5_000);
  await load.stop();
  const finding = await site.verdict(90_000);
  await Promise.all(roles.map((role) => role.stop()));
  return finding;
}

/** Runs all roles while something is done to the surroundings. */
export async function through(
  site: KafkaSite,
  roles: readonly string[],
  happens: () => Promise<void>,
  patienceMs = 90_000,
): Promise<Finding> {
  const running = roles.map((name) => site.start(name));
  const load = producing(site);
  await pause(4_000);
  await happens();
  await pause(2_000);
  await load.stop();
  const finding = await site.verdict(patienceMs);
  await Promise.all(running.map((role) => role.stop()));
  return finding;
}

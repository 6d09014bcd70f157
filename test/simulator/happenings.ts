import type { Process } from './process.ts';
import type { Role } from './roles.ts';
import type { Simulation } from './seed.ts';

const HOUR_MS = 3_600_000;
const INGEST = 'trailhouse-ingest';
/** Who gains a partition mostly learns of it before who loses it: both are at it. */
const GAINING_LATE = 0.1;

/** What befalls a seed from outside: messages arrive, processes come to harm, brokers let go of what is old. */
export function befall(simulation: Simulation, chaosMs: number): void {
  const { world, plot } = simulation;
  const { random } = world;
  for (let left = plot.sends; left > 0; left--) world.in(random.below(chaosMs * 0.9), () => send(simulation), true);
  for (const harm of plot.harms) world.in(random.below(chaosMs), () => harm(simulation));
}

export type Harm = (simulation: Simulation) => void;

type Place = { readonly topic: string; readonly partition: number };

const PLACES: readonly [Place, ...Place[]] = [
  { topic: 'gateway.events', partition: 0 },
  { topic: 'gateway.events', partition: 1 },
  { topic: 'mcp.events', partition: 0 },
];

function send(simulation: Simulation, place = simulation.world.random.pick(PLACES)): void {
  const { random } = simulation.world;
  const { topic, partition } = place;
  simulation.raw.produce(simulation.epoch(topic), topic, partition, 1 + random.below(simulation.plot.messages));
}

function anyProcess({ world: { random }, hosts }: Simulation): Process | undefined {
  return hosts[random.below(hosts.length)]?.process;
}

const kill = (simulation: Simulation): void => anyProcess(simulation)?.die('killed');

const stop = ({ world: { random }, hosts }: Simulation): void => hosts[random.below(hosts.length)]?.stop();

const pause = (simulation: Simulation): void =>
  anyProcess(simulation)?.pause(simulation.world.random.pick([500, 5_000, 12_000, 25_000]));

function shiftClock(simulation: Simulation): void {
  const process = anyProcess(simulation);
  if (process === undefined) return;
  const { world } = simulation;
  process.skewMs = world.random.pick([0, -500, 700, 48 * HOUR_MS, -48 * HOUR_MS]);
  world.tell(process.name, () => `has a clock that is ${process.skewMs} ms off`);
}

function deal({ groups, world: { random } }: Simulation): void {
  const group = groups.names()[random.below(groups.names().length)];
  if (group !== undefined) groups.rebalance(group);
}

/** A group is dealt anew while messages arrive: who had a partition and who has it now both find something to do. */
function contend(simulation: Simulation): void {
  deal(simulation);
  for (let left = 2; left > 0; left--)
    simulation.world.in(simulation.world.random.below(1_500), () => send(simulation), true);
}

/**
 * The group of ingest is dealt anew and finds no commit: who gains a partition learns where to go on from what was settled, while
 * who had it settles more.
 */
function usurp(simulation: Simulation): void {
  const { groups, brokers, world } = simulation;
  if (!groups.names().includes(INGEST)) return;
  burden(simulation, 'ingest');
  brokers.forget(INGEST);
  groups.rebalance(INGEST, GAINING_LATE);
  for (const place of PLACES) world.in(10 + world.random.below(600), () => send(simulation, place), true);
}

function burden({ hosts, world: { random } }: Simulation, role: Role): void {
  const own = hosts.filter((host) => host.has(role));
  own[random.below(own.length)]?.process?.labour(4_000);
}

/** A group of the archive is dealt anew twice at once, and messages arrive for as long as the first deal may take. */
function flap(simulation: Simulation): void {
  const { groups, world } = simulation;
  const { random } = world;
  const own = groups.names().filter((name) => name.startsWith('archive.'));
  const group = own[random.below(own.length)];
  if (group === undefined) return;
  if (random.chance(0.5)) burden(simulation, 'archive');
  groups.rebalance(group, GAINING_LATE);
  world.in(10 + random.below(300), () => groups.rebalance(group));
  for (let left = 4; left > 0; left--) world.in(random.below(8_000), () => send(simulation), true);
}

function forget({ groups, brokers, world: { random } }: Simulation): void {
  const group = groups.names()[random.below(groups.names().length)];
  if (group !== undefined) brokers.forget(group);
}

/** Retention: of raw topics what was committed, of audit topics what is stored, less what somebody may be about to read. */
function truncate(simulation: Simulation): void {
  const { world, brokers, engine, watch } = simulation;
  const topic = world.random.pick([
    'gateway.events',
    'mcp.events',
    'audit.events',
    'audit.accounting',
    'audit.deliveries',
  ]);
  for (const [partition] of brokers.partitions(topic).entries()) {
    const accounted = watch.accounted.get(`${simulation.epoch(topic)}/${topic}/${partition}`)?.reached ?? 0;
    const done = topic.startsWith('audit.')
      ? engine.newest(topic, partition)?.first
      : Math.min(accounted, brokers.committed(INGEST, topic, partition)?.offset ?? 0);
    const start = (done ?? 0) - 2 - world.random.below(4);
    if (start > 0) brokers.truncate(topic, partition, start);
  }
}

export const HARMS: readonly [Harm, ...Harm[]] = [
  kill,
  kill,
  stop,
  pause,
  pause,
  shiftClock,
  deal,
  contend,
  contend,
  usurp,
  forget,
  truncate,
  truncate,
];

/** Groups dealt anew again and again, by what a seed looks at. */
export const CONTESTS: Readonly<Record<Role, readonly [Harm, ...Harm[]]>> = {
  ingest: [usurp, contend],
  archive: [flap, flap, contend, pause],
  export: [deal, contend, contend, pause],
};

import type { Process } from './process.ts';
import type { Simulation } from './seed.ts';

const HOUR_MS = 3_600_000;
const INGEST = 'trailhouse-ingest';

/** What befalls a seed from outside: messages arrive, processes come to harm, brokers let go of what is old. */
export function befall(simulation: Simulation, chaosMs: number): void {
  const { world } = simulation;
  const { random } = world;
  for (let left = 2 + random.below(4); left > 0; left--)
    world.in(random.below(chaosMs * 0.9), () => send(simulation), true);
  for (let left = random.below(6); left > 0; left--) {
    const one = random.pick([
      kill,
      kill,
      stop,
      pause,
      pause,
      shiftClock,
      deal,
      contend,
      contend,
      forget,
      truncate,
      truncate,
    ]);
    world.in(random.below(chaosMs), () => one(simulation));
  }
}

const PLACES = [
  { topic: 'gateway.events', partition: 0 },
  { topic: 'gateway.events', partition: 1 },
  { topic: 'mcp.events', partition: 0 },
] as const;

function send(simulation: Simulation): void {
  const { random } = simulation.world;
  const { topic, partition } = random.pick<(typeof PLACES)[number]>(PLACES);
  simulation.raw.produce(simulation.epoch(topic), topic, partition, 1 + random.below(4));
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

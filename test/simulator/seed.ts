import { TABLES } from '../../services/clickhouse/tables.ts';
import type { Bindings } from '../../services/processes/bindings.ts';
import { simulated } from './corpus.ts';
import { Engine } from './engine.ts';
import { type Faults, openFaults } from './faults.ts';
import { Groups } from './groups.ts';
import { befall } from './happenings.ts';
import { Host } from './host.ts';
import { Brokers } from './log.ts';
import { judge } from './oracle.ts';
import { type Plot, plotOf } from './plot.ts';
import { Raw } from './raw.ts';
import { Receiver } from './receiver.ts';
import type { Outside } from './roles.ts';
import { Watch } from './watch.ts';
import { World } from './world.ts';

/** What one seed came to. */
export interface Result {
  readonly seed: number;
  /** The promise that was broken, in words; undefined where all held. */
  readonly broken: string | undefined;
  readonly story: readonly string[];
  /** Happenings: answers, effects, sleeps. */
  readonly happened: number;
}

const RAW_TOPICS: readonly [Raws, Raws] = [
  ['gateway.events', 2],
  ['mcp.events', 1],
];
type Raws = readonly [topic: string, partitions: number];

/** Everything has to come to its end within so much virtual time once nothing fails any more. */
const CALM_MS = 3_600_000;

/** One seed: its own world, its own faults, the same every time. */
export async function runSeed(seed: number, isTold = false): Promise<Result> {
  const simulation = new Simulation(seed, isTold);
  const broken = await simulation.run();
  const { story, happened } = simulation.world;
  return { seed, broken, story, happened };
}

export class Simulation {
  readonly world: World;
  readonly plot: Plot;
  readonly faults: Faults;
  readonly brokers: Brokers;
  readonly groups: Groups;
  readonly engine: Engine;
  readonly raw: Raw;
  readonly watch: Watch;
  readonly receivers = new Map<string, Receiver>();
  readonly hosts: readonly Host[];
  private readonly epochs = new Map(RAW_TOPICS.map(([topic]) => [topic, 0]));
  private broken: string | undefined;

  constructor(seed: number, isTold: boolean) {
    this.world = new World(seed, isTold);
    const { world } = this;
    const { random } = world;
    const breach = (words: string) => this.breach(words);
    this.plot = plotOf(random);
    const { plot } = this;
    this.faults = openFaults(random, plot);
    this.watch = new Watch(breach, {
      raw: () => this.raw,
      receivers: () => this.receivers,
      rowsAt: (table, partition, offset) =>
        this.engine.rows(table).filter((row) => row.partition === partition && row.offset === offset).length,
      epoch: (topic) => this.epoch(topic),
    });
    this.brokers = new Brokers(world, this.watch);
    this.groups = new Groups(world, this.brokers, plot.late);
    this.raw = new Raw(world, this.brokers);
    this.engine = new Engine(
      plot.window,
      (entry, before) => this.watch.journalled(entry, before),
      (owner) => this.hosts.some(({ process }) => process !== undefined && owner.startsWith(`${process.name}/`)),
    );
    for (const name of plot.receivers) this.receivers.set(name, new Receiver(name, world));
    for (const [topic, partitions] of RAW_TOPICS) this.brokers.create(topic, partitions);
    for (const { topic } of Object.values(TABLES)) this.brokers.create(topic, plot.auditPartitions);
    const { brokers, groups, engine, receivers, faults } = this;
    const { archived, auditPartitions, limits } = plot;
    const outside: Outside = {
      ...{ brokers, groups, engine, receivers, faults, archived, auditPartitions, limits },
      bindings: () => this.bindings(),
    };
    this.hosts = plot.layout.map(([name, roles]) => new Host(name, roles, world, outside, breach));
  }

  /** Resolves to what was broken. */
  async run(): Promise<string | undefined> {
    for (const host of this.hosts) host.start();
    await this.round(this.plot.chaosMs);
    if (this.broken === undefined && this.plot.isRecreated) {
      this.recreate(this.world.random.pick(RAW_TOPICS)[0]);
      await this.round(this.plot.chaosMs);
    }
    for (const host of this.hosts) host.end();
    return this.broken;
  }

  /** Faults for a while, then none until all is at rest, and what the oracle says of it. */
  private async round(chaosMs: number): Promise<void> {
    const { world } = this;
    this.faults.isOn = true;
    befall(this, chaosMs);
    const calmAt = world.now + chaosMs;
    while (this.broken === undefined && world.now < calmAt) await world.step();
    this.faults.isOn = false;
    world.tell('world', () => 'nothing fails any more');
    const deadline = world.now + CALM_MS;
    while (this.broken === undefined && !this.isAtRest()) {
      await world.step();
      if (world.now > deadline) this.breach(`nothing comes to its end: ${this.unfinished().join(', ')}`);
    }
    if (this.broken !== undefined) return;
    const ends = this.brokers.partitions('audit.events').map(({ end }) => end);
    const [first] = judge({ ...this, archived: this.plot.archived, ends });
    if (first !== undefined) this.breach(first);
  }

  /** A raw topic is made anew, and its operator opens a new epoch. */
  private recreate(topic: string): void {
    this.world.tell('operator', () => `makes ${topic} anew and opens its epoch ${this.epoch(topic) + 1}`);
    for (const host of this.hosts) host.kill('ingest');
    this.brokers.create(topic, this.brokers.partitions(topic).length);
    this.epochs.set(topic, this.epoch(topic) + 1);
  }

  epoch(topic: string): number {
    return this.epochs.get(topic) ?? 0;
  }

  private breach(words: string): void {
    this.world.tell('oracle', () => words);
    this.broken ??= words;
  }

  private bindings(): Bindings {
    return new Map(
      RAW_TOPICS.map(([topic, partitions]) => [
        topic,
        { topic, partitions, encoding: 'json', formats: [simulated], ceiling: 'claimed', epoch: this.epoch(topic) },
      ]),
    );
  }

  private isAtRest(): boolean {
    return this.world.underWay === 0 && this.unfinished().length === 0;
  }

  /** What of the whole way has not come to its end. */
  private unfinished(): readonly string[] {
    const found: string[] = [];
    for (const [lineage, { length }] of this.raw.produced)
      if ((this.watch.accounted.get(lineage)?.reached ?? 0) < length) found.push(`ingest of ${lineage}`);
    const ends = this.brokers.partitions('audit.events').map(({ end }) => end);
    for (const sink of this.receivers.keys())
      for (const [partition, end] of ends.entries())
        if ((this.watch.receipted.get(`${sink}/${partition}`)?.reached ?? 0) < end)
          found.push(`export to ${sink}/${partition}`);
    for (const topic of this.plot.archived)
      for (const [partition, { end }] of this.brokers.partitions(topic).entries()) {
        const entry = this.engine.newest(topic, partition);
        const rows = this.engine
          .rows(topic)
          .filter((row) => row.partition === partition && row.offset >= (entry?.first ?? 0)).length;
        if ((entry?.next ?? 0) < end || rows !== (entry?.rows ?? 0)) found.push(`archive of ${topic}/${partition}`);
      }
    return found;
  }
}

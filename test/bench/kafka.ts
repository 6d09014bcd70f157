import { company } from './corpus/company.ts';
import { supply } from './corpus/supply.ts';
import { type Drained, drain } from './drain.ts';
import { type Bounds, type Figure, type Found, median, type Run, say } from './figure.ts';
import { type Producing, producing } from './producing.ts';
import { LEFT_OUT, mustBeSame, rowsIn } from './same-rows.ts';
import { openSite, type Site, TOPIC } from './site.ts';

/** Rounds before those that count are as large as the others, up to this. */
const WARM_UP = 20_000;

const KEYS = ['kafka', 'cpuPerMillion', 'naive', 'naiveRatio'] as const;

/** From a raw topic of Apache Kafka to rows, Trailhouse and the naive twin by turns over the same messages. */
export const kafkaRun: Run = {
  keys: KEYS,
  async measure(bounds): Promise<Found> {
    const people = company();
    const site = await openSite(people);
    if (site === undefined) return without('no Apache Kafka to run against');
    try {
      const corpus = supply('W1', people);
      const topic = await producing(site.brokers, TOPIC, corpus);
      const rounds = await takeTurns(site, topic, bounds);
      const same = await compared(site);
      await topic.close();
      const corpora = { 'W1, over Kafka': corpus.told() };
      return { figures: figuresOf(rounds, bounds.events), corpora, notes: [same, spentOn(rounds, bounds.events)] };
    } finally {
      await site.close();
    }
  },
};

const without = (because: string): Found => ({
  figures: KEYS.map((key) => ({ kind: 'unreached', key, because })),
  corpora: {},
  notes: [],
});

interface Round {
  readonly ours: Drained;
  readonly naive: Drained;
}

async function takeTurns(site: Site, topic: Producing, { events, repeats }: Bounds): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  for (let round = 0; round <= repeats; round++) {
    await site.twin.pause();
    const held = await topic.hold(round === 0 ? Math.min(WARM_UP, events) : events);
    const ours = await drain(site.ours, held, held.release);
    say(`ours ${said(ours)}`);
    const naive = await drain(site.naive, held, site.twin.resume);
    say(`naive ${said(naive)}`);
    if (round > 0) rounds.push({ ours, naive });
  }
  return rounds;
}

const said = ({ seconds, cpu }: Drained): string =>
  `${seconds.toFixed(1)} s, CPU ${Object.entries(cpu)
    .map(([name, spent]) => `${name} ${spent.toFixed(1)}`)
    .join(', ')}`;

const cpuOf = ({ cpu }: Drained): number => Object.values(cpu).reduce((sum, spent) => sum + spent, 0);

function figuresOf(rounds: readonly Round[], events: number): readonly Figure[] {
  const measured = (key: (typeof KEYS)[number], unit: string, value: (round: Round) => number): Figure => ({
    ...{ kind: 'measured', key, unit },
    values: rounds.map(value),
  });
  return [
    measured('kafka', 'events/s', ({ ours }) => events / ours.seconds),
    measured('cpuPerMillion', 'CPU-s', ({ ours }) => (cpuOf(ours) / events) * 1e6),
    measured('naive', 'events/CPU-s', ({ naive }) => events / cpuOf(naive)),
    measured('naiveRatio', '×', ({ ours, naive }) => cpuOf(naive) / cpuOf(ours)),
  ];
}

function spentOn(rounds: readonly Round[], events: number): string {
  const of = (side: keyof Round): string =>
    Object.keys(rounds[0]?.[side].cpu ?? {})
      .map(
        (name) => `${name} ${Math.round((median(rounds.map((round) => round[side].cpu[name] ?? 0)) / events) * 1e6)}`,
      )
      .join(', ');
  return `CPU seconds per million events, medians: ours ${of('ours')}; naive ${of('naive')}. The broker is not counted, nor are merges after the last row.`;
}

/** Every row of both sides. */
async function compared({ stores }: Site): Promise<string> {
  const hashes: string[] = [];
  for (const table of ['events', 'content']) {
    const ours = await rowsIn(stores.ours.writer, 'audit', table);
    const naive = await rowsIn(stores.naive.writer, 'naive', table);
    mustBeSame(ours, naive, table);
    hashes.push(
      `${table}: ${ours.count} rows, ${Object.keys(ours.columns).length} columns, ${ours.sha256.slice(0, 16)}`,
    );
  }
  return `Rows of both sides are the same (${hashes.join('; ')}) but for ${LEFT_OUT.join(', ')}, which are not compared.`;
}

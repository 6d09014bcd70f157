import { z } from 'zod';
import { exportKills } from '../../faults/export-kills.ts';
import type { Finding } from '../../faults/oracle.ts';
import { onEmbedded, onKafka } from '../../faults/runs.ts';
import { kills, type Load } from '../../faults/scenarios.ts';
import { type Kept, sideBySide } from './kept.ts';
import type { Section } from './section.ts';

/** Kills of one site: a broker, a store and a stream of messages of its own. */
const STRETCH = 25;
/** Runs mostly wait for processes to start and sessions to end. */
const SIDE_BY_SIDE = 3;
/** Batches a producer appends between two kills, about. */
const BATCHES = 40;

const found = z.object({
  kills: z.number(),
  events: z.number(),
  lost: z.number(),
  twice: z.number(),
  invented: z.number(),
});
type Found = z.output<typeof found>;

type Stretch = (times: number, seed: number, load: Load) => Promise<Omit<Found, 'kills'>>;

const VICTIMS: Readonly<Record<string, { readonly partitions: number; readonly run: Stretch }>> = {
  ingest: {
    partitions: 3,
    run: (times, seed, load) => counted(onKafka((site) => kills(site, 'ingest', ['archive'], times, seed, load))),
  },
  archive: {
    partitions: 3,
    run: (times, seed, load) => counted(onKafka((site) => kills(site, 'archive', ['ingest'], times, seed, load))),
  },
  up: {
    partitions: 1,
    run: (times, seed, load) => counted(onEmbedded((site) => kills(site, 'up', [], times, seed, load))),
  },
  export: { partitions: 3, run: ofReceivers },
};

async function counted(run: Promise<Finding>): Promise<Omit<Found, 'kills'>> {
  const { produced, lost, twice, invented } = await run;
  return { events: produced, lost: lost.length, twice: twice.length, invented: invented.length };
}

/** Five receivers hear of each event; a repeat has the same id, as receivers are promised. */
async function ofReceivers(times: number, seed: number, load: Load): Promise<Omit<Found, 'kills'>> {
  const all = await exportKills(times, seed, load);
  return {
    events: all.reduce((sum, { stored }) => sum + stored, 0),
    lost: all.reduce((sum, { lost }) => sum + lost, 0),
    twice: 0,
    invented: all.reduce((sum, { lied }) => sum + lied, 0),
  };
}

/** kill -9 of one role after another while messages are produced, `times` times over at least so many events in all. */
export async function killed(times: number, events: number, kept: Kept): Promise<Section> {
  const each = Math.ceil(times / Object.keys(VICTIMS).length);
  const perKill = Math.ceil(events / times);
  const pieces = Object.entries(VICTIMS).flatMap(([victim, { partitions, run }]) =>
    stretches(each).map((count, index) => async () => {
      const perBatch = Math.max(10, Math.ceil(perKill / BATCHES / partitions));
      const name = `kills ${victim} ${index} ${count} ${perKill}`;
      const load = { perBatch, least: count * perKill };
      const one = await kept.once(name, found, async () => ({ kills: count, ...(await run(count, 7 + index, load)) }));
      return { victim, ...one };
    }),
  );
  const all = await sideBySide(SIDE_BY_SIDE, pieces);
  const rows = [...Map.groupBy(all, ({ victim }) => victim)].map(([victim, some]) =>
    rowOf(`kill -9 of ${victim}`, some),
  );
  const total = rowOf('all', all);
  const wrong = all.reduce((sum, { lost, twice, invented }) => sum + lost + twice + invented, 0);
  return {
    title: 'Kills',
    words:
      'Real processes over Apache Kafka, `up` over the embedded log and engine, killed at random moments of their start and of their ' +
      'work while messages are produced; at the end every row is compared with what was produced, and what is missing has to come ' +
      'within the patience of the run, or counts as lost. Of `export`: events times five receivers; invented is what it told as ' +
      'delivered and the receiver has not got; repeats under the same id are promised, and not counted.',
    head: ['fault', 'times', 'rows that must be there', 'lost', 'twice', 'invented'],
    rows: [...rows, total],
    held: wrong === 0,
    json: { kills: all.reduce((sum, one) => sum + one.kills, 0), killsWrong: wrong },
  };
}

function stretches(times: number): readonly number[] {
  return Array.from({ length: Math.ceil(times / STRETCH) }, (_, index) => Math.min(STRETCH, times - index * STRETCH));
}

function rowOf(name: string, all: readonly Found[]): readonly (string | number)[] {
  const sum = (of: (one: Found) => number) => all.reduce((total, one) => total + of(one), 0);
  return [
    name,
    ...[sum((one) => one.kills), sum((one) => one.events)],
    ...[sum((one) => one.lost), sum((one) => one.twice)],
    sum((one) => one.invented),
  ];
}

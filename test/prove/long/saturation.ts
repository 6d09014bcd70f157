import { loadavg } from 'node:os';
import { z } from 'zod';
import { pause } from '../../faults/site.ts';
import type { Kept } from './kept.ts';
import type { Section } from './section.ts';
import { openStage, type Stage, TOPIC } from './stage.ts';
import { percentile, residentMb, type Sample, sampled, slope } from './watching.ts';

/** The producer keeps so many raw messages waiting: never none, never a disk full of them. */
const AHEAD = 20_000;
const AT_ONCE = 500;
const SAMPLE_MS = 5_000;
const FORGET_MS = 30_000;
/** Before this, code is compiled and pools fill. */
const WARM_SHARE = 0.2;

const GROUPS = [
  ['trailhouse-ingest', TOPIC.name],
  ['trailhouse-archive.audit.content', 'audit.content'],
  ['trailhouse-archive.audit.events', 'audit.events'],
  ['trailhouse-archive.audit.quarantine', 'audit.quarantine'],
  ['trailhouse-archive.audit.accounting', 'audit.accounting'],
] as const;

const found = z.object({
  minutes: z.number(),
  /** Of the machine, over the last minute at the end: the run itself, and whatever else there was. */
  machineLoad: z.number(),
  rows: z.number(),
  perSecond: z.number(),
  /** Appended, and not stored at the end. */
  missing: z.number(),
  lag: z.object({ raw: z.number(), stored: z.number() }),
  processes: z.array(
    z.object({
      name: z.string(),
      begunMb: z.number(),
      endedMb: z.number(),
      peakMb: z.number(),
      perHourMb: z.number(),
      delayMs: z.object({ p99: z.number(), max: z.number() }).nullable(),
    }),
  ),
});
export type Saturation = z.output<typeof found>;

/** Ingest and archive with more to do than they can, for so long. */
export function saturated(minutes: number, kept: Kept): Promise<Saturation> {
  return kept.once(`saturation ${minutes}`, found, async () => {
    const stage = await openStage();
    try {
      return await loaded(stage, minutes);
    } finally {
      await stage.close();
    }
  });
}

async function loaded(stage: Stage, minutes: number): Promise<Saturation> {
  const samples: Sample[] = [];
  const lags: { readonly raw: number; readonly stored: number }[] = [];
  const begun = performance.now();
  const elapsed = () => (performance.now() - begun) / 1000;
  const until = minutes * 60;
  const feed = feeding(stage, () => elapsed() < until);
  let forgotAt = 0;
  let warm = { seconds: 0, rows: 0 };
  while (elapsed() < until) {
    await pause(SAMPLE_MS);
    const seconds = elapsed();
    samples.push(...(await Promise.all(stage.players.map((player) => sampled(player, seconds)))));
    samples.push({ name: 'engine', seconds, megabytes: residentMb(stage.enginePid), delay: undefined });
    lags.push(await lagOf(stage));
    if (warm.rows === 0 && seconds > until * WARM_SHARE) warm = { seconds, rows: await rowsOf(stage) };
    if ((seconds - forgotAt) * 1000 < FORGET_MS) continue;
    forgotAt = seconds;
    await forgotten(stage);
  }
  const [machineLoad = 0] = loadavg();
  const perSecond = ((await rowsOf(stage)) - warm.rows) / (elapsed() - warm.seconds);
  const appended = await feed;
  const rows = await settled(stage, appended);
  return {
    ...{ minutes, machineLoad, rows, perSecond, missing: appended - rows },
    lag: { raw: Math.max(...lags.map(({ raw }) => raw)), stored: Math.max(...lags.map(({ stored }) => stored)) },
    processes: [...Map.groupBy(samples, ({ name }) => name)].map(([name, some]) => summary(name, some, until)),
  };
}

/** Appends while it may, a little ahead of ingest; resolves to how many messages were appended. */
async function feeding(stage: Stage, goesOn: () => boolean): Promise<number> {
  let appended = 0;
  while (goesOn()) {
    const { raw } = await lagOf(stage);
    if (raw > AHEAD) await pause(50);
    for (let room = AHEAD - raw; room > 0 && goesOn(); room -= AT_ONCE * TOPIC.partitions) {
      await Promise.all(
        Array.from({ length: TOPIC.partitions }, (_, partition) => {
          const records = stage.take(AT_ONCE).map(({ value }) => ({ value }));
          return stage.log.append(TOPIC.name, partition, records);
        }),
      );
      appended += AT_ONCE * TOPIC.partitions;
    }
  }
  return appended;
}

/** Raw messages before ingest, and audit records before archive. */
async function lagOf(stage: Stage): Promise<{ readonly raw: number; readonly stored: number }> {
  const behind = await Promise.all(
    GROUPS.map(async ([group, topic]) => {
      const [state, committed] = await Promise.all([stage.log.describe(topic), stage.log.committed(group, topic)]);
      const ends = state?.partitions ?? [];
      return ends.reduce((sum, { end, start }, index) => sum + end - (committed.get(index)?.offset ?? start), 0);
    }),
  );
  const [raw = 0, ...stored] = behind;
  return { raw, stored: stored.reduce((sum, one) => sum + one, 0) };
}

async function forgotten({ log, forget }: Stage): Promise<void> {
  for (const [group, topic] of GROUPS) {
    const committed = await log.committed(group, topic);
    if (committed.size > 0) await forget(topic, new Map([...committed].map(([index, { offset }]) => [index, offset])));
  }
}

/** A message becomes one event or is quarantined: rows of the two tables are what was settled. */
async function rowsOf({ store }: Stage): Promise<number> {
  const rows = await store
    .rows('SELECT (SELECT count() FROM audit.events) + (SELECT count() FROM audit.quarantine) AS rows')
    .catch(() => []);
  return Number(rows[0]?.rows ?? 0);
}

const PATIENCE_MS = 300_000;

/** Rows once all are there, or none has come for so long. */
async function settled(stage: Stage, wanted: number): Promise<number> {
  let [seen, seenAt] = [0, performance.now()];
  for (;;) {
    const rows = await rowsOf(stage);
    if (rows > seen) [seen, seenAt] = [rows, performance.now()];
    if (rows >= wanted || performance.now() - seenAt > PATIENCE_MS) return rows;
    await pause(500);
  }
}

function summary(name: string, samples: readonly Sample[], until: number): Saturation['processes'][number] {
  const warm = samples.filter(({ seconds }) => seconds > until * WARM_SHARE);
  const part = Math.ceil(warm.length / 4);
  const megabytes = (some: readonly Sample[]) => some.map((one) => one.megabytes);
  const delays = warm.flatMap(({ delay }) => (delay === undefined ? [] : [delay]));
  return {
    name,
    begunMb: percentile(megabytes(warm.slice(0, part)), 0.5),
    endedMb: percentile(megabytes(warm.slice(-part)), 0.5),
    peakMb: Math.max(...megabytes(samples)),
    perHourMb: slope(warm.map((one) => [one.seconds / 3_600, one.megabytes])),
    delayMs:
      delays.length === 0
        ? null
        : {
            p99: percentile(
              delays.map(({ p99Ms }) => p99Ms),
              0.5,
            ),
            max: Math.max(...delays.map(({ maxMs }) => maxMs)),
          },
  };
}

/** Memory a process may take, the engine aside. */
const MOST_MB = 350;

export function saturationSection(one: Saturation): Section {
  const ours = one.processes.filter(({ name }) => name !== 'engine');
  const whole = (value: number) => Math.round(value);
  return {
    title: `At saturation, ${one.minutes} minutes`,
    words:
      `W1 of the bench, a backlog held at ${AHEAD} raw messages: ${one.rows} rows, ${whole(one.perSecond)} a second once warm, ` +
      `${one.missing} missing at the end, load average of the machine ${one.machineLoad.toFixed(1)}. Lag at most: ${one.lag.raw} raw messages, ${one.lag.stored} audit records. Resident ` +
      `memory and delay of the event loop every ${SAMPLE_MS / 1000} s, but for the first ${WARM_SHARE * 100} % of the time: medians of ` +
      'the first and the last quarter of what is left, the trend by least squares, the median of the p99 of each interval, and ' +
      'the greatest delay of all.',
    head: [
      'process',
      'MB at first',
      'MB at last',
      'MB at most',
      'MB an hour',
      'loop delay p99, ms',
      'loop delay at most, ms',
    ],
    rows: one.processes.map(({ name, begunMb, endedMb, peakMb, perHourMb, delayMs }) => [
      ...[name, whole(begunMb), whole(endedMb), whole(peakMb), whole(perHourMb)],
      ...(delayMs === null ? ['–', '–'] : [whole(delayMs.p99), whole(delayMs.max)]),
    ]),
    held: one.missing === 0 && ours.every(({ peakMb }) => peakMb <= MOST_MB),
    json: {
      saturationPerSecond: whole(one.perSecond),
      saturationPeakMb: whole(Math.max(...ours.map((each) => each.peakMb))),
    },
  };
}

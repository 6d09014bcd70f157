import { loadavg } from 'node:os';
import { z } from 'zod';
import { pause } from '../../faults/site.ts';
import type { Kept } from './kept.ts';
import type { Section } from './section.ts';
import { openStage, type Stage, TOPIC } from './stage.ts';
import { percentile } from './watching.ts';

const TICK_MS = 100;
const LOOK_MS = 50;
/** Before, code is compiled. */
const WARM_MS = 20_000;
const PATIENCE_MS = 60_000;
/** What half load has to hold. */
const MOST_MS = 2_000;

const found = z.object({
  seconds: z.number(),
  machineLoad: z.number(),
  perSecond: z.number(),
  events: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
  missing: z.number(),
});
type Found = z.output<typeof found>;

/** Events that were to be sent at a time, the last of them at an offset. */
interface Sent {
  readonly at: number;
  readonly partition: number;
  readonly last: number;
  readonly events: number;
}

/**
 * So many messages a second at an even pace: from when each was to be sent until a reader of `audit.trail` finds it. A partition is
 * stored in order: the greatest offset that is found says which are.
 */
export async function halfLoad(perSecond: number, seconds: number, kept: Kept): Promise<Section> {
  const one = await kept.once(`half load ${seconds}`, found, async () => {
    const stage = await openStage();
    try {
      return await paced(stage, perSecond, seconds);
    } finally {
      await stage.close();
    }
  });
  const whole = (value: number) => Math.round(value);
  return {
    title: 'From sent to queryable, at half load',
    words:
      `${whole(one.perSecond)} messages a second for ${one.seconds} s, in ticks of ${TICK_MS} ms, counted from when they were to be sent; a ` +
      `reader asks \`audit.trail\` ${LOOK_MS} ms after each answer, and what an answer shows counts as found when it came. Load average of the machine: ${one.machineLoad.toFixed(1)}.`,
    head: ['events', 'p50, ms', 'p99, ms', 'at most, ms', 'never found'],
    rows: [[one.events, whole(one.p50Ms), whole(one.p99Ms), whole(one.maxMs), one.missing]],
    held: one.missing === 0 && one.p99Ms <= MOST_MS,
    json: { halfLoadP99Ms: whole(one.p99Ms) },
  };
}

async function paced(stage: Stage, perSecond: number, seconds: number): Promise<Found> {
  const waiting: Sent[] = [];
  const delays: { readonly ms: number; readonly events: number }[] = [];
  const begun = performance.now();
  const counts = begun + WARM_MS;
  let done = false;
  const sending = send(stage, perSecond, begun, counts + seconds * 1000, waiting).finally(() => {
    done = true;
  });
  let heardAt = performance.now();
  while (!done || (waiting.length > 0 && performance.now() - heardAt < PATIENCE_MS)) {
    const reached = await greatest(stage);
    const now = performance.now();
    const [there, missing] = [waiting.filter(isThere(reached)), waiting.filter((one) => !isThere(reached)(one))];
    waiting.splice(0, waiting.length, ...missing);
    if (there.length > 0) heardAt = now;
    for (const { at, events } of there) if (at >= counts) delays.push({ ms: now - at, events });
    await pause(LOOK_MS);
  }
  await sending;
  const [machineLoad = 0] = loadavg();
  const each = delays.flatMap(({ ms, events }) => Array<number>(events).fill(ms));
  return {
    ...{ seconds, machineLoad, perSecond, events: each.length },
    ...{ p50Ms: percentile(each, 0.5), p99Ms: percentile(each, 0.99), maxMs: percentile(each, 1) },
    missing: waiting.reduce((sum, { events }) => sum + events, 0),
  };
}

const isThere =
  (reached: ReadonlyMap<number, number>) =>
  ({ partition, last }: Sent): boolean =>
    (reached.get(partition) ?? -1) >= last;

/** A tick that is late is sent at once, and counts from when it was due. */
async function send(stage: Stage, perSecond: number, begun: number, until: number, waiting: Sent[]): Promise<void> {
  const each = Math.max(1, Math.round((perSecond * TICK_MS) / 1000 / TOPIC.partitions));
  for (let at = begun; at < until; at += TICK_MS) {
    const early = at - performance.now();
    if (early > 0) await pause(early);
    await Promise.all(
      Array.from({ length: TOPIC.partitions }, async (_, partition) => {
        const messages = stage.take(each);
        const records = messages.map(({ value }) => ({ value }));
        const first = await stage.log.append(TOPIC.name, partition, records);
        const last = messages.findLastIndex(({ kind }) => kind !== 'invalid');
        const events = messages.filter(({ kind }) => kind !== 'invalid').length;
        if (last >= 0) waiting.push({ at, partition, last: first + last, events });
      }),
    );
  }
}

async function greatest({ store }: Stage): Promise<ReadonlyMap<number, number>> {
  const rows = await store
    .rows('SELECT origin_partition AS partition, max(origin_offset) AS reached FROM audit.trail GROUP BY partition')
    .catch(() => []);
  return new Map(rows.map(({ partition, reached }) => [Number(partition), Number(reached)]));
}

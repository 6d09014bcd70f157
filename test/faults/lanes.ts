import { repoSchemas } from '../../services/codec/schemas.ts';
import type { Clock } from '../../services/core/clock.ts';
import type { Log } from '../../services/core/log.ts';
import { silent } from '../../services/core/logger.ts';
import type { SinkKind, Tools } from '../../services/core/sink.ts';
import { openDispatcher } from '../../services/delivery/dispatch.ts';
import { type Random, random } from '../../services/processes/demo/random.ts';
import { exportLane } from '../../services/processes/export/lane.ts';
import { openView } from '../../services/processes/export/view.ts';
import { onTopic, receipts } from '../support/audit-topic.ts';
import { event } from '../support/event.ts';
import { memoryLog } from '../support/memory-log.ts';
import { scaledClock } from '../support/scaled-clock.ts';

/** A receiver that implements its vendor's contract, keeps what it accepts, and can be told to misbehave. */
export interface Stand {
  readonly kind: SinkKind;
  open(clock: Clock): Promise<{
    readonly settings: unknown;
    /** Id of every event it keeps, once per copy. */
    kept(): readonly string[];
    /** Misbehaves once in a way of the vendor's, chosen by the dice. */
    misbehave(dice: Random): void;
    close(): Promise<void>;
  }>;
  tools(clock: Clock): Tools;
}

export interface Finding {
  readonly faults: number;
  readonly events: number;
  /** Offsets without an outcome at the end. */
  readonly lost: readonly number[];
  /** Receipted as delivered, though the receiver has not got it. */
  readonly lied: readonly string[];
  /** Copies beyond the first. */
  readonly repeated: number;
  readonly buried: number;
  readonly uncertain: number;
  readonly diverted: number;
}

/** An hour of the lane is a few seconds here. */
const FACTOR = 600;
const PER_BATCH = 40;

/**
 * One lane over real sockets while its receiver misbehaves and the lane dies, `faults` times in all; then everything is
 * mended and the lane runs to the end. A lane that dies writes nothing more, as a killed process.
 */
export async function laneUnderFaults(stand: Stand, faults: number, seed: number): Promise<Finding> {
  const dice = random(seed);
  const clock = scaledClock(FACTOR);
  const log = memoryLog(clock, 100);
  const spec = { partitions: 1, retentionMs: -1 };
  await log.create([
    { ...spec, name: 'audit.events' },
    { ...spec, name: 'audit.deliveries' },
  ]);
  const receiver = await stand.open(clock);
  let produced = 0;
  const produce = () => {
    const occurred = clock.now().getTime() * 1000;
    const batch = Array.from({ length: PER_BATCH }, () => numbered(produced++, occurred));
    return log.append('audit.events', 0, batch.map(onTopic));
  };

  let lane = start(stand, receiver.settings, log, clock, dice);
  try {
    for (let fault = 0; fault < faults; fault++) {
      await produce();
      if (dice.integer(0, 3) === 0) {
        await lane.kill();
        lane = start(stand, receiver.settings, log, clock, dice);
      } else receiver.misbehave(dice);
      await new Promise((resolve) => setTimeout(resolve, dice.integer(0, 40)));
    }
    await until(60_000, async () => (await settled(log)) >= produced);
    return await judge(log, produced, receiver.kept(), faults);
  } finally {
    await lane.kill();
    await receiver.close();
  }
}

const numbered = (offset: number, occurred: number) =>
  event({
    event_id: idOf(offset),
    origin_offset: offset,
    occurred_at: occurred,
    received_at: occurred,
    ingested_at: occurred,
  });

/** An id of its own per offset, in the form ids have. */
const idOf = (offset: number): string => `00a1b200-0000-8000-8000-${offset.toString(16).padStart(12, '0')}`;

function start(stand: Stand, settings: unknown, log: Log, clock: Clock, dice: Random) {
  const { kind } = stand;
  let alive = true;
  const dead = new Promise<never>(() => {});
  const mortal: Log = {
    ...log,
    append: (topic, partition, records) => (alive ? log.append(topic, partition, records) : dead),
  };
  const sink = kind.open(settings, stand.tools(clock));
  const limits = { ...kind.limits, events: 25, concurrency: 3 };
  const dispatcher = openDispatcher({
    sink,
    limits,
    clock,
    random: () => dice.next(),
    changed() {},
    ...(sink.attemptMs === undefined ? {} : { attemptMs: sink.attemptMs }),
  });
  const lane = exportLane({
    sink: 'stand',
    log: mortal,
    clock,
    logger: silent,
    schemas: repoSchemas(),
    schemaId: 5,
    dispatcher,
    shelf: {
      settledTo: async () => undefined,
      marksBefore: async () => new Map(),
      page: () => Promise.reject(new Error('nothing is stored')),
    },
    from: 'topic',
    ready: Promise.resolve(),
    view: openView('clear', Buffer.alloc(32)),
    counted() {},
  });
  const stop = new AbortController();
  const run = lane.run(stop.signal).catch((error: unknown) => {
    if (alive) throw error;
  });
  return {
    async kill() {
      alive = false;
      stop.abort(new Error('killed'));
      await Promise.race([run, new Promise((resolve) => setTimeout(resolve, 50))]);
      void sink.close();
    },
  };
}

async function settled(log: Log): Promise<number> {
  let reached = 0;
  for (const { first, next } of await receipts(log)) if (first <= reached && next > reached) reached = next;
  return reached;
}

/** Receipts of a lane and its predecessor may overlap: the first tells, as in the store. */
async function judge(log: Log, produced: number, kept: readonly string[], faults: number): Promise<Finding> {
  const outcomes = new Map<number, string>();
  for (const { first, next, exceptions } of await receipts(log)) {
    const listed = new Map<number, string>();
    for (const { offset, count, outcome } of exceptions)
      for (let at = 0; at < count; at++) listed.set(offset + at, outcome);
    for (let offset = first; offset < next; offset++)
      if (!outcomes.has(offset)) outcomes.set(offset, listed.get(offset) ?? 'delivered');
  }
  const held = new Set(kept);
  const offsets = Array.from({ length: produced }, (_, offset) => offset);
  const count = (wanted: string) => offsets.filter((offset) => outcomes.get(offset) === wanted).length;
  return {
    faults,
    events: produced,
    lost: offsets.filter((offset) => !outcomes.has(offset)),
    lied: offsets.filter((offset) => outcomes.get(offset) === 'delivered' && !held.has(idOf(offset))).map(idOf),
    repeated: kept.length - held.size,
    buried: count('buried'),
    uncertain: count('uncertain'),
    diverted: count('diverted'),
  };
}

async function until(ms: number, done: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + ms;
  while (!(await done()) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}

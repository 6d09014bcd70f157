import { BadCondition } from '../../clickhouse/events.ts';
import type { Clock } from '../../core/clock.ts';
import type { AuditEvent } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import type { Dispatcher, Ended, Parcel } from '../../delivery/dispatch.ts';
import type { Control, Replay } from './controls.ts';
import type { Lane } from './lane.ts';
import { type Fate, receipt, writeReceipt } from './receipt.ts';
import { stub } from './shift.ts';
import type { View } from './view.ts';

/** A stored event that was asked for. */
export interface Wanted {
  readonly offset: number;
  readonly event: AuditEvent;
}

/** What replays need of the store. Every call waits for the store where it is away. */
export interface Archive {
  /** How far a replay got in a partition, by its receipts; `done` once its last one is stored. */
  progress(replay: string, sink: string, partition: number): Promise<{ readonly next: number; readonly done: boolean }>;
  /** Waits until the partition is stored up to an offset. */
  archived(partition: number, offset: number, signal: AbortSignal): Promise<void>;
  /** Events of a replay from an offset on, below another; an empty page is the end. Rejects with `BadCondition`. */
  wanted(
    replay: Replay,
    partition: number,
    from: number,
    before: number,
    signal: AbortSignal,
  ): Promise<readonly Wanted[]>;
}

export interface ReplayParts {
  readonly sink: string;
  readonly lane: Lane;
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly schemaId: number;
  readonly archive: Archive;
  /** Its own, with its own pace: a replay holds up nobody. */
  readonly dispatcher: Dispatcher;
  readonly view: View;
  /** Why the receiver's filter leaves an event out. Named ones are sent all the same: somebody chose them. */
  readonly leftOut?: ((event: AuditEvent) => string | undefined) | undefined;
  /** Tells operators that a replay cannot be done. */
  alarm(reason: string): Promise<void>;
  counted(outcome: Fate['outcome'], count: number): void;
}

type Errand = Extract<Control, { readonly kind: 'replay' | 'skip' }>;

const LOOK_MS = 1_000;
/** Replays side by side, so that a test or one event need not wait for the end of a month. */
const MOST = 8;

/**
 * Sends stored events again, each owner of an audit partition those of its own. A replay is done in a partition once its
 * last receipt, one without events, is written; what a crash interrupts is taken up where its receipts end. One that cannot
 * be done is left; whatever else goes wrong ends nothing but the attempt.
 */
export function replays(parts: ReplayParts): { ask(errand: Errand): void; run(signal: AbortSignal): Promise<void> } {
  const { sink, lane, logger, clock } = parts;
  const asked: Errand[] = [];
  /** `id/partition`; those that are left, by their id alone. */
  const finished = new Set<string>();
  const running = new Map<Errand, Promise<void>>();

  const open = (errand: Errand) =>
    finished.has(errand.id)
      ? []
      : [...lane.shifts()].filter(([partition]) => !finished.has(`${errand.id}/${partition}`));

  async function carryOut(errand: Errand, signal: AbortSignal): Promise<void> {
    for (const [partition, { over }] of open(errand)) {
      const either = AbortSignal.any([signal, over.signal]);
      try {
        await perform(errand, partition, parts, either);
        finished.add(`${errand.id}/${partition}`);
      } catch (error) {
        if (either.aborted) continue;
        if (error instanceof BadCondition) return leave(errand, error.message);
        const { name } = error instanceof Error ? error : { name: 'unknown error' };
        logger.warn({ sink, replay: errand.id, partition, error: name }, 'a replay broke off; trying again');
      }
    }
  }

  async function leave({ id }: Errand, reason: string): Promise<void> {
    logger.error({ sink, replay: id }, 'a replay cannot be done and is left');
    await parts.alarm(`replay ${id}: ${reason}`);
    finished.add(id);
  }

  return {
    ask: (errand) => void asked.push(errand),
    async run(signal) {
      while (!signal.aborted) {
        const next = asked.filter((errand) => !running.has(errand) && open(errand).length > 0);
        for (const errand of next.slice(0, Math.max(0, MOST - running.size))) {
          const work = carryOut(errand, signal)
            .catch(() => logger.warn({ sink, replay: errand.id }, 'a replay that cannot be done could not be told of'))
            .finally(() => running.delete(errand));
          running.set(errand, work);
        }
        await clock.sleep(LOOK_MS, signal).catch(() => undefined);
      }
      await Promise.all(running.values());
    },
  };
}

async function perform(errand: Errand, partition: number, parts: ReplayParts, signal: AbortSignal): Promise<void> {
  const { archive, log, sink, logger, dispatcher } = parts;
  const { next: begin, done } = await archive.progress(errand.id, sink, partition);
  if (done) return;
  const replay = errand.kind === 'replay' ? errand : everything(errand);
  const isWindow = replay.ids.length === 0;
  // What comes later the lane sends itself; what came before has to be stored, or the replay would end without it.
  const end = isWindow ? ((await log.describe('audit.events'))?.partitions[partition]?.end ?? 0) : undefined;
  if (end !== undefined) await archive.archived(partition, end, signal);
  for (let from = begin; ; ) {
    const page = await archive.wanted(replay, partition, from, end ?? Number.MAX_SAFE_INTEGER, signal);
    const last = page.at(-1);
    if (last === undefined) break;
    signal.throwIfAborted();
    if (errand.kind === 'skip') await write(page.map((one) => skipped(one, errand.reason)));
    else await dispatcher.dispatch(page.filter(passes).map(parcel), write, signal);
    from = last.offset + 1;
  }
  signal.throwIfAborted();
  await write([]);
  logger.info({ sink, partition, replay: errand.id }, 'a replay is done');

  async function write(ended: readonly (Ended | Fate)[]): Promise<void> {
    const { clock, log, schemaId } = parts;
    const [first, last] = [ended[0], ended.at(-1)];
    const head = stub(sink, partition, errand.id, dispatcher.state(), clock.now());
    const record = receipt(head, first?.offset ?? 0, last === undefined ? 0 : last.offset + 1, ended);
    await log.append('audit.deliveries', partition, [writeReceipt(record, new Map(), schemaId)]);
    for (const { outcome } of ended) parts.counted(outcome, 1);
  }

  function passes({ event }: Wanted): boolean {
    return !isWindow || parts.leftOut?.(event) === undefined;
  }

  function parcel({ offset, event }: Wanted): Parcel {
    return { offset, bytes: REPLAYED_BYTES, open: () => parts.view.of(event) };
  }
}

const REPLAYED_BYTES = 1_500;

const everything = ({ id, sink, at, ids }: Extract<Errand, { readonly kind: 'skip' }>): Replay => ({
  kind: 'replay',
  id,
  sink,
  at,
  from: '',
  to: '',
  where: '',
  ids,
});

const skipped = ({ offset, event }: Wanted, reason: string): Fate => ({
  offset,
  outcome: 'skipped',
  event_id: event.event_id,
  reason,
});

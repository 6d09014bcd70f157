import type { Schemas } from '../../codec/schemas.ts';
import { type Batch, endOf, LogLost, type Position, type Settled } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import type { Dispatcher } from '../../delivery/dispatch.ts';
import { aborted } from '../../log/stopping.ts';
import { ForeignRecord, itemsOf } from './items.ts';
import { type Memory, recall } from './recall.ts';
import { type Item, Shift, type ShiftParts, type Standing } from './shift.ts';
import type { Shelf } from './store.ts';

export interface LaneParts extends Omit<ShiftParts, 'partition'> {
  readonly schemas: Schemas;
  readonly shelf: Shelf & Memory;
  readonly logger: Logger;
  /** Where a receiver that was never delivered to begins. */
  readonly from: 'topic' | 'store' | 'now';
  /** Resolves once it is known whether the lane is paused. */
  readonly ready: Promise<void>;
}

export interface Lane {
  run(signal: AbortSignal): Promise<void>;
  /** The partitions this process has at present. */
  shifts(): ReadonlyMap<number, Shift>;
  /** Since when something waits: an event, or a partition whose place is still looked for. */
  waiting(): readonly Date[];
  readonly dispatcher: Dispatcher;
}

export const exportGroup = (sink: string): string => `trailhouse-export.${sink}`;

const EVENTS = 'audit.events';
const AGAIN_MS = 5_000;

/**
 * Delivers `audit.events` to one receiver, as a consumer group of its own. A batch is settled when every event in it has
 * ended there; a receiver may be away for days, so a handler may take as long. What the topic no longer holds comes from the
 * store.
 */
export function exportLane(parts: LaneParts): Lane {
  const shifts = new Map<number, Shift>();
  /** Partitions whose place is looked for, by the newest assignment. The store may be away meanwhile. */
  const sought = new Map<number, { readonly since: Date }>();
  const { log, logger, clock, sink } = parts;

  async function run(asked: AbortSignal): Promise<void> {
    await Promise.race([parts.ready, aborted(asked)]);
    while (!asked.aborted) {
      try {
        return await once(asked);
      } catch (error) {
        const isOvertaken = error instanceof LogLost && error.wanted < error.position.start;
        if (!isOvertaken) throw error;
        const { partition, start } = error.position;
        logger.warn({ sink, partition, start }, 'the topic no longer holds what comes next; going on from the store');
      }
    }
  }

  async function once(asked: AbortSignal): Promise<void> {
    const failed = new AbortController();
    const stop = AbortSignal.any([asked, failed.signal]);
    const source = log.subscribe({
      group: exportGroup(sink),
      topics: [EVENTS],
      handlerMs: Infinity,
      isWaitedFor: false,
      async resume(position, held) {
        const { partition } = position;
        const search = { since: clock.now() };
        sought.set(partition, search);
        let shift: Shift | undefined;
        const lose = () => {
          if (sought.get(partition) === search) sought.delete(partition);
          if (shift !== undefined && shifts.get(partition) === shift) shifts.delete(partition);
          shift?.over.abort();
        };
        held.addEventListener('abort', lose, { once: true });
        shift = new Shift({ ...parts, partition }, await standing(position));
        if (shift.settled > position.end && shift.settled > (await endOf(log, position)))
          throw new LogLost(position, shift.settled);
        // Taken away meanwhile: another may have settled more than was found, and nobody reads from here.
        if (held.aborted) return position.start;
        shifts.set(partition, shift);
        sought.delete(partition);
        await shift.report(parts.dispatcher.state());
        shift.caughtUp = catchUp(shift, position, stop);
        shift.caughtUp.catch((error: unknown) => {
          if (!held.aborted) failed.abort(error);
        });
        return Math.min(Math.max(shift.settled, position.start), position.end);
      },
    });
    const handle = async (batch: Batch, signal: AbortSignal): Promise<Settled> => {
      const shift = shifts.get(batch.partition);
      if (shift === undefined) throw new Error(`no shift for ${batch.topic}/${batch.partition}`);
      await Promise.race([shift.caughtUp, aborted(signal)]);
      signal.throwIfAborted();
      shift.waitingSince ??= clock.now();
      await shift.work(await opened(batch, signal), batch.next, signal);
      return { metadata: shift.metadata() };
    };
    try {
      await source.run(handle, stop);
    } finally {
      for (const shift of shifts.values()) shift.over.abort();
      shifts.clear();
      sought.clear();
    }
    if (!asked.aborted && failed.signal.aborted) throw failed.signal.reason;
  }

  async function standing(position: Position): Promise<Standing> {
    const known = await recall(sink, position, log, parts.shelf);
    if (known !== undefined) return known;
    const begins = { topic: position.start, store: 0, now: position.end }[parts.from];
    logger.info({ sink, partition: position.partition, offset: begins }, 'a receiver begins');
    return { settled: begins, marks: new Map(), receiptsAt: 0 };
  }

  /** A schema registry that is away says nothing about the records. */
  async function opened(batch: Batch, signal: AbortSignal): Promise<readonly Item[]> {
    for (;;) {
      try {
        return await itemsOf(batch, parts.schemas);
      } catch (error) {
        if (error instanceof ForeignRecord) throw error;
        const name = error instanceof Error ? error.name : 'unknown error';
        logger.warn({ sink, error: name }, 'the schema registry does not say whose records these are; asking again');
        await clock.sleep(AGAIN_MS, signal);
      }
    }
  }

  /** Delivers from the store what the topic no longer holds. */
  async function catchUp(shift: Shift, { partition, start }: Position, stop: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([stop, shift.over.signal]);
    while (shift.settled < start) {
      shift.waitingSince ??= clock.now();
      const { items, next } = await parts.shelf.page(partition, shift.settled, start, signal);
      await shift.work(items, next, signal);
    }
  }

  return {
    run,
    shifts: () => shifts,
    waiting: () => [
      ...[...sought.values()].map(({ since }) => since),
      ...[...shifts.values()].flatMap(({ waitingSince }) => waitingSince ?? []),
    ],
    dispatcher: parts.dispatcher,
  };
}

import type { Schemas } from '../../codec/schemas.ts';
import { type Batch, LogLost, type Position, type Settled } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import type { Dispatcher } from '../../delivery/dispatch.ts';
import { itemsOf } from './items.ts';
import { type Memory, recall } from './recall.ts';
import { Shift, type ShiftParts, type Standing } from './shift.ts';
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
  readonly dispatcher: Dispatcher;
}

export const exportGroup = (sink: string): string => `trailhouse-export.${sink}`;

const EVENTS = 'audit.events';
/** Enough under way for receivers that confirm late. */
const BATCH_BYTES = 8 * 1024 ** 2;

/**
 * Delivers `audit.events` to one receiver, as a consumer group of its own. A batch is settled when every event in it has
 * ended there; a receiver may be away for days, so a handler may take as long. What the topic no longer holds comes from the
 * store.
 */
export function exportLane(parts: LaneParts): Lane {
  const shifts = new Map<number, Shift>();
  const { log, logger, sink } = parts;

  async function run(asked: AbortSignal): Promise<void> {
    await parts.ready;
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
    const behind = new Map<number, Promise<void>>();
    const source = log.subscribe({
      group: exportGroup(sink),
      topics: [EVENTS],
      handlerMs: Infinity,
      batchBytes: BATCH_BYTES,
      async resume(position) {
        shifts.get(position.partition)?.over.abort();
        const shift = new Shift({ ...parts, partition: position.partition }, await standing(position));
        if (shift.settled > position.end) throw new LogLost(position, shift.settled);
        shifts.set(position.partition, shift);
        await shift.report(parts.dispatcher.state());
        const caughtUp = catchUp(shift, position, stop);
        behind.set(position.partition, caughtUp);
        caughtUp.catch((error: unknown) => {
          if (!shift.over.signal.aborted) failed.abort(error);
        });
        return Math.max(shift.settled, position.start);
      },
    });
    const handle = async (batch: Batch, signal: AbortSignal): Promise<Settled | undefined> => {
      await behind.get(batch.partition);
      const shift = shifts.get(batch.partition);
      if (shift === undefined) throw new Error(`no shift for ${batch.topic}/${batch.partition}`);
      await shift.work(await itemsOf(batch, parts.schemas), batch.next, signal);
      return { metadata: shift.metadata() };
    };
    try {
      await source.run(handle, stop);
    } finally {
      for (const shift of shifts.values()) shift.over.abort();
      shifts.clear();
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

  /** Delivers from the store what the topic no longer holds. */
  async function catchUp(shift: Shift, { partition, start }: Position, stop: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([stop, shift.over.signal]);
    while (shift.settled < start) {
      const { items, next } = await parts.shelf.page(partition, shift.settled, start, signal);
      await shift.work(items, next, signal);
    }
  }

  return { run, shifts: () => shifts, dispatcher: parts.dispatcher };
}

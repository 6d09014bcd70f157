import {
  archivedTo,
  BadCondition,
  type EventPage,
  marksBefore,
  readEvents,
  type StoredEvent,
  settledTo,
} from '../../clickhouse/events.ts';
import { ClickHouseFailure, describeFailure } from '../../clickhouse/failure.ts';
import { replayedTo } from '../../clickhouse/replayed.ts';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Store } from '../../core/store.ts';
import { storedItem } from './items.ts';
import type { Memory } from './recall.ts';
import type { Archive } from './replays.ts';
import type { Item } from './shift.ts';

/** Events read at once, at most: their memory is held until they are delivered. */
const PAGE = 500;
/** And their bytes, by those of the page before. */
const PAGE_BYTES = 1_000_000;
/** Fewer are asked for where an answer with so many is beyond what one may cost: events can be large. */
const NARROWER = 8;
const AGAIN_MS = 5_000;

/** Stored events for lanes that need what the topic no longer holds. */
export interface Shelf extends Memory {
  /** The stored events from an offset on, below another, and how far that goes; waits until the archive has come so far. */
  page(partition: number, from: number, before: number, signal: AbortSignal): Promise<Page>;
}

export interface Page {
  readonly items: readonly Item[];
  readonly next: number;
}

/** Asks the store until it answers: a lane that needs it can go nowhere without. */
export function openShelf(store: Store, clock: Clock, logger: Logger, stop: AbortSignal): Shelf & Archive {
  async function patiently<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof ClickHouseFailure)) throw error;
        logger.warn({ error: describeFailure(error) }, 'waiting for ClickHouse to tell a lane what it needs');
        await clock.sleep(AGAIN_MS, signal);
      }
    }
  }

  /** What the archive has not stored yet cannot be told from what never was. */
  async function archived(partition: number, offset: number, signal: AbortSignal): Promise<void> {
    while ((await patiently(() => archivedTo(store, partition), signal)) < offset) {
      logger.info({ partition, offset }, 'waiting for the archive to store what a lane needs');
      await clock.sleep(AGAIN_MS, signal);
    }
  }

  /** As many events as the store can answer with; `whole` where there are no more. */
  async function read(page: Omit<EventPage, 'limit'>, signal: AbortSignal, most = PAGE): Promise<Read> {
    for (let limit = most; ; limit = Math.max(1, Math.floor(limit / NARROWER))) {
      const found = await patiently(() => ask(page, limit), signal);
      if (found !== undefined) return { found, whole: found.length < limit };
    }
  }

  /** Undefined where the engine turns so many down. One that answers without the operator's words alone will never with them. */
  async function ask(page: Omit<EventPage, 'limit'>, limit: number): Promise<readonly StoredEvent[] | undefined> {
    try {
      return await readEvents(store, { ...page, limit });
    } catch (error) {
      if (!(error instanceof ClickHouseFailure) || error.code === undefined) throw error;
      if (limit > 1) return undefined;
      const { partition, from, before, where, occurredFrom, occurredTo } = page;
      if ((where ?? occurredFrom ?? occurredTo) === undefined) throw error;
      await readEvents(store, { partition, from, before, limit });
      throw new BadCondition(describeFailure(error));
    }
  }

  /** Of the next page: one of large events is followed by a narrower one. */
  let most = PAGE;

  return {
    settledTo: async (sink, partition) => (await patiently(() => settledTo(store, sink, partition), stop))?.next,
    async marksBefore(partition, offset) {
      await archived(partition, offset, stop);
      return patiently(() => marksBefore(store, partition, offset), stop);
    },

    async page(partition, from, before, signal) {
      await archived(partition, before, signal);
      const { found, whole } = await read({ partition, from, before }, signal, most);
      const last = found.at(-1);
      const items = found.map(({ audit_offset, event }) => storedItem(audit_offset, event));
      const bytes = items.reduce((sum, one) => sum + one.bytes, 0);
      if (bytes > 0) most = Math.min(PAGE, Math.max(1, Math.floor((PAGE_BYTES * items.length) / bytes)));
      return { items, next: last === undefined || whole ? before : last.audit_offset + 1 };
    },

    progress: (replay, sink, partition) => patiently(() => replayedTo(store, replay, sink, partition), stop),

    archived,

    async wanted({ from: occurredFrom, to: occurredTo, where, ids }, partition, from, before, signal) {
      const page = {
        partition,
        from,
        before,
        ...(occurredFrom === '' ? {} : { occurredFrom }),
        ...(occurredTo === '' ? {} : { occurredTo }),
        ...(where === '' ? {} : { where }),
        ...(ids.length === 0 ? {} : { ids }),
      };
      const { found } = await read(page, signal);
      return found.map(({ audit_offset: offset, event }) => ({ offset, event }));
    },
  };
}

interface Read {
  readonly found: readonly StoredEvent[];
  readonly whole: boolean;
}

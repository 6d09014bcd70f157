import { decodeEvent } from '../../codec/event.ts';
import { unframe } from '../../codec/wire.ts';
import type { Clock } from '../../core/clock.ts';
import type { AuditEvent } from '../../core/event.ts';
import type { Batch, Log } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import type { Bindings, Evidence } from '../../identity/bindings.ts';
import { OWN_TOPIC } from '../bindings.ts';

const EVENTS = 'audit.events';

const MOST_RECORDS = 200_000;

/**
 * How often it is looked whether others have settled something. What stands on a topic at one look and is not known at the next was
 * none of our own, which would be known by then.
 */
const FOLLOW_MS = 7_500;

export interface LearnParts {
  readonly log: Log;
  /** Partitions of audit.events. */
  readonly partitions: number;
  readonly bindings: Bindings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Records of a partition that are read at once; what stands before them counts as unknown. */
  readonly most?: number;
}

/** Where events begin on audit.events. */
export interface Place {
  readonly partition: number;
  readonly first: number;
}

export interface Learning {
  /** Learns from what audit.events holds before `work` begins, and from what other processes append until it ends. */
  during(work: () => Promise<void>, signal: AbortSignal): Promise<void>;
  /** What this process itself appended need not be read again. */
  settled(place: Place | undefined, events: readonly Evidence[]): void;
  /** Acts of ours that this process appended, as they were encoded. */
  acted(records: readonly { readonly value: Uint8Array }[]): void;
}

/** Keeps bindings abreast of audit.events. What it misses for a moment, late resolution finds. */
export function openLearning({ log, partitions, bindings, clock, logger, most = MOST_RECORDS }: LearnParts): Learning {
  /** The first offset of each partition that is not learned from yet. */
  const next = Array.from({ length: partitions }, () => 0);
  /** Stretches of each partition that this process appended, beyond `next`: topics are settled side by side. */
  const own = Array.from({ length: partitions }, () => new Map<number, number>());
  /** Where each partition ended at the last look. */
  const ends = Array.from({ length: partitions }, () => 0);

  function reached(partition: number, offset: number): void {
    let to = Math.max(offset, next[partition] ?? 0);
    const stretches = own[partition] ?? new Map<number, number>();
    for (const [first, end] of [...stretches].sort(([a], [b]) => a - b)) {
      if (first > to) break;
      to = Math.max(to, end);
      stretches.delete(first);
    }
    next[partition] = to;
  }

  async function readOn(partition: number): Promise<void> {
    const state = (await log.describe(EVENTS))?.partitions[partition];
    const known = next[partition] ?? 0;
    if (state === undefined || state.end <= known) return;
    const from = Math.max(known, state.start, state.end - most);
    let isFirst = true;
    const visit = ({ records, next: end }: Batch): void => {
      for (const record of records) {
        if (isFirst && from > known) bindings.blindBefore(record.receivedAt.getTime() * 1000);
        isFirst = false;
        learn(record, bindings, clock);
      }
      reached(partition, end);
    };
    await log.read(EVENTS, partition, visit, from);
  }

  async function readAll(): Promise<void> {
    for (const partition of next.keys()) await readOn(partition);
  }

  /** Reads what stood there at the last look already. */
  async function look(): Promise<void> {
    const states = (await log.describe(EVENTS))?.partitions ?? [];
    for (const [partition, { end }] of states.entries()) {
      const stood = ends[partition] ?? 0;
      ends[partition] = end;
      if (stood > (next[partition] ?? 0)) await readOn(partition);
    }
  }

  async function follow(signal: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(FOLLOW_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await look();
      } catch (error) {
        const name = error instanceof Error ? error.name : 'unknown error';
        logger.warn({ error: name }, 'cannot read what other processes settled: their sessions bind nobody here yet');
      }
    }
  }

  return {
    async during(work, signal) {
      await readAll();
      const ended = new AbortController();
      const following = follow(AbortSignal.any([signal, ended.signal]));
      try {
        await work();
      } finally {
        ended.abort();
        await following;
      }
    },

    settled(place, events) {
      for (const event of events) bindings.learn(event);
      if (place === undefined) return;
      own[place.partition]?.set(place.first, place.first + events.length);
      reached(place.partition, 0);
    },

    acted(records) {
      for (const { value } of records) heed(read(value), bindings, clock);
    },
  };
}

interface Received {
  readonly value: Uint8Array;
  readonly receivedAt: Date;
}

/** One that cannot be read may have shown a second person, in any session. */
function learn({ value, receivedAt }: Received, bindings: Bindings, clock: Clock): void {
  try {
    const event = read(value);
    bindings.learn(event);
    heed(event, bindings, clock);
  } catch {
    bindings.blindBefore(receivedAt.getTime() * 1000);
  }
}

const read = (value: Uint8Array): AuditEvent => decodeEvent(unframe(value)?.body ?? value);

/** An order to erase somebody is obeyed here too: nobody is to be found out by what was learned of them before. */
function heed(event: AuditEvent, bindings: Bindings, clock: Clock): void {
  const { action, outcome, origin_topic, personal_attributes, occurred_at } = event;
  if (action !== 'erasure.ordered' || outcome !== 'success' || origin_topic !== OWN_TOPIC) return;
  const email = personal_attributes['subject.email'] ?? '';
  if (email !== '') bindings.forget(email, { at: occurred_at, now: clock.now().getTime() * 1000 });
}

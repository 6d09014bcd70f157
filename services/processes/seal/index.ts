import { stat } from 'node:fs/promises';
import type { Writer } from '../../clickhouse/client.ts';
import { describeFailure } from '../../clickhouse/failure.ts';
import { takeLease } from '../../clickhouse/lease.ts';
import type { Signing } from '../../console/checkpoint.ts';
import { LogLost, type Position } from '../../core/log.ts';
import { catchUp } from './catch-up.ts';
import { SealedPartition } from './partition.ts';
import { EVENTS, HistoryDiffers, NotYet, type SealParts } from './parts.ts';
import { signNow } from './sign-now.ts';
import { tellAlarm } from './tell.ts';

export interface SealRole {
  run(signal: AbortSignal): Promise<void>;
  /** Signs what the topic holds when it is asked, where this process is at work. */
  signNow(signal: AbortSignal): Promise<Signing>;
  /** What is sealed, by audit partition. */
  standing(): readonly Standing[];
  /** Whether this process is the one that seals. */
  isAtWork(): boolean;
}

export interface Standing {
  readonly partition: number;
  readonly size: number;
  readonly signedAt: string | undefined;
  readonly isStopped: boolean;
}

export interface RoleParts extends SealParts {
  readonly writer: Writer;
  readonly intervalMs: number;
  /** Names this run of this process in the journal. */
  readonly owner: string;
}

/** How long a role that failed, or is not alone, waits before it begins again. */
const AGAIN_MS = 60_000;

/** How long a lease is not asked for again. */
const RENEW_MS = 60_000;

const GROUP = 'trailhouse-seal';

/** Another process seals, or did a moment ago. */
class NotAlone extends Error {
  override readonly name = 'NotAlone';
}

/** One partition, its work in turns, and whether it has been stopped. */
interface Seat {
  partition: SealedPartition | undefined;
  isStopped: boolean;
  turn: Promise<unknown>;
}

/**
 * Keeps a tree per audit partition and signs it at the interval. One process at a time does so over a store. What contradicts a
 * checkpoint stops its partition, with an alarm on the trail; the others go on.
 */
export function seal(parts: RoleParts): SealRole {
  const { clock, logger } = parts;
  const seats = new Map<number, Seat>();
  let isAtWork = false;
  const opened = (): void => {
    isAtWork = true;
  };

  return {
    isAtWork: () => isAtWork,

    async signNow(signal) {
      if (!isAtWork) return { kind: 'refused', reason: 'the process that seals waits, or begins again' };
      try {
        await alone(parts);
        await isThere(parts);
        const signable = {
          next: (partition: number) => seats.get(partition)?.partition?.next,
          isStopped: (partition: number) => seats.get(partition)?.isStopped !== false,
          seal: (partition: number) => guarded(seats, partition, parts, (seat) => seat.partition?.seal()),
        };
        return await signNow(await positionsOf(parts), signable, clock, signal);
      } catch (error) {
        return { kind: 'refused', reason: error instanceof NotAlone ? error.message : wordsOf(error) };
      }
    },

    standing: () =>
      [...seats].map(([partition, { partition: sealed, isStopped }]) => {
        const newest = sealed?.newest;
        return { partition, size: newest?.size ?? 0, signedAt: newest?.signedAt, isStopped };
      }),

    async run(signal) {
      while (!signal.aborted) {
        try {
          await shift(parts, seats, opened, signal);
        } catch (error) {
          isAtWork = false;
          if (signal.aborted) return;
          if (error instanceof NotAlone) logger.warn({ reason: error.message }, 'the ledger waits');
          else logger.error({ reason: wordsOf(error) }, 'the ledger begins again from what is signed');
          await clock.sleep(AGAIN_MS, signal).catch(() => {});
        }
      }
    },
  };
}

/** From opening the trees until the signal, or until something breaks. */
async function shift(
  parts: RoleParts,
  seats: Map<number, Seat>,
  opened: () => void,
  signal: AbortSignal,
): Promise<void> {
  await alone(parts);
  await isThere(parts);
  const positions = await positionsOf(parts);
  seats.clear();
  for (const position of positions)
    seats.set(position.partition, { partition: undefined, isStopped: false, turn: Promise.resolve() });
  for (const position of positions)
    await guarded(seats, position.partition, parts, async (seat) => {
      seat.partition = await SealedPartition.open(position, parts);
      await catchUp(seat.partition, position, parts, signal);
    });

  opened();
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const source = parts.log.subscribe({
    group: GROUP,
    topics: [EVENTS],
    isWaitedFor: false,
    resume: async ({ partition, end }) => seats.get(partition)?.partition?.next ?? end,
  });
  const reading = source.run(async (batch) => {
    await guarded(seats, batch.partition, parts, (seat) => seat.partition?.take(batch));
    return undefined;
  }, either);
  try {
    await Promise.all([reading, rounds(parts, seats, either)]);
  } finally {
    ended.abort();
    await Promise.allSettled([reading]);
  }
}

async function rounds(parts: RoleParts, seats: ReadonlyMap<number, Seat>, signal: AbortSignal): Promise<void> {
  const { clock, intervalMs } = parts;
  let sealedAt = clock.now().getTime();
  while (!signal.aborted) {
    await clock.sleep(Math.min(RENEW_MS, intervalMs), signal).catch(() => {});
    if (signal.aborted) return;
    await alone(parts);
    // A clock that is set back must not keep anybody from signing.
    if (Math.abs(clock.now().getTime() - sealedAt) < intervalMs) continue;
    sealedAt = clock.now().getTime();
    await isThere(parts);
    if ((await positionsOf(parts)).length !== seats.size)
      throw new NotYet(`${EVENTS} has other partitions than before`);
    for (const partition of seats.keys()) await guarded(seats, partition, parts, (seat) => seat.partition?.seal());
  }
}

/** Does one thing to a partition after the other. What contradicts a checkpoint stops the partition and no other. */
async function guarded(
  seats: ReadonlyMap<number, Seat>,
  number: number,
  parts: RoleParts,
  work: (seat: Seat) => Promise<void> | undefined,
): Promise<void> {
  const seat = seats.get(number);
  if (seat === undefined || seat.isStopped) return;
  const turn = seat.turn.then(async () => {
    try {
      if (!seat.isStopped) await work(seat);
    } catch (error) {
      if (!(error instanceof HistoryDiffers)) throw error;
      seat.isStopped = true;
      const origin = `${parts.origin}/${number}`;
      parts.logger.error({ origin, reason: error.message }, 'ALARM: nothing more is signed until somebody has looked');
      await tellAlarm(origin, error.message, parts);
    }
  });
  seat.turn = turn.catch(() => {});
  await turn;
}

async function alone({ writer, owner }: RoleParts): Promise<void> {
  if (!(await takeLease(writer, owner, 'seal'))) throw new NotAlone('another `seal` is at work, or was a moment ago');
}

/** What is not mounted would be made anew, on this machine. */
async function isThere({ outside }: RoleParts): Promise<void> {
  if (outside === undefined) return;
  const found = await stat(outside).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new NotYet(`ledger.outside: there is no directory ${outside}`);
}

async function positionsOf({ log }: RoleParts): Promise<readonly Position[]> {
  const state = await log.describe(EVENTS);
  if (state === undefined) throw new Error(`there is no topic ${EVENTS}`);
  return state.partitions.map(({ start, end }, partition) => ({
    topic: EVENTS,
    partition,
    start,
    end,
    committed: undefined,
  }));
}

/** Names whose messages are ours and hold no event; of others, what a log may say. */
const OURS = new Set(['NotYet', 'Unreadable', 'LogLost', 'TileShort', 'TileMissing']);

function wordsOf(error: unknown): string {
  if (error instanceof LogLost || (error instanceof Error && OURS.has(error.name))) return error.message;
  // Of a file: the system's words and a path of ours.
  return error instanceof Error && 'syscall' in error && 'path' in error ? error.message : describeFailure(error);
}

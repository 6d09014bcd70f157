import type { EachBatchPayload } from 'kafkajs';
import type { Clock } from '../../core/clock.ts';
import { type Batch, type BatchBounds, LogLost, type Source } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import { metadataOf } from '../commit-metadata.ts';
import { isAbort } from '../stopping.ts';
import type { Turn } from '../turns.ts';
import type { Lane } from './assignment.ts';
import { attend, type Patience } from './attend.ts';
import { fetched, toBatches } from './envelope.ts';
import { describeError, isOut, isPassing } from './failure.ts';
import type { Topics } from './topics.ts';

export interface Taking {
  readonly group: string;
  readonly handle: Parameters<Source['run']>[0];
  readonly topics: Topics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly patience: Patience;
  readonly turn: Turn;
  readonly bounds: BatchBounds | undefined;
  /** Aborts when the source stops. */
  readonly stop: AbortSignal;
}

/** The source must end with this error; kafkajs is not to try again. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly retriable = false;
}

const COMMIT_TRIES = 5;
const COMMIT_AGAIN_MS = 200;

/**
 * Hands one fetch to the handler, in batches, and commits each. Throws `Broken` (the source ends with its cause), or an error that
 * makes kafkajs join again or fetch anew. A commit that failed is repeated before the next batch; the handler does not see
 * the batch twice for it.
 */
export async function take(payload: EachBatchPayload, lane: Lane, taking: Taking): Promise<void> {
  const { batch } = payload;
  await payload.heartbeat();
  await commit(payload, lane, taking);
  if (lane.lost.aborted || lane.next === undefined) return;

  const fetch = fetched(batch);
  if (fetch.lastOffset < lane.next) return payload.resolveOffset(String(lane.next - 1));
  const [begins] = fetch.batches;
  if (begins !== undefined && begins.first > lane.next) await explainHole(lane, lane.next, taking);

  const parts = toBatches(fetch, lane.next, taking.bounds);
  for (;;) {
    await taking.turn();
    if (lane.lost.aborted || taking.stop.aborted) return;
    const part = unpacked(parts);
    if (part === undefined) return;
    await settle(part, payload, lane, taking);
  }
}

/** Bytes that are no records stay so: the source ends with them. */
function unpacked(parts: Generator<Batch>): Batch | undefined {
  try {
    const { value, done } = parts.next();
    return done === true ? undefined : value;
  } catch (cause) {
    throw new Broken('undecodable', { cause });
  }
}

/** Hands one batch to the handler. One that the handler was told to leave moves nothing. */
async function settle(batch: Batch, payload: EachBatchPayload, lane: Lane, taking: Taking): Promise<void> {
  const attended = await attend(batch, {
    ...taking,
    heartbeat: () => payload.heartbeat(),
    signal: AbortSignal.any([lane.lost, taking.stop]),
  });
  switch (attended.kind) {
    case 'settled':
      if (lane.lost.aborted) return;
      lane.unsettled = {
        offset: attended.settled?.offset ?? batch.next,
        metadata: ours(() => metadataOf(attended.settled)),
      };
      lane.next = batch.next;
      payload.resolveOffset(String(batch.next - 1));
      return commit(payload, lane, taking);
    case 'lost':
      throw attended.error;
    case 'overdue':
      throw new Broken('overdue', {
        cause: new Error(`${lane.topic}/${lane.partition}: a handler took longer than ${taking.patience.handlerMs} ms`),
      });
    case 'failed':
      if (lane.lost.aborted || isAbort(attended.error, taking.stop)) return;
      throw new Broken('handler', { cause: attended.error });
  }
}

/** Offsets are missing before the fetch: fine within the log (compaction, markers), a loss below its start. */
async function explainHole({ topic, partition }: Lane, next: number, { topics, group }: Taking): Promise<void> {
  const position = (await topics.positions(group, topic)).find((at) => at.partition === partition);
  if (position !== undefined && position.start > next) throw new Broken('hole', { cause: new LogLost(position, next) });
}

async function commit(payload: EachBatchPayload, lane: Lane, { clock, logger, group }: Taking): Promise<void> {
  const { topic, partition } = lane;
  for (let attempt = 1; lane.unsettled !== undefined && !lane.lost.aborted; attempt++) {
    const { offset, metadata } = lane.unsettled;
    const offsets = { topics: [{ topic, partitions: [{ partition, offset: String(offset), metadata }] }] };
    try {
      await payload.commitOffsetsIfNecessary(offsets);
      lane.unsettled = undefined;
    } catch (error) {
      if (isOut(error) || !isPassing(error) || attempt === COMMIT_TRIES) throw error;
      logger.warn(
        { topic, partition, group, error: describeError(error) },
        'an offset was not committed; trying again',
      );
      await clock.sleep(COMMIT_AGAIN_MS * attempt, lane.lost).catch(() => undefined);
    }
  }
}

/** What throws here is the handler's mistake, not kafkajs' to retry. */
function ours<T>(compute: () => T): T {
  try {
    return compute();
  } catch (cause) {
    throw new Broken('handler', { cause });
  }
}

import type { Message } from 'kafkajs';
import type { Clock } from '../../core/clock.ts';
import type { Outgoing } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import { type Chunk, chunked, fits } from './chunks.ts';
import { readOffset } from './envelope.ts';
import { describeError, isPassing } from './failure.ts';
import type { Producers } from './producer.ts';

/** Between two tries of one chunk, beside kafkajs' own. */
const AGAIN_MS = 500;

export interface Appender {
  append(topic: string, partition: number, records: readonly Outgoing[]): Promise<number>;
  /** Turns down what is not durable yet: whether it is in the log is unknown. */
  close(): Promise<void>;
}

interface Waiting {
  readonly chunk: Chunk;
  resolve(offset: number): void;
  reject(error: unknown): void;
}

interface Lane {
  readonly waiting: Waiting[];
  draining: boolean;
}

/**
 * One chunk of a partition is on its way at a time: kafkajs hands the sequence number of a failed send to whoever comes
 * next, so that of two sends side by side one could pass for a resend of the other. What waits meanwhile travels together.
 */
export function openAppender(producers: Producers, clock: Clock, logger: Logger): Appender {
  const lanes = new Map<string, Lane>();
  const undecided = new Set<Waiting>();
  const closing = new AbortController();

  async function untilDone<T>(topic: string, attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      closing.signal.throwIfAborted();
      try {
        return await attempt();
      } catch (error) {
        if (!isPassing(error)) throw error;
        logger.warn({ topic, error: describeError(error) }, 'the log does not take records; trying again');
        await clock.sleep(AGAIN_MS, closing.signal);
      }
    }
  }

  async function send(topic: string, messages: readonly Message[]): Promise<number> {
    const lent = await untilDone(topic, () => producers.lend());
    let outcome: 'sent' | 'given up' = 'given up';
    try {
      const [answer] = await untilDone(topic, () => lent.send(topic, messages));
      // kafkajs leaves out what is meant for a partition it does not know, and calls that a success.
      if (answer?.baseOffset === undefined) throw new RangeError(`topic ${topic} has no such partition`);
      outcome = 'sent';
      return readOffset(answer.baseOffset);
    } finally {
      lent.done(outcome);
    }
  }

  async function drain(topic: string, lane: Lane): Promise<void> {
    lane.draining = true;
    while (lane.waiting.length > 0) {
      const together = takeTogether(lane.waiting);
      try {
        let offset = await send(
          topic,
          together.flatMap(({ chunk }) => chunk.messages),
        );
        for (const { chunk, resolve } of together) {
          resolve(offset);
          offset += chunk.messages.length;
        }
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    lane.draining = false;
  }

  function enqueue(topic: string, partition: number, chunk: Chunk): Promise<number> {
    const key = `${topic}/${partition}`;
    const lane = lanes.get(key) ?? { waiting: [], draining: false };
    lanes.set(key, lane);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const one = { chunk, resolve, reject };
    undecided.add(one);
    lane.waiting.push(one);
    if (!lane.draining) void drain(topic, lane);
    return promise.finally(() => undecided.delete(one));
  }

  return {
    async append(topic, partition, records) {
      closing.signal.throwIfAborted();
      if (records.length === 0) throw new RangeError('an append needs a record');
      let first: number | undefined;
      // The next chunk leaves when the one before is durable: after a failure nothing behind it may be in the log.
      for (const chunk of chunked(records, partition, clock.now())) {
        const offset = await enqueue(topic, partition, chunk);
        first ??= offset;
      }
      return first ?? 0;
    },

    async close() {
      closing.abort(new Error('the log is closed: whether the records are in it is unknown'));
      for (const { reject } of undecided) reject(closing.signal.reason);
      await producers.close();
    },
  };
}

/** Takes from the front what fits one record batch. */
function takeTogether(waiting: Waiting[]): Waiting[] {
  let count = 0;
  let records = 0;
  let bytes = 0;
  for (const { chunk } of waiting) {
    if (count > 0 && !fits({ records, bytes }, { records: chunk.messages.length, bytes: chunk.bytes })) break;
    records += chunk.messages.length;
    bytes += chunk.bytes;
    count++;
  }
  return waiting.splice(0, count);
}

import { setTimeout } from 'node:timers/promises';
import type { Batch, Envelope, Log, Settled, Subscription } from '../../../services/core/log.ts';

export interface Following {
  /** Every batch handed out so far, in the order of its partition. */
  readonly batches: readonly Batch[];
  readonly records: () => readonly Envelope[];
  /** Resolves once so many records were settled; rejects when the source ends before. */
  settled(count: number): Promise<void>;
  /** Aborts the source and waits for it to end. */
  stop(): Promise<void>;
  readonly ended: Promise<void>;
}

/** Follows topics with a handler that settles everything, unless a test gives another. */
export function follow(
  log: Log,
  subscription: Subscription,
  handle: (batch: Batch, signal: AbortSignal) => Promise<Settled | undefined> = async () => undefined,
): Following {
  const controller = new AbortController();
  const batches: Batch[] = [];
  const records = () => batches.flatMap((batch) => batch.records);
  const ended = log.subscribe(subscription).run(async (batch, signal) => {
    const settled = await handle(batch, signal);
    batches.push(batch);
    return settled;
  }, controller.signal);
  let over = false;
  ended
    .catch(() => undefined)
    .finally(() => {
      over = true;
    });

  return {
    batches,
    records,
    ended,
    async settled(count) {
      while (records().length < count) {
        if (over)
          return ended.then(() => Promise.reject(new Error(`the source ended after ${records().length} records`)));
        await setTimeout(20);
      }
    },
    async stop() {
      controller.abort(new Error('the test stops'));
      await ended;
    },
  };
}

export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

export const values = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({ value: Buffer.from(`value ${from + index}`) }));

import type { Clock } from '../../core/clock.ts';
import type { Position, Source, Subscription } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import { beginning } from '../begin.ts';
import { BATCH } from '../bounds.ts';
import { metadataOf } from '../commit-metadata.ts';
import { isAbort } from '../stopping.ts';
import type { Turn } from '../turns.ts';
import type { Bell } from './bell.ts';
import type { Groups } from './groups.ts';
import { type Lease, RENEW_MS } from './lease.ts';
import type { Read } from './read.ts';
import type { Topics } from './topics.ts';
import type { Writer } from './writer.ts';

/** How often a consumer at the end looks for records another process appended. */
const POLL_MS = 100;
/** How often it is said that another process holds the group. */
const SAY_EVERY_MS = 30_000;

export interface Parts {
  readonly topics: Topics;
  readonly groups: Groups;
  readonly read: Read;
  readonly writer: Writer;
  readonly bell: Bell;
  readonly turn: Turn;
  readonly clock: Clock;
  readonly logger: Logger;
  lease(group: string): Lease;
  /** Aborts when the log is closed. */
  readonly closing: AbortSignal;
}

type Handle = Parameters<Source['run']>[0];

/**
 * Follows every partition of the subscribed topics, side by side. One consumer per group and topic: a second one waits,
 * saying so, until the first has ended or been silent for longer than its lease.
 */
export function openSource(parts: Parts, subscription: Subscription): Source {
  return {
    async run(handle, asked) {
      const failed = new AbortController();
      const stop = AbortSignal.any([asked, parts.closing, failed.signal]);
      const lease = parts.lease(subscription.group);
      try {
        await enrol(parts, subscription, lease, stop);
        const lanes = subscription.topics.flatMap((topic) =>
          partitionsOf(parts.topics, topic).map((partition) =>
            follow(parts, subscription, lease, topic, partition, handle, stop),
          ),
        );
        const running = [...lanes, renew(parts, subscription.topics, lease, stop)].map((lane) =>
          lane.catch((error: unknown) => {
            const first = !failed.signal.aborted && !isAbort(error, stop);
            if (first) failed.abort(error);
          }),
        );
        await Promise.all(running);
      } catch (error) {
        if (!isAbort(error, stop)) throw error;
      } finally {
        await parts.writer.write(() => subscription.topics.forEach(lease.release)).catch(() => undefined);
      }
      if (failed.signal.aborted) throw failed.signal.reason;
    },
  };
}

/** Registers the group and takes its leases. */
async function enrol(
  parts: Parts,
  { group, topics, isWaitedFor = true }: Subscription,
  lease: Lease,
  signal: AbortSignal,
): Promise<void> {
  for (const topic of topics) {
    partitionsOf(parts.topics, topic);
    let saidAt = -Infinity;
    for (;;) {
      signal.throwIfAborted();
      const answer = await parts.writer.write(() => {
        if (isWaitedFor) parts.groups.register(group, topic);
        return lease.take(topic);
      });
      if (answer.held) break;
      const now = parts.clock.now().getTime();
      if (now - saidAt >= SAY_EVERY_MS) {
        saidAt = now;
        const { pid, host } = answer;
        parts.logger.warn({ group, topic, pid, host }, 'another process consumes this group; waiting for it to end');
      }
      await parts.clock.sleep(POLL_MS, signal);
    }
  }
}

async function renew(parts: Parts, topics: readonly string[], lease: Lease, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await parts.clock.sleep(RENEW_MS, signal);
    await parts.writer.write(() => topics.forEach(lease.renew));
  }
}

async function follow(
  parts: Parts,
  subscription: Subscription,
  lease: Lease,
  topic: string,
  partition: number,
  handle: Handle,
  signal: AbortSignal,
): Promise<void> {
  const { group, batch: bounds = BATCH } = subscription;
  let offset = await beginning(subscription, position(parts, group, topic, partition), signal);
  let isBehind = true;
  while (!signal.aborted) {
    const { end } = parts.topics.partition(topic, partition);
    if (end === offset) {
      isBehind = false;
      await parts.bell.wait(POLL_MS, signal);
      continue;
    }
    if (!isBehind && bounds.waitMs > 0) await parts.clock.sleep(bounds.waitMs, signal);
    await parts.turn();
    if (signal.aborted) return;
    const batch = parts.read(topic, partition, offset, bounds);
    if (batch === undefined) continue;
    const settled = await handle(batch, signal);
    const committed = { offset: settled?.offset ?? batch.next, metadata: metadataOf(settled) };
    await parts.writer.write(() => {
      lease.check(topic);
      parts.groups.commit(group, topic, partition, committed);
    });
    offset = batch.next;
    isBehind = end > offset;
  }
}

function position({ topics, groups }: Parts, group: string, topic: string, partition: number): Position {
  const { start, end } = topics.partition(topic, partition);
  return { topic, partition, start, end, committed: groups.committed(group, topic).get(partition) };
}

function partitionsOf(topics: Topics, topic: string): number[] {
  const state = topics.describe(topic);
  if (state === undefined) throw new Error(`the log has no topic ${topic}`);
  return state.partitions.map((_, partition) => partition);
}

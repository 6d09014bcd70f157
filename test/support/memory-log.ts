import type { Clock } from '../../services/core/clock.ts';
import {
  type Batch,
  type Committed,
  type Envelope,
  type Log,
  LogLost,
  type Position,
  type Source,
  type Subscription,
  type TopicSpec,
  type TopicState,
} from '../../services/core/log.ts';

export interface MemoryLog extends Log {
  /** Removes records below an offset, as retention does. */
  truncate(topic: string, partition: number, start: number): void;
  /** Forgets records but not their offsets, as compaction does. */
  forget(topic: string, partition: number, offset: number): void;
}

interface Partition {
  start: number;
  end: number;
  readonly records: Map<number, Envelope>;
}

/**
 * The log port in memory, for tests. Every source gets every partition of its topics, whatever its group: two sources of
 * one group are a paused member that was given up and its successor. A batch holds at most `batch` records.
 */
export function memoryLog(clock: Pick<Clock, 'now'>, batch = 100): MemoryLog {
  const topics = new Map<string, readonly Partition[]>();
  const commits = new Map<string, Committed>();
  const waiting = new Set<() => void>();

  const wake = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };

  function at(topic: string, partition: number): Partition {
    const found = topics.get(topic)?.[partition];
    if (found === undefined) throw new Error(`no partition ${topic}/${partition}`);
    return found;
  }

  function position(group: string, topic: string, partition: number): Position {
    const { start, end } = at(topic, partition);
    return { topic, partition, start, end, committed: commits.get(key(group, topic, partition)) };
  }

  function read(topic: string, partition: number, first: number): Batch {
    const { end, records } = at(topic, partition);
    const next = Math.min(end, first + batch);
    const offsets = Array.from({ length: next - first }, (_, index) => first + index);
    return { topic, partition, first, next, records: offsets.flatMap((offset) => records.get(offset) ?? []) };
  }

  async function follow(
    { group, resume }: Subscription,
    topic: string,
    partition: number,
    handle: Parameters<Source['run']>[0],
    signal: AbortSignal,
  ): Promise<void> {
    const assigned = position(group, topic, partition);
    let offset = (await resume?.(assigned, signal)) ?? assigned.committed?.offset ?? assigned.start;
    while (!signal.aborted) {
      const now = position(group, topic, partition);
      if (offset < now.start || offset > now.end) throw new LogLost(now, offset);
      if (offset === now.end) {
        await new Promise<void>((resolve) => waiting.add(resolve));
        continue;
      }
      const part = read(topic, partition, offset);
      const settled = await handle(part, signal);
      commits.set(key(group, topic, partition), {
        offset: settled?.offset ?? part.next,
        metadata: settled?.metadata ?? '',
      });
      offset = part.next;
    }
  }

  return {
    async create(specs: readonly TopicSpec[]) {
      for (const { name, partitions } of specs)
        if (!topics.has(name))
          topics.set(
            name,
            Array.from({ length: partitions }, () => ({ start: 0, end: 0, records: new Map() })),
          );
    },

    async describe(topic): Promise<TopicState | undefined> {
      const partitions = topics.get(topic);
      return partitions && { name: topic, partitions, retentionMs: -1 };
    },

    async append(topic, partition, records) {
      const target = at(topic, partition);
      const first = target.end;
      for (const { key: recordKey, headers = {}, value, timestamp } of records) {
        const offset = target.end++;
        const receivedAt = timestamp ?? clock.now();
        target.records.set(offset, { topic, partition, offset, receivedAt, key: recordKey, headers, value });
      }
      wake();
      return first;
    },

    subscribe: (subscription) => ({
      async run(handle, signal) {
        const ended = new AbortController();
        const either = AbortSignal.any([signal, ended.signal]);
        either.addEventListener('abort', wake);
        const lanes = subscription.topics.flatMap((topic) =>
          (topics.get(topic) ?? []).map((_, partition) => follow(subscription, topic, partition, handle, either)),
        );
        try {
          await Promise.all(lanes);
        } catch (error) {
          if (!signal.aborted) throw error;
        } finally {
          ended.abort();
          await Promise.allSettled(lanes);
        }
      },
    }),

    async read(topic, partition, visit, from = 0) {
      const { start, end } = at(topic, partition);
      for (let first = Math.max(start, from); first < end; ) {
        const part = read(topic, partition, first);
        visit(part);
        first = part.next;
      }
    },

    async committed(group, topic) {
      const found = new Map<number, Committed>();
      for (const partition of (topics.get(topic) ?? []).keys()) {
        const commit = commits.get(key(group, topic, partition));
        if (commit !== undefined) found.set(partition, commit);
      }
      return found;
    },

    truncate(topic, partition, start) {
      const target = at(topic, partition);
      for (const offset of target.records.keys()) if (offset < start) target.records.delete(offset);
      target.start = start;
    },

    forget: (topic, partition, offset) => void at(topic, partition).records.delete(offset),

    async close() {},
  };
}

const key = (group: string, topic: string, partition: number): string => `${group} ${topic} ${partition}`;

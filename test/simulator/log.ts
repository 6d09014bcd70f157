import type { Batch, Committed, Envelope, Log, Outgoing, Position, TopicState } from '../../services/core/log.ts';
import type { Groups } from './groups.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

interface Partition {
  start: number;
  end: number;
  readonly records: Map<number, Envelope>;
  /** Consumers at the end. */
  waiting: (() => void)[];
}

/** Told of what becomes durable, as it does. */
export interface LogWatch {
  appended(record: Envelope): void;
  committed(group: string, topic: string, partition: number, committed: Committed): void;
}

/** What the brokers hold, whatever becomes of those who wrote it. */
export class Brokers {
  private readonly topics = new Map<string, readonly Partition[]>();
  private readonly commits = new Map<string, Committed>();
  private readonly world: World;
  private readonly watch: LogWatch;

  constructor(world: World, watch: LogWatch) {
    this.world = world;
    this.watch = watch;
  }

  create(topic: string, partitions: number): void {
    const empty = (): Partition => ({ start: 0, end: 0, records: new Map(), waiting: [] });
    this.topics.set(topic, Array.from({ length: partitions }, empty));
  }

  partitions(topic: string): readonly Partition[] {
    return this.topics.get(topic) ?? [];
  }

  at(topic: string, partition: number): Partition {
    const found = this.topics.get(topic)?.[partition];
    if (found === undefined) throw new Error(`no partition ${topic}/${partition}`);
    return found;
  }

  put(topic: string, partition: number, records: readonly Outgoing[]): number {
    const target = this.at(topic, partition);
    const first = target.end;
    for (const { key, headers = {}, value, timestamp = this.world.date } of records) {
      const offset = target.end++;
      const record = { topic, partition, offset, receivedAt: timestamp, key, headers, value };
      target.records.set(offset, record);
      this.watch.appended(record);
    }
    const { waiting } = target;
    target.waiting = [];
    for (const wake of waiting) wake();
    return first;
  }

  read(topic: string, partition: number, first: number, most: number): Batch {
    const { end, records } = this.at(topic, partition);
    const next = Math.min(end, first + most);
    const offsets = Array.from({ length: Math.max(0, next - first) }, (_, index) => first + index);
    return { topic, partition, first, next, records: offsets.flatMap((offset) => records.get(offset) ?? []) };
  }

  /** Removes records below an offset, as retention does. */
  truncate(topic: string, partition: number, start: number): void {
    const target = this.at(topic, partition);
    for (const offset of target.records.keys()) if (offset < start) target.records.delete(offset);
    target.start = Math.max(target.start, start);
    this.world.tell('log', () => `${topic}/${partition} begins at ${target.start}`);
  }

  position(group: string, topic: string, partition: number): Position {
    const { start, end } = this.at(topic, partition);
    return { topic, partition, start, end, committed: this.committed(group, topic, partition) };
  }

  committed(group: string, topic: string, partition: number): Committed | undefined {
    return this.commits.get(`${group} ${topic}/${partition}`);
  }

  commit(group: string, topic: string, partition: number, committed: Committed): void {
    this.watch.committed(group, topic, partition, committed);
    this.commits.set(`${group} ${topic}/${partition}`, committed);
  }

  /** Brokers forget the commits of a group that was away for long. */
  forget(group: string): void {
    for (const key of this.commits.keys()) if (key.startsWith(`${group} `)) this.commits.delete(key);
    this.world.tell('log', () => `forgets what ${group} committed`);
  }
}

/** Records of one append that land together; the rest may come later, or never. */
const CHUNK = 3;
const READ = 20;

/** The log as one process sees it. */
export function logOf(process: Process, brokers: Brokers, groups: Groups): Log {
  return {
    async create() {},
    close: async () => {},

    describe: (name) =>
      process.ask('log', `describe ${name}`, (): TopicState | undefined => {
        const partitions = brokers.partitions(name);
        if (partitions.length === 0) return undefined;
        return { name, partitions: partitions.map(({ start, end }) => ({ start, end })), retentionMs: -1 };
      }),

    append(topic, partition, records) {
      // As they are now: whoever asks may use its memory again once it has an answer, the request may come later.
      const sent = records.map((record) => ({
        ...record,
        timestamp: record.timestamp ?? process.clock.now(),
        value: Buffer.from(record.value),
      }));
      return process.call('log', `append ${sent.length} to ${topic}/${partition}`, function* () {
        let first: number | undefined;
        for (let at = 0; at < sent.length; at += CHUNK) {
          if (at > 0) yield;
          const offset = brokers.put(topic, partition, sent.slice(at, at + CHUNK));
          first ??= offset;
        }
        return first ?? 0;
      });
    },

    async read(topic, partition, visit, from = 0) {
      const { start, end } = await process.ask('log', `ends of ${topic}/${partition}`, () => {
        const { start, end } = brokers.at(topic, partition);
        return { start, end };
      });
      for (let first = Math.max(start, from); first < end; ) {
        const batch = await process.ask('log', `read ${topic}/${partition} from ${first}`, () =>
          brokers.read(topic, partition, first, Math.min(READ, end - first)),
        );
        visit(batch);
        first = batch.next;
      }
    },

    async committed(group, topic) {
      const found = brokers.partitions(topic).map((_, partition) => brokers.committed(group, topic, partition));
      return new Map(found.flatMap((one, partition) => (one === undefined ? [] : [[partition, one] as const])));
    },

    subscribe: (subscription) => groups.subscribe(process, subscription),
  };
}

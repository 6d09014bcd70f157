import { type Expected, message } from './corpus.ts';
import type { Brokers } from './log.ts';
import type { World } from './world.ts';

/** What was produced to the raw log, and so what must become of it. */
export class Raw {
  /** By raw partition (`epoch/topic/partition`), in offset order; undefined where the log holds nothing. */
  readonly produced = new Map<string, (Expected | undefined)[]>();
  private readonly world: World;
  private readonly brokers: Brokers;

  constructor(world: World, brokers: Brokers) {
    this.world = world;
    this.brokers = brokers;
  }

  expected(lineage: string, offset: number): Expected | undefined {
    return this.produced.get(lineage)?.[offset];
  }

  /** Appends messages; some offsets get no record, as a transaction's marker or compaction leaves them. */
  produce(epoch: number, topic: string, partition: number, count: number): void {
    const { random, date } = this.world;
    const lineage = `${epoch}/${topic}/${partition}`;
    const known = this.produced.get(lineage) ?? [];
    this.produced.set(lineage, known);
    const holes = random.chance(0.2) ? 0.3 : 0;
    for (let index = 0; index < count; index++) {
      const { value, expected } = message(random, date);
      const isHole = random.chance(holes);
      known.push(isHole ? undefined : expected);
      const offset = this.brokers.put(topic, partition, [{ value }]);
      if (isHole) this.brokers.at(topic, partition).records.delete(offset);
    }
    this.world.tell('source', () => `${count} messages to ${topic}/${partition}, up to ${known.length}`);
  }
}

/** The events of a message, by ordinal. */
export const eventsOf = (expected: Expected | undefined) => (expected?.outcome === 'accepted' ? expected.events : []);

import { randomUUID } from 'node:crypto';
import type { Batch } from '../../core/log.ts';
import type { Surroundings } from './member.ts';
import { openSource } from './source.ts';

/**
 * kafkajs reads as a member of a group and no other way: one that is made for this reading alone, and forgotten after
 * it. Other partitions of the topic begin at their ends.
 */
export async function readWhole(
  around: Surroundings,
  closing: AbortSignal,
  topic: string,
  partition: number,
  visit: (batch: Batch) => void,
  from = 0,
): Promise<void> {
  const group = `trailhouse-read.${randomUUID()}`;
  const position = (await around.topics.positions(group, topic)).find((at) => at.partition === partition);
  if (position === undefined) return;
  const begin = Math.max(position.start, from);
  if (begin >= position.end) return;

  const done = new AbortController();
  const resume = async (at: typeof position) => (at.partition === partition ? begin : at.end);
  const source = openSource(around, { group, topics: [topic], resume }, closing);
  await source.run(async (batch) => {
    if (batch.partition !== partition || done.signal.aborted) return undefined;
    visit(batch);
    if (batch.next >= position.end) done.abort();
    return undefined;
  }, done.signal);
  await around.topics.forget(group);
}

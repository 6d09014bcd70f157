import { type Committed, LogLost, type Source, type Subscription } from '../../services/core/log.ts';
import { beginning } from '../../services/log/begin.ts';
import { metadataOf } from '../../services/log/commit-metadata.ts';
import type { Brokers } from './log.ts';
import { PortFailure, type Process } from './process.ts';
import type { World } from './world.ts';

export type Handle = Parameters<Source['run']>[0];

const AGAIN_MS = 400;
const MOST_RECORDS = 8;

/** A partition that a member holds, from one rebalance to the next. */
export interface Lane {
  readonly topic: string;
  readonly partition: number;
  readonly held: AbortController;
  /** The group has given it to somebody else, and the member knows. */
  isRevoked: boolean;
}

export interface Member {
  readonly process: Process;
  readonly subscription: Subscription;
  readonly handle: Handle;
  lanes: Lane[];
  readonly running: Set<Promise<void>>;
  isLeaving: boolean;
  /** Of the deal its lanes are from: word of an older one may come late. */
  generation: number;
  fail(error: unknown): void;
}

/** What a member asks of its group. */
interface Group {
  readonly world: World;
  readonly brokers: Brokers;
  isOwner(member: Member, lane: Lane): boolean;
  rejoin(member: Member): void;
}

/** Reads a partition from where its owner is to begin, until the lane is over. Rejects with what ends the member. */
export async function follow(group: Group, member: Member, lane: Lane): Promise<void> {
  const { subscription, process, handle } = member;
  const { topic, partition, held } = lane;
  const { group: name } = subscription;
  const what = `position of ${name} in ${topic}/${partition}`;
  const position = await patiently(member, lane, what, () => group.brokers.position(name, topic, partition));
  if (position === undefined) return;
  let next = await beginning(subscription, position, held.signal);
  process.world.tell(process.name, () => `${name} goes on in ${topic}/${partition} at ${next}`);
  while (!held.signal.aborted) {
    const from = next;
    const most = 1 + group.world.random.below(MOST_RECORDS);
    const fetch = () => {
      const { start, end } = group.brokers.at(topic, partition);
      const isOutside = from < start || from > end;
      if (isOutside && group.isOwner(member, lane))
        throw new LogLost(group.brokers.position(name, topic, partition), from);
      if (isOutside) throw new PortFailure('nothing is there for one who was given up');
      return group.brokers.read(topic, partition, from, most);
    };
    const batch = await patiently(member, lane, `fetch ${topic}/${partition} from ${from}`, fetch);
    if (batch === undefined) return;
    if (batch.next <= batch.first) {
      await record(group, member, lane, from);
      continue;
    }
    const settled = await handle(batch, held.signal);
    if (lane.isRevoked) return;
    const isOurs = await commit(group, member, lane, {
      offset: settled?.offset ?? batch.next,
      metadata: metadataOf(settled),
    });
    if (!isOurs) return;
    next = batch.next;
  }
}

/** Resolves when there is a record from an offset on, or the lane is over. */
async function record(
  group: Group,
  { process }: Member,
  { topic, partition, held }: Lane,
  from: number,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const there = group.brokers.at(topic, partition);
  if (held.signal.aborted || there.end > from) return;
  there.waiting.push(() => process.deliver(1 + group.world.random.below(5), resolve));
  held.signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}

/** False where the partition is somebody else's; the member joins again. */
async function commit(group: Group, member: Member, lane: Lane, committed: Committed): Promise<boolean> {
  const { topic, partition } = lane;
  const { group: name } = member.subscription;
  const move = (): boolean => {
    if (!group.isOwner(member, lane)) return false;
    group.brokers.commit(name, topic, partition, committed);
    return true;
  };
  for (let attempt = 1; attempt < 4 && !lane.isRevoked; attempt++) {
    try {
      const what = `commit ${committed.offset} of ${name} in ${topic}/${partition}`;
      const isOurs = await member.process.ask('log', what, move);
      if (isOurs) return true;
      break;
    } catch {
      await member.process.clock.sleep(AGAIN_MS, lane.held.signal).catch(() => undefined);
    }
  }
  if (!lane.isRevoked) group.rejoin(member);
  return false;
}

/** Asks until there is an answer; undefined when the lane is over. */
async function patiently<T>({ process }: Member, { held }: Lane, what: string, ask: () => T): Promise<T | undefined> {
  while (!held.signal.aborted) {
    try {
      const answer = await process.ask('log', what, ask);
      return held.signal.aborted ? undefined : answer;
    } catch (error) {
      if (error instanceof LogLost) throw error;
      await process.clock.sleep(AGAIN_MS, held.signal).catch(() => undefined);
    }
  }
  return undefined;
}

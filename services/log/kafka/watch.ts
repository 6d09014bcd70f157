import type { Clock } from '../../core/clock.ts';
import type { Member } from './member.ts';
import type { Topics } from './topics.ts';

const TICK_MS = 10_000;
/** Ticks without an answered fetch before the log is asked whether there is something to fetch. */
const QUIET_TICKS = 6;
/** Ticks it then has to stay so, for a consumer may just be finding back to its brokers. */
const STUCK_TICKS = 3;

/** The consumer lives, fetches nothing, and the log has more. */
export class FetchStalled extends Error {
  override readonly name = 'FetchStalled';
}

/**
 * Rejects with `FetchStalled` when kafkajs has stopped fetching without a word. Counts ticks, not time: a process that was
 * suspended has not been stuck. Brokers that are away prove nothing.
 */
export async function watch(
  member: Pick<Member, 'fetches' | 'isHandling' | 'assignment'>,
  topics: Topics,
  group: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let seen = -1;
  let quiet = 0;
  let stuck = 0;
  for (;;) {
    await clock.sleep(TICK_MS, signal);
    quiet = member.fetches === seen && !member.isHandling ? quiet + 1 : 0;
    seen = member.fetches;
    stuck = quiet >= QUIET_TICKS && (await isBehind(member, topics, group)) ? stuck + 1 : 0;
    if (stuck >= STUCK_TICKS) throw new FetchStalled(`group ${group} fetches nothing although its topics have more`);
  }
}

async function isBehind({ assignment }: Pick<Member, 'assignment'>, topics: Topics, group: string): Promise<boolean> {
  const { lanes } = assignment;
  try {
    for (const topic of assignment.topics) {
      const positions = await topics.positions(group, topic);
      const behind = lanes.some(
        (lane) =>
          lane.topic === topic &&
          (positions.find((at) => at.partition === lane.partition)?.end ?? 0) > (lane.next ?? 0),
      );
      if (behind) return true;
    }
  } catch {
    return false;
  }
  return false;
}

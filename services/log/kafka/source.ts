import { LogLost, type Source, type Subscription } from '../../core/log.ts';
import { isAbort } from '../stopping.ts';
import { causes, describeError, isPassing } from './failure.ts';
import { OutOfRange } from './guards.ts';
import { Member, type Surroundings } from './member.ts';
import { watch } from './watch.ts';

/** Between two memberships; grows to ten times as long while none gets anywhere. */
const AGAIN_MS = 500;
/** Joins without a settled batch, each soon after the one before, until it is said that the group is not to be had. */
const MOST_JOINS = 30;
const SOON_MS = 60_000;

/** The group keeps counting this member out before it gets anything done. */
export class GroupUnsteady extends Error {
  override readonly name = 'GroupUnsteady';
}

/**
 * Consumes as a member of a group, and as a new member when a membership ended for a reason that passes: brokers away,
 * sessions ended, coordinators moved. Everything else rejects.
 */
export function openSource(around: Surroundings, subscription: Subscription, closing: AbortSignal): Source {
  const { clock, logger, topics } = around;
  const { group } = subscription;

  return {
    async run(handle, asked) {
      const stop = AbortSignal.any([asked, closing]);
      const unsteady = joinCounter(() => clock.now().getTime());
      for (let failures = 0; !stop.aborted; ) {
        const member = new Member(around, subscription, handle, stop);
        const ended = new AbortController();
        const watched = AbortSignal.any([stop, ended.signal]);
        watch(member, topics, group, clock, watched).catch((error: unknown) => {
          if (!isAbort(error, watched)) member.fail(error);
        });
        try {
          await member.live(() => {
            if (unsteady(member.settled)) member.fail(new GroupUnsteady(`group ${group} is joined again and again`));
          });
        } catch (error) {
          const reason = await explain(error, member, around, group);
          if (isAbort(reason, stop)) return;
          if (!isPassing(reason)) throw reason;
          failures = member.settled > 0 ? 1 : Math.min(failures + 1, 10);
          logger.warn({ group, error: describeError(reason) }, 'the consumer ended; joining the group again');
          await clock.sleep(AGAIN_MS * failures, stop).catch(() => undefined);
        } finally {
          ended.abort();
        }
      }
    },
  };
}

/** A position outside of the log is told as such; otherwise the next membership compares it anew. */
async function explain(error: unknown, member: Member, { topics }: Surroundings, group: string): Promise<unknown> {
  for (const cause of causes(error)) {
    if (!(cause instanceof OutOfRange)) continue;
    const { topic, partition } = cause;
    const next = member.assignment.lane(topic, partition)?.next;
    const positions = await topics.positions(group, topic).catch(() => []);
    const position = positions.find((at) => at.partition === partition);
    const isLost = position !== undefined && next !== undefined && (next < position.start || next > position.end);
    return isLost ? new LogLost(position, next) : new Again(cause.message);
  }
  return error;
}

class Again extends Error {
  override readonly name = 'Again';
  readonly retriable = true;
}

/** Says on every join whether there were too many without anything settled between them. */
function joinCounter(now: () => number): (settled: number) => boolean {
  let joins = 0;
  let joinedAt = -Infinity;
  let settledThen = 0;
  return (settled) => {
    joins = settled === settledThen && now() - joinedAt < SOON_MS ? joins + 1 : 1;
    joinedAt = now();
    settledThen = settled;
    return joins > MOST_JOINS;
  };
}

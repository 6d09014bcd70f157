import type { Consumer } from 'kafkajs';
import type { Clock } from '../../core/clock.ts';
import type { Position, Subscription } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import { beginning } from '../begin.ts';
import type { Assignment } from './assignment.ts';
import { describeError, isPassing } from './failure.ts';
import type { Topics } from './topics.ts';

const AGAIN_MS = 500;

/** Keeps kafkajs from fetching: before the positions were compared with the log, and when the end has come. */
export function hold(consumer: Consumer, { lanes }: Assignment): void {
  unlessCrashed(() => consumer.pause(lanes.map(({ topic, partition }) => ({ topic, partitions: [partition] }))));
}

/**
 * Compares where every partition is to begin with what the log holds, and lets kafkajs fetch from there. kafkajs itself
 * would begin at the log's start or end where the committed offset is gone, and commit that. Rejects with `LogLost`, or
 * whatever `resume` threw; resolves early when the assignment is lost meanwhile.
 */
export async function place(
  assignment: Assignment,
  consumer: Consumer,
  subscription: Subscription,
  around: { readonly topics: Topics; readonly clock: Clock; readonly logger: Logger },
): Promise<void> {
  for (const topic of assignment.topics) {
    const positions = await ask(topic, assignment, subscription.group, around);
    for (const lane of assignment.lanes) {
      const position = positions.find(({ partition }) => partition === lane.partition);
      if (lane.topic !== topic || position === undefined) continue;
      const wanted = await beginning(subscription, position, assignment.lost);
      if (assignment.lost.aborted) return;
      lane.next = wanted;
      unlessCrashed(() => {
        consumer.seek({ topic, partition: lane.partition, offset: String(wanted) });
        consumer.resume([{ topic, partitions: [lane.partition] }]);
      });
    }
  }
}

/** The positions of a topic, asked for until there is an answer; none when the assignment is lost meanwhile. */
async function ask(
  topic: string,
  { lost }: Assignment,
  group: string,
  { topics, clock, logger }: { readonly topics: Topics; readonly clock: Clock; readonly logger: Logger },
): Promise<readonly Position[]> {
  while (!lost.aborted) {
    try {
      return await topics.positions(group, topic);
    } catch (error) {
      if (!isPassing(error)) throw error;
      logger.warn({ topic, group, error: describeError(error) }, 'the log does not tell its positions; asking again');
      await clock.sleep(AGAIN_MS, lost).catch(() => undefined);
    }
  }
  return [];
}

/** A consumer that has crashed refuses to be steered; the crash itself is told by its own event, a little later. */
function unlessCrashed(steer: () => void): void {
  try {
    steer();
  } catch {
    return;
  }
}

import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Clock } from '../../core/clock.ts';
import type { Source, Subscription } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import { isAbort } from '../stopping.ts';
import { type Assignment, openAssignment } from './assignment.ts';
import type { Patience } from './attend.ts';
import { describeError, isPassing } from './failure.ts';
import { OutOfRange } from './guards.ts';
import { place } from './place.ts';
import { take } from './take.ts';
import type { Topics } from './topics.ts';

export interface Surroundings {
  readonly kafka: Kafka;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly patience: Patience;
}

/** How long an idle fetch waits at the broker, and so how soon a newly placed partition is read. */
const FETCH_WAIT_MS = 250;
const HEARTBEAT_MS = 2_000;
const PARTITION_BYTES = 2 * 1024 ** 2;
const FETCH_BYTES = 16 * 1024 ** 2;
/** kafkajs may hang when its brokers are away. */
const LEAVE_MS = 10_000;

/**
 * One membership of a consumer group: from joining to a crash or the end. kafkajs' own restarts are switched off, for it
 * gives up silently on some errors and never on others; `source.ts` decides instead.
 */
export class Member {
  /** Counts fetches; a number that stands still means that kafkajs no longer asks. */
  fetches = 0;
  joins = 0;
  settled = 0;
  assignment: Assignment = openAssignment({});

  private readonly around: Surroundings;
  private readonly subscription: Subscription;
  private readonly handle: Parameters<Source['run']>[0];
  private readonly stop: AbortSignal;
  private readonly consumer: Consumer;
  private readonly ending = new AbortController();
  private readonly handling = new Set<Promise<void>>();

  constructor(
    around: Surroundings,
    subscription: Subscription,
    handle: Parameters<Source['run']>[0],
    stop: AbortSignal,
  ) {
    this.around = around;
    this.subscription = subscription;
    this.handle = handle;
    this.stop = stop;
    this.consumer = around.kafka.consumer({
      groupId: subscription.group,
      sessionTimeout: around.patience.sessionMs,
      rebalanceTimeout: around.patience.rebalanceMs,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      maxBytesPerPartition: PARTITION_BYTES,
      maxBytes: FETCH_BYTES,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: async () => false },
    });
  }
}

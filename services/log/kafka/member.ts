import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Clock } from '../../core/clock.ts';
import type { BatchBounds, Source, Subscription } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import { aborted } from '../stopping.ts';
import type { Turn } from '../turns.ts';
import { type Assignment, openAssignment } from './assignment.ts';
import type { Patience } from './attend.ts';
import { hold, place } from './place.ts';
import { Broken, take } from './take.ts';
import type { Topics } from './topics.ts';

export interface Surroundings {
  readonly kafka: Kafka;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly patience: Patience;
  readonly turn: Turn;
}

/** How long an idle fetch waits at the broker, and so how soon a partition is read once it may be. */
const FETCH_WAIT_MS = 250;
/** How often topics are looked at: by kafkajs' own five minutes, a member whose topic was re-created waits so long for it. */
const METADATA_MS = 30_000;
const HEARTBEAT_MS = 2_000;
const PARTITION_BYTES = 2 * 1024 ** 2;
const FETCH_BYTES = 16 * 1024 ** 2;
/** How records are packed, roughly. */
const PACKING = 4;
/** Partitions handled side by side. */
const CONCURRENCY = 16;
/** kafkajs may hang while its brokers are away. */
const LEAVE_MS = 10_000;

/**
 * One membership of a consumer group, from joining to a crash or the end. kafkajs' own restarts are switched off: it stays
 * dead after some errors that pass and goes on for ever after some that do not. `source.ts` decides instead.
 */
export class Member {
  /** Answers to fetches so far; a number that stands still means that kafkajs no longer asks. */
  fetches = 0;
  /** Batches settled so far. */
  settled = 0;
  assignment: Assignment = openAssignment({});

  private readonly around: Surroundings;
  private readonly subscription: Subscription;
  private readonly handle: Parameters<Source['run']>[0];
  private readonly stop: AbortSignal;
  private readonly consumer: Consumer;
  private readonly handling = new Set<Promise<void>>();
  private readonly broken = Promise.withResolvers<never>();
  private ending = false;

  constructor(around: Surroundings, subscription: Subscription, handle: Member['handle'], stop: AbortSignal) {
    this.around = around;
    this.subscription = subscription;
    this.handle = handle;
    this.stop = stop;
    this.broken.promise.catch(() => undefined);
    this.consumer = around.kafka.consumer({
      groupId: subscription.group,
      sessionTimeout: around.patience.sessionMs,
      rebalanceTimeout: around.patience.rebalanceMs,
      heartbeatInterval: HEARTBEAT_MS,
      ...together(subscription.batch),
      metadataMaxAge: METADATA_MS,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: async () => false },
    });
    this.listen();
  }

  /** Whether a handler is at work: no fetch is expected meanwhile. */
  get isHandling(): boolean {
    return this.handling.size > 0;
  }

  /** Ends the membership with an error. */
  fail(error: unknown): void {
    this.broken.reject(error);
  }

  /** Resolves once the stop was asked for, the handlers have ended and their offsets are committed. */
  async live(onJoin: () => void): Promise<void> {
    this.consumer.on(this.consumer.events.GROUP_JOIN, onJoin);
    try {
      await Promise.race([this.start(), this.broken.promise, aborted(this.stop)]);
      await Promise.race([this.broken.promise, aborted(this.stop)]);
      this.ending = true;
      hold(this.consumer, this.assignment);
      await Promise.race([this.broken.promise, this.drained()]);
    } finally {
      this.ending = true;
      this.assignment.revoke(new Error('the source ends'));
      await this.drained();
      await this.within(LEAVE_MS, this.consumer.disconnect());
    }
  }

  private async start(): Promise<void> {
    try {
      await this.consumer.connect();
      await this.consumer.subscribe({ topics: [...this.subscription.topics], fromBeginning: true });
      await this.consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: CONCURRENCY,
        eachBatch: (payload) => this.eachBatch(payload),
      });
    } catch (error) {
      this.fail(error);
    }
  }

  private listen(): void {
    const { events } = this.consumer;
    // kafkajs calls listeners before it goes on, so nothing is fetched between joining and the pause.
    this.consumer.on(events.GROUP_JOIN, ({ payload }) => this.join(payload.memberAssignment));
    this.consumer.on(events.FETCH, () => {
      this.fetches++;
    });
    this.consumer.on(events.CRASH, ({ payload }) => this.fail(payload.error));
  }

  private join(partitions: Readonly<Record<string, readonly number[]>>): void {
    this.assignment.revoke(new Error('the group was rebalanced'));
    const assignment = openAssignment(partitions);
    this.assignment = assignment;
    hold(this.consumer, assignment);
    if (this.ending) return;
    place(assignment, this.consumer, this.subscription, this.around).catch((error: unknown) => {
      if (!assignment.lost.aborted) this.fail(error);
    });
  }

  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { topic, partition } = payload.batch;
    const lane = this.assignment.lane(topic, partition);
    if (this.ending || lane?.next === undefined) return;
    const { handle, stop, around, subscription } = this;
    const before = lane.next;
    const patience = { ...around.patience, handlerMs: subscription.handlerMs ?? around.patience.handlerMs };
    const { group, batch: bounds } = subscription;
    const work = take(payload, lane, { ...around, patience, handle, stop, group, bounds });
    const ended = work.catch(() => undefined).finally(() => this.handling.delete(ended));
    this.handling.add(ended);
    try {
      await work;
      if (lane.next !== before) this.settled++;
    } catch (error) {
      if (error instanceof Broken) return this.fail(error.cause);
      throw error;
    }
  }

  private drained(): Promise<void> {
    return this.within(this.around.patience.endMs, Promise.all(this.handling));
  }

  private async within(ms: number, work: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    const ended = work.catch(() => undefined).finally(() => done.abort());
    await Promise.race([ended, this.around.clock.sleep(ms, done.signal).catch(() => undefined)]);
    done.abort();
  }
}

/** A fetch as large as a batch may be, packed, that waits at the broker for half of that, or for as long as its records may. */
function together(bounds: BatchBounds | undefined) {
  const partition = Math.max(PARTITION_BYTES, (bounds?.bytes ?? 0) / PACKING);
  const isPatient = bounds !== undefined && bounds.waitMs > 0;
  return {
    maxBytesPerPartition: partition,
    maxBytes: Math.max(FETCH_BYTES, partition),
    minBytes: isPatient ? partition / 2 : 1,
    maxWaitTimeInMs: isPatient ? bounds.waitMs : FETCH_WAIT_MS,
  };
}

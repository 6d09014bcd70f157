import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { type Logger, silent } from '../../core/logger.ts';
import { openTurns } from '../turns.ts';
import { openAppend } from './append.ts';
import { openBell } from './bell.ts';
import { openDatabase } from './database.ts';
import { openGroups } from './groups.ts';
import { openLease } from './lease.ts';
import { openRead } from './read.ts';
import { openRetention, type RetentionLimits, vacuum } from './retention.ts';
import { openSource } from './source.ts';
import { openTopics } from './topics.ts';
import { openWriter } from './writer.ts';

export interface EmbeddedLogOptions {
  /** The SQLite file; made where it is missing, readable by its owner alone. */
  readonly path: string;
  readonly clock: Clock;
  /** Hears when a consumer waits for another process to let go of its group. */
  readonly logger?: Logger;
  /** Limits beside the age each topic names. */
  readonly retention?: RetentionLimits;
}

/** How often expired records are looked for; appends are the occasion. */
const SWEEP_EVERY_MS = 30_000;

/**
 * The event log in one SQLite file. Several processes may open it at once; appends of all of them are on the disk when
 * they resolve. It does not balance: one consumer per group and topic takes all partitions, a second one waits, with a
 * warning, until the first has ended or been silent for 15 s, and one that was taken over rejects with `LeaseLost`.
 * Retention never removes what a group that ever subscribed or committed has not committed.
 */
export function openEmbeddedLog({ path, clock, logger = silent, retention = {} }: EmbeddedLogOptions): Log {
  const database = openDatabase(path);
  const writer = openWriter(database, clock);
  const topics = openTopics(database);
  const groups = openGroups(database);
  const read = openRead(database, topics);
  const append = openAppend(database, topics, writer, clock);
  const sweep = openRetention(database, retention);
  const bell = openBell(clock);
  const turn = openTurns();
  const closing = new AbortController();
  const running = new Set<Promise<void>>();
  let sweptAt = -Infinity;
  let closed: Promise<void> | undefined;

  async function sweepIfDue(): Promise<void> {
    const now = clock.now();
    if (now.getTime() - sweptAt < SWEEP_EVERY_MS) return;
    sweptAt = now.getTime();
    if ((await writer.write(() => sweep(now))) > 0) vacuum(database);
  }

  return {
    create: (specs) => writer.write(() => topics.create(specs)),
    describe: async (topic) => topics.describe(topic),
    committed: async (group, topic) => groups.committed(group, topic),

    async read(topic, partition, visit, from = 0) {
      const { start, end } = topics.partition(topic, partition);
      for (let next = Math.max(start, from); next < end; ) {
        const batch = read(topic, partition, next);
        if (batch === undefined) return;
        visit(batch);
        next = batch.next;
      }
    },

    async append(topic, partition, records) {
      const first = await append(topic, partition, records);
      bell.ring();
      await sweepIfDue().catch(() =>
        logger.warn({ topic }, 'expired records could not be removed; trying again later'),
      );
      return first;
    },

    subscribe(subscription) {
      const lease = (group: string) => openLease(database, group, clock);
      const parts = { topics, groups, read, writer, bell, turn, clock, logger, lease, closing: closing.signal };
      const source = openSource(parts, subscription);
      return {
        run(handle, signal) {
          const run = source.run(handle, signal);
          const ended = run.catch(() => undefined).finally(() => running.delete(ended));
          running.add(ended);
          return run;
        },
      };
    },

    close() {
      closed ??= (async () => {
        closing.abort(new Error('the log is closed'));
        await Promise.all(running);
        await writer.close();
        database.close();
      })();
      return closed;
    },
  };
}

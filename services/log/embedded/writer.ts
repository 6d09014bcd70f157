import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../core/clock.ts';

/** How long to leave the lock to another process before asking again. */
const AGAIN_MS = 20;
/** SQLite's primary result code for "another connection holds the lock". */
const SQLITE_BUSY = 5;

export interface Writer {
  /** Runs the change in a transaction; resolves to what it returned once that is on the disk. */
  write<T>(change: () => T): Promise<T>;
  /** Writes what waits; what comes later is turned down. */
  close(): Promise<void>;
}

interface Waiting {
  run(): void;
  settle(): void;
  fail(error: unknown): void;
}

/**
 * Everything asked for in one turn of the event loop shares one transaction, and so one fsync: eight appends of one record
 * side by side took less than half the time they took one by one (a tenth less with 100 KB each). A change that throws
 * undoes itself alone.
 */
export function openWriter(database: DatabaseSync, clock: Clock): Writer {
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;
  let closed = false;
  const never = new AbortController().signal;

  async function flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      if (!begun(database, waiting)) {
        await clock.sleep(AGAIN_MS, never);
        continue;
      }
      const group = waiting;
      waiting = [];
      commit(database, group);
    }
    flushing = undefined;
  }

  return {
    write<T>(change: () => T): Promise<T> {
      if (closed) return Promise.reject(new Error('the log is closed'));
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      let settle = () => {};
      waiting.push({
        run() {
          const result = change();
          settle = () => resolve(result);
        },
        settle: () => settle(),
        fail: reject,
      });
      flushing ??= flush();
      return promise;
    },

    async close() {
      closed = true;
      await flushing;
    },
  };
}

/** False while another process holds the lock. A database that cannot begin at all fails whoever waits. */
function begun(database: DatabaseSync, waiting: Waiting[]): boolean {
  try {
    database.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if (!isBusy(error)) for (const change of waiting.splice(0)) change.fail(error);
    return false;
  }
}

function commit(database: DatabaseSync, group: readonly Waiting[]): void {
  const done: Waiting[] = [];
  try {
    for (const change of group) {
      database.exec('SAVEPOINT change');
      try {
        change.run();
        done.push(change);
      } catch (error) {
        database.exec('ROLLBACK TO change');
        change.fail(error);
      }
      database.exec('RELEASE change');
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    for (const change of group) change.fail(error);
    return;
  }
  for (const change of done) change.settle();
}

/** Extended codes keep the primary one in their low byte (sqlite.org/rescode.html). */
function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false;
  return typeof error.errcode === 'number' && (error.errcode & 0xff) === SQLITE_BUSY;
}

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../core/clock.ts';
import { integer, text } from './rows.ts';

/** How long a holder may be silent before another may take over, and how often it speaks up. */
const LEASE_MS = 15_000;
export const RENEW_MS = 3_000;

/** Another consumer took the group over while this one was silent (stopped, suspended): nothing more is committed. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export interface Lease {
  /** Takes the lease on a topic, or names the process that holds it. */
  take(topic: string): { readonly held: true } | { readonly held: false; readonly pid: number; readonly host: string };
  /** Throws `LeaseLost` unless the lease is still ours: a position known before is worth nothing after a takeover. */
  check(topic: string): void;
  /** Checks the lease and prolongs it. */
  renew(topic: string): void;
  release(topic: string): void;
}

/**
 * One consumer per group and topic, across processes. All four run inside a transaction of the writer, so that a check
 * and the commit it guards are one. A holder whose process is gone from this machine is not waited for.
 */
export function openLease(database: DatabaseSync, group: string, clock: Clock): Lease {
  const holder = randomUUID();
  const find = database.prepare('SELECT holder, host, pid, until_ms FROM leases WHERE consumer = ? AND topic = ?');
  const store = database.prepare(
    `INSERT INTO leases VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
     holder = excluded.holder, host = excluded.host, pid = excluded.pid, until_ms = excluded.until_ms`,
  );
  const prolong = database.prepare('UPDATE leases SET until_ms = ? WHERE consumer = ? AND topic = ?');
  const remove = database.prepare('DELETE FROM leases WHERE consumer = ? AND topic = ? AND holder = ?');

  function check(topic: string): void {
    const row = find.get(group, topic);
    if (row === undefined || text(row, 'holder') !== holder)
      throw new LeaseLost(`group ${group} of topic ${topic} was taken over by another consumer`);
  }

  return {
    check,

    take(topic) {
      const now = clock.now().getTime();
      const row = find.get(group, topic);
      if (row !== undefined && text(row, 'holder') !== holder) {
        const [pid, host] = [integer(row, 'pid'), text(row, 'host')];
        const live = integer(row, 'until_ms') > now && (host !== hostname() || isRunning(pid));
        if (live) return { held: false, pid, host };
      }
      store.run(group, topic, holder, hostname(), process.pid, now + LEASE_MS);
      return { held: true };
    },

    renew(topic) {
      check(topic);
      prolong.run(clock.now().getTime() + LEASE_MS, group, topic);
    },

    release: (topic) => void remove.run(group, topic, holder),
  };
}

/** Signal 0 only asks; EPERM means that it runs under another user. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

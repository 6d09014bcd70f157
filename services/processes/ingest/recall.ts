import type { Clock } from '../../core/clock.ts';
import type { Committed, Log, Position } from '../../core/log.ts';
import { auditPartition } from '../bindings.ts';

/** Header of an account: what was committed with its last offset. */
export const MARK_HEADER = 'mark';

const ACCOUNTS = 'audit.accounting';

/**
 * Where a raw partition was left, from our own accounts: for when the group's commit is gone. Brokers forget commits with
 * a topic that is deleted, and of a group that was away for long; neither may look like a first start.
 */
export function openRecall(
  log: Log,
  partitions: number,
  clock: Clock,
): (at: Position) => Promise<Committed | undefined> {
  const readings = new Map<number, Reading>();

  function accountsOf(audit: number): Promise<Accounts> {
    const known = readings.get(audit);
    const isFresh = known !== undefined && clock.now().getTime() - (known.readAt ?? Infinity) < FRESH_MS;
    if (isFresh) return known.accounts;
    const reading: Reading = { accounts: readAccounts(log, audit), readAt: undefined };
    readings.set(audit, reading);
    reading.accounts.then(
      () => {
        reading.readAt = clock.now().getTime();
      },
      () => readings.delete(audit),
    );
    return reading.accounts;
  }

  return async ({ topic, partition }) =>
    (await accountsOf(auditPartition(topic, partition, partitions))).get(`${topic}/${partition}`);
}

/** The partitions of one assignment, asked about one after the other, share a reading; the next assignment does not. */
const FRESH_MS = 5_000;

type Accounts = ReadonlyMap<string, Committed>;

interface Reading {
  readonly accounts: Promise<Accounts>;
  /** Undefined while it is under way: whoever asks meanwhile waits for it. */
  readAt: number | undefined;
}

interface Account extends Committed {
  readonly epoch: number;
}

/** The last account of each raw partition, in its newest epoch. */
async function readAccounts(log: Log, partition: number): Promise<Accounts> {
  const last = new Map<string, Account>();
  if ((await log.describe(ACCOUNTS)) === undefined) return last;
  await log.read(ACCOUNTS, partition, ({ records }) => {
    for (const { headers } of records) {
      const [, epoch, place] = /^(\d+)\/(.+)$/.exec(text(headers.origin)) ?? [];
      const [, next] = /^\d+:(\d+)$/.exec(text(headers.range)) ?? [];
      if (place === undefined || next === undefined) continue;
      const account = { epoch: Number(epoch), offset: Number(next), metadata: text(headers[MARK_HEADER]) };
      if (!isOlder(account, last.get(place))) last.set(place, account);
    }
  });
  return last;
}

/** A paused ingest may append an account after its successor has gone further. */
function isOlder(account: Account, known: Account | undefined): boolean {
  if (known === undefined) return false;
  return account.epoch === known.epoch ? account.offset < known.offset : account.epoch < known.epoch;
}

const text = (header: Uint8Array | undefined): string => (header === undefined ? '' : Buffer.from(header).toString());

import { trimAccount } from '../../clickhouse/archive/trim.ts';
import { storedAccounts, storedTo } from '../../clickhouse/ledger.ts';
import { lineage } from '../../core/origin.ts';
import type { Store } from '../../core/store.ts';
import type { Book } from '../../ledger/book.ts';

const PAGE = 1_000;

/**
 * Takes up the accounts that are stored and whose events are in the tree. Ingest writes events before their account: once the
 * topic has been read to its end, what an account promises and the tree does not hold is missing.
 */
export async function takeAccounts(
  book: Book,
  partition: number,
  isAtEnd: () => Promise<boolean>,
  store: Store,
): Promise<void> {
  const before = await storedTo(store, 'audit.accounting', partition);
  const isAll = await isAtEnd();
  for (;;) {
    const page = await storedAccounts(store, { partition, from: book.accounts, before }, PAGE);
    for (const { auditOffset, account } of page) {
      const { origin_epoch: epoch, origin_topic: topic, origin_partition } = account;
      const name = lineage({ epoch, topic, partition: origin_partition });
      const first = Math.max(account.first, book.accounted(name) ?? account.first);
      if (account.next <= first) book.passOver(auditOffset + 1);
      else {
        const rest = first > account.first ? trimAccount(account, first) : account;
        if (!isAll && !book.covers(name, rest)) return;
        book.account(name, rest, auditOffset + 1);
      }
    }
    if (page.length < PAGE) return;
  }
}

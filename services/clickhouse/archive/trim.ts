import type { AuditAccounting, AuditDelivery } from '../../core/records.generated.ts';

/**
 * The account of the part of a range from `first` on, `first` lying inside it. Offsets that are not listed were accepted
 * and gave one event, so the counts follow from the exceptions that are left.
 */
export function trimAccount(account: AuditAccounting, first: number): AuditAccounting {
  const exceptions = account.exceptions.flatMap((run) => from(run, first));
  const count = counter(exceptions);
  const unlisted = account.next - first - total(exceptions);
  return {
    ...account,
    first,
    accepted: unlisted + count('accepted'),
    skipped: count('skipped'),
    quarantined: count('quarantined'),
    absent: count('absent'),
    events: unlisted + exceptions.reduce((sum, one) => sum + one.count * one.events, 0),
    exceptions,
  };
}

/** The same of a lane's receipt: offsets that are not listed were delivered. */
export function trimReceipt(receipt: AuditDelivery, first: number): AuditDelivery {
  const exceptions = receipt.exceptions.flatMap((run) => from(run, first));
  const count = counter(exceptions);
  return {
    ...receipt,
    first,
    delivered: receipt.next - first - total(exceptions),
    buried: count('buried'),
    filtered: count('filtered'),
    diverted: count('diverted'),
    uncertain: count('uncertain'),
    redelivered: count('redelivered'),
    absent: count('absent'),
    exceptions,
  };
}

/** Offsets in a row that ended alike. */
interface Run {
  readonly offset: number;
  readonly count: number;
  readonly outcome: string;
}

function from<R extends Run>(run: R, first: number): readonly R[] {
  const next = run.offset + run.count;
  if (next <= first) return [];
  if (run.offset >= first) return [run];
  return [{ ...run, offset: first, count: next - first }];
}

const total = (runs: readonly Run[]): number => runs.reduce((sum, { count }) => sum + count, 0);

const counter = (runs: readonly Run[]) => (outcome: string) => total(runs.filter((run) => run.outcome === outcome));

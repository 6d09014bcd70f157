import type { AuditAccounting, Exception } from '../../core/records.generated.ts';

/**
 * The account of the part of a range from `first` on, `first` lying inside it. Offsets that are not listed were accepted
 * and gave one event, so the counts follow from the exceptions that are left.
 */
export function trim(account: AuditAccounting, first: number): AuditAccounting {
  const exceptions = account.exceptions.flatMap((exception) => from(exception, first));
  const count = (outcome: string): number => sum(exceptions, (one) => (one.outcome === outcome ? one.count : 0));
  const unlisted = account.next - first - sum(exceptions, (one) => one.count);
  return {
    ...account,
    first,
    accepted: unlisted + count('accepted'),
    skipped: count('skipped'),
    quarantined: count('quarantined'),
    absent: count('absent'),
    events: unlisted + sum(exceptions, (one) => one.count * one.events),
    exceptions,
  };
}

function from(exception: Exception, first: number): readonly Exception[] {
  const last = exception.offset + exception.count;
  if (last <= first) return [];
  if (exception.offset >= first) return [exception];
  return [{ ...exception, offset: first, count: last - first }];
}

const sum = (all: readonly Exception[], of: (one: Exception) => number): number =>
  all.reduce((total, one) => total + of(one), 0);

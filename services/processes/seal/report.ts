import { z } from 'zod';
import type { LedgerVerified } from './verify-ledger.ts';

const fault = z.object({
  kind: z.enum(['altered', 'missing', 'added', 'reordered']),
  event: z.string(),
  partition: z.number(),
  audit_offset: z.number(),
  why: z.string(),
});

const partition = z.object({
  partition: z.number(),
  /** `nothing`: none of it was looked at. */
  verdict: z.enum(['verified', 'faults', 'broken', 'nothing']),
  /** Why the ledger itself cannot be believed. */
  reason: z.string(),
  checkpoint_size: z.number(),
  signed_at: z.string(),
  /** Index of the first leaf that was looked at. */
  first: z.number(),
  events: z.number(),
  /** Events whose personal part was erased, by the certificate that lists them; and those of erasures under way. */
  erased: z.record(z.string(), z.number()),
  erasing: z.record(z.string(), z.number()),
  /** Events by the certificate they were deleted under. */
  deleted: z.record(z.string(), z.number()),
  found: z.number(),
  faults: z.array(fault),
});

/** What `ledger verify` answers. */
export const report = z.object({
  /** `nothing`: there is no ledger, or nothing of it was signed in the time that was asked about. */
  verdict: z.enum(['verified', 'faults', 'nothing']),
  partitions: z.array(partition),
  /** On what ground each signed certificate of erasure was ordered. */
  bases: z.record(z.string(), z.string()),
  certificates_refused: z.array(z.string()),
  /** Audit partitions with events and without a ledger. */
  unsealed: z.array(z.number()),
});
export type Report = z.output<typeof report>;

export function reportOf({ partitions, bases, refused, unsealed }: LedgerVerified): Report {
  const shown = partitions.map((one): Report['partitions'][number] => {
    const { partition: number } = one;
    if (one.kind === 'broken') return { ...NOTHING, partition: number, verdict: 'broken', reason: one.reason };
    const { checkpoint, first, events, erased, erasing, deleted, found, faults } = one;
    return {
      ...{
        partition: number,
        verdict: found > 0 ? 'faults' : events > 0 ? 'verified' : 'nothing',
        reason: '',
        first,
        events,
      },
      ...{ checkpoint_size: checkpoint.size, signed_at: checkpoint.signedAt, found, faults: [...faults] },
      ...{ erased: { ...erased }, erasing: { ...erasing }, deleted: { ...deleted } },
    };
  });
  const isWhole = unsealed.length === 0 && refused.length === 0;
  const isGood = isWhole && shown.every(({ verdict }) => verdict === 'verified' || verdict === 'nothing');
  const isRead = shown.some(({ verdict }) => verdict === 'verified');
  const verdict = isGood && isRead ? 'verified' : isGood || shown.length === 0 ? 'nothing' : 'faults';
  return {
    ...{ verdict, partitions: shown, bases: Object.fromEntries(bases) },
    certificates_refused: [...refused],
    unsealed: [...unsealed],
  };
}

const NOTHING = {
  ...{ checkpoint_size: 0, signed_at: '', first: 0, events: 0, found: 0 },
  ...{ erased: {}, erasing: {}, deleted: {}, faults: [] },
};

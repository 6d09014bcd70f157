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
  verdict: z.enum(['verified', 'faults', 'broken']),
  /** Why the ledger itself cannot be believed. */
  reason: z.string(),
  checkpoint_size: z.number(),
  signed_at: z.string(),
  /** Index of the first leaf that was looked at. */
  first: z.number(),
  events: z.number(),
  erased: z.number(),
  /** Events by the certificate they were deleted under. */
  deleted: z.record(z.string(), z.number()),
  found: z.number(),
  faults: z.array(fault),
});

/** What `ledger verify` answers. */
export const report = z.object({
  /** `nothing`: there is no ledger. */
  verdict: z.enum(['verified', 'faults', 'nothing']),
  partitions: z.array(partition),
  /** Signed certificates of erasure, and how many events each speaks for. */
  erasures: z.array(z.object({ certificate: z.string(), basis: z.string(), events: z.number() })),
  /** Erased events beyond those: an erasure is under way, or somebody erased without one. */
  erased_uncertified: z.number(),
  certificates_refused: z.array(z.string()),
  /** Audit partitions with events and without a ledger. */
  unsealed: z.array(z.number()),
});
export type Report = z.output<typeof report>;

export function reportOf({ partitions, erasures, refused, unsealed }: LedgerVerified): Report {
  const shown = partitions.map((one): Report['partitions'][number] => {
    const { partition: number } = one;
    if (one.kind === 'broken') return { ...NOTHING, partition: number, verdict: 'broken', reason: one.reason };
    const { checkpoint, first, events, erased, deleted, found, faults } = one;
    return {
      ...{ partition: number, verdict: found === 0 ? 'verified' : 'faults', reason: '', first, events, erased },
      ...{ checkpoint_size: checkpoint.size, signed_at: checkpoint.signedAt, found, faults: [...faults] },
      deleted: { ...deleted },
    };
  });
  const certified = erasures.reduce((sum, { events }) => sum + events, 0);
  const uncertified = Math.max(0, shown.reduce((sum, { erased }) => sum + erased, 0) - certified);
  const isWhole = unsealed.length === 0 && refused.length === 0 && uncertified === 0;
  const isGood = isWhole && shown.every(({ verdict }) => verdict === 'verified');
  const verdict = shown.length === 0 ? 'nothing' : isGood ? 'verified' : 'faults';
  const told = erasures.map(({ certificate, basis, events }) => ({ certificate, basis, events }));
  return {
    ...{ verdict, partitions: shown, erasures: told, erased_uncertified: uncertified },
    certificates_refused: [...refused],
    unsealed: [...unsealed],
  };
}

const NOTHING = {
  ...{ checkpoint_size: 0, signed_at: '', first: 0, events: 0, erased: 0, found: 0 },
  ...{ deleted: {}, faults: [] },
};

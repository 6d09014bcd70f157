import { hash } from 'node:crypto';
import { writeStatement } from '../../services/ledger/statement.ts';
import { seal } from '../../services/retention/certificate.ts';
import { erasureCertificate } from '../../services/retention/erasure.ts';
import type { SigningKey } from '../../services/retention/signing.ts';

/** What goes into bundles beside events: statements and certificates. */

export const ERASURE = 'b7e0c3c4-0000-4000-8000-000000000000';
export const DELETED = 'c8f1d4d5-0000-4000-8000-000000000000';

export function statementOf({
  promised,
  ...heading
}: {
  origin: string;
  size: number;
  previous: number;
  promised: number;
}) {
  const { previous: first, size } = heading;
  const outcomes = { accepted: promised, skipped: 0, quarantined: 0, absent: 0, events: promised, exceptions: [] };
  const ranges = [{ first, next: size, ...outcomes, sealed: size - first }];
  const raw = [
    { lineage: '0/gateway.events/0', taken: { offset: size - 1, ordinal: 0 }, accounted: size, ranges, waiting: [] },
  ];
  return writeStatement({ ...heading, accounts: 1, raw });
}

export const erasureOf = (list: string, count: number) =>
  erasureCertificate.parse({
    ...{ certificate: ERASURE, erasure: DELETED, subject: 'tok_x', basis: 'GDPR 17(1)(b)', ordered_by: 'ada' },
    ...{ ordered_at: '', carried_out_at: '', state: 'closed', events: count, contents: 0, keys_destroyed: [] },
    list: { count, sha256: hash('sha256', list) },
    ...{ quarantine: { messages: 0, waiting: [] }, kept: [], receivers: [], topics: [], version: 'test' },
  });

export const deletion = (rows: number, key: SigningKey): string =>
  seal(
    {
      ...{ certificate: DELETED, stored_in: 'events', retention_class: 'soc2', bucket: '2026-06-01', rows, kept: 0 },
      ...{ first_at: '', last_at: '', reasons: [], frameworks: [], lineages: [], ranges: null, holds_considered: [] },
      ...{ decided_at: '', measured_gone_at: '', version: 'test' },
    },
    key,
  );

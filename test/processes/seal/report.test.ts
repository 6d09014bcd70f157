import { expect, test } from 'vitest';
import { signCheckpoint } from '../../../services/ledger/checkpoint.ts';
import { report, reportOf } from '../../../services/processes/seal/report.ts';
import type { LedgerVerified, PartitionVerified } from '../../../services/processes/seal/verify-ledger.ts';
import { ORIGIN, testSigner } from '../../ledger/keys.ts';
import { leafAt } from '../../ledger/leaves.ts';

const checkpoint = signCheckpoint(
  {
    ...{ origin: `${ORIGIN}/0`, size: 9, root: leafAt(9), firstOffset: 0, lastOffset: 8 },
    ...{ signedAt: '2026-07-01T10:00:00.000Z', accounting: leafAt(0) },
  },
  [testSigner()],
);
const compared = (more: object = {}): PartitionVerified => ({
  ...{ kind: 'compared', partition: 0, checkpoint, first: 0, events: 9, found: 0, faults: [] },
  ...{ erased: {}, erasing: {}, deleted: {} },
  ...more,
});
const GOOD: LedgerVerified = {
  partitions: [compared()],
  bases: new Map([['c', 'GDPR 17(1)(b)']]),
  refused: [],
  unsealed: [],
};
const verdictOf = (more: Partial<LedgerVerified>) => {
  const shown = reportOf({ ...GOOD, ...more });
  expect(report.parse(JSON.parse(JSON.stringify(shown)))).toEqual(shown);
  return shown.verdict;
};

test('anything that cannot be vouched for makes the verdict a bad one', () => {
  expect(verdictOf({})).toBe('verified');
  expect(verdictOf({ partitions: [compared({ deleted: { c: 3 } })] })).toBe('verified');
  expect(verdictOf({ partitions: [compared({ erased: { c: 2 } })] })).toBe('verified');
  expect(verdictOf({ partitions: [compared({ erasing: { d: 3 } })] })).toBe('verified');
  expect(verdictOf({ partitions: [compared({ found: 1 })] })).toBe('faults');
  expect(verdictOf({ partitions: [{ kind: 'broken', partition: 0, reason: 'why' }] })).toBe('faults');
  expect(verdictOf({ refused: ['a certificate'] })).toBe('faults');
  expect(verdictOf({ unsealed: [1] })).toBe('faults');
  expect(verdictOf({ partitions: [] })).toBe('nothing');
});

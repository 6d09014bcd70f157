import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Taken } from '../../../services/clickhouse/archive/take.ts';
import { takeReceipt } from '../../../services/clickhouse/archive/take-receipt.ts';
import { delivery } from '../../../services/codec/records.ts';
import type { Envelope } from '../../../services/core/log.ts';
import type { AuditDelivery } from '../../../services/core/records.generated.ts';
import { type Outcome, receiptOf, recordOf } from '../receipts.ts';

const envelope = (record: AuditDelivery, offset: number, headers = recordOf(record).headers ?? {}): Envelope => {
  const { value } = recordOf(record);
  return { topic: 't', partition: 0, offset, receivedAt: new Date(0), key: undefined, headers, value };
};

/** What is stored of a sequence of receipts, and what was counted. */
function archived(records: readonly AuditDelivery[]) {
  const taken = new Map<string, { offset: number; ordinal: number }>();
  const rows: AuditDelivery[] = [];
  const counts = { redelivered: 0, holes: 0 };
  for (const [offset, record] of records.entries()) {
    const took = takeReceipt(envelope(record, offset), taken);
    if (took.kind === 'unreadable') throw new Error(took.reason);
    rows.push(...took.rows.map(({ datum }) => delivery.decode(datum)));
    if (took.reached !== undefined) taken.set(took.reached.lineage, took.reached.mark);
    counts.redelivered += took.redelivered;
    counts.holes += took.holes;
  }
  return { rows, taken, ...counts };
}

const outcome = fc.constantFrom<Outcome>(
  ...(['delivered', 'delivered', 'delivered', 'buried', 'filtered', 'diverted'] as const),
  ...(['uncertain', 'redelivered', 'absent'] as const),
);

/**
 * What lanes write: each from where one was left, or from some way back where one that was paused wakes up, now and then
 * beyond a gap; between them what says nothing about a range.
 */
const written = fc
  .array(
    fc.record({
      sink: fc.constantFrom('splunk', 'loki'),
      partition: fc.nat(1),
      back: fc.nat(8),
      gap: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 3 })),
      outcomes: fc.array(outcome, { maxLength: 12 }),
      replay: fc.oneof({ weight: 5, arbitrary: fc.constant('') }, fc.constant('again')),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((runs) => {
    const reached = new Map<string, number>();
    const first = new Map<string, string>();
    let holes = 0;
    const records = runs.map(({ sink, partition, back, gap, outcomes, replay }, index) => {
      const lane = `${sink}/${partition}`;
      const end = reached.get(lane) ?? 0;
      const begin = gap > 0 ? end + gap : Math.max(0, end - back);
      if (replay === '' && outcomes.length > 0) {
        if (reached.has(lane) && begin > end) holes++;
        for (const [n, outcome] of outcomes.entries())
          if (begin + n >= end) first.set(`${lane}/${begin + n}`, `${index} ${outcome}`);
        reached.set(lane, Math.max(end, begin + outcomes.length));
      }
      return receiptOf({ sink, partition, first: begin, outcomes, replay, at: index });
    });
    return { records, first, holes };
  });

const OUTCOMES = ['delivered', 'buried', 'filtered', 'diverted', 'uncertain', 'redelivered', 'absent'] as const;

/** What a row says of each of its offsets. */
function told(row: AuditDelivery): readonly (readonly [number, string])[] {
  const listed = new Map(
    row.exceptions.flatMap(({ offset, count, outcome }) =>
      Array.from({ length: count }, (_, n) => [offset + n, outcome] as const),
    ),
  );
  const offsets = Array.from({ length: row.next - row.first }, (_, n) => row.first + n);
  expect([...listed.keys()].filter((offset) => !offsets.includes(offset))).toEqual([]);
  return offsets.map((offset) => [offset, listed.get(offset) ?? 'delivered']);
}

test('every offset of a lane is receipted once, by the receipt that came first, and the counts say so', () =>
  fc.assert(
    fc.property(written, ({ records, first, holes }) => {
      const { rows, holes: found } = archived(records);
      const seen = new Map<string, string>();
      for (const row of rows.filter(({ replay }) => replay === '')) {
        const offsets = told(row);
        for (const outcome of OUTCOMES)
          expect(row[outcome], outcome).toBe(offsets.filter(([, said]) => said === outcome).length);
        for (const [offset, said] of offsets) {
          const key = `${row.sink}/${row.audit_partition}/${offset}`;
          expect(seen.has(key), key).toBe(false);
          seen.set(key, `${row.settled_at / 1_000_000} ${said}`);
        }
      }
      expect(seen).toEqual(first);
      expect(found).toBe(holes);
    }),
  ));

test('receipts of replays and those that only tell a state are kept as they are and settle nothing', () =>
  fc.assert(
    fc.property(written, ({ records }) => {
      const settlesNothing = ({ replay, first, next }: AuditDelivery) => replay !== '' || first === next;
      const { rows } = archived(records);
      expect(rows.filter(settlesNothing)).toEqual(records.filter(settlesNothing));
      expect(archived(records.filter(settlesNothing)).taken.size).toBe(0);
    }),
  ));

test('what has no headers of a receipt is not dropped', () => {
  const record = receiptOf({ first: 3, outcomes: ['delivered'] });
  const taken: Taken = new Map();
  const { origin = Buffer.of(), range = Buffer.of() } = recordOf(record).headers ?? {};
  for (const headers of [{}, { origin }, { range }, { origin, range: Buffer.from('4:3') }])
    expect(takeReceipt(envelope(record, 0, headers), taken)).toMatchObject({ kind: 'unreadable' });
  expect(takeReceipt({ ...envelope(record, 0), value: Buffer.from('?') }, taken).kind).toBe('unreadable');
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CUT_LIMITS,
  type Cut,
  type CutRow,
  cuts,
  type Limits,
  NO_LIMITS,
  type Stretch,
} from '../../../services/clickhouse/archive/cut.ts';
import type { Taken } from '../../../services/clickhouse/archive/take.ts';
import { takeIndexed } from '../../../services/clickhouse/archive/take-indexed.ts';
import { takeRange } from '../../../services/clickhouse/archive/take-range.ts';
import { long } from '../../../services/codec/container.ts';
import { accounting, content } from '../../../services/codec/records.ts';
import type { Envelope, Outgoing } from '../../../services/core/log.ts';
import { eventId } from '../../../services/core/origin.ts';
import { type At, accountRecord, contentRecord } from '../../support/archived.ts';

const envelope = ({ headers = {}, value }: Outgoing, offset: number): Envelope => {
  return { topic: 't', partition: 0, offset, receivedAt: new Date(0), key: undefined, headers, value };
};
const stretch = (records: readonly Envelope[], first: number, next: number): Stretch => {
  return { partition: 0, first, next, records: records.filter(({ offset }) => offset >= first && offset < next) };
};
const NOTHING: Taken = new Map();

function made(from: Stretch, before: Taken, take = takeIndexed, limits: Limits = CUT_LIMITS): readonly Cut[] {
  return [...cuts(from, before, take, limits)].map((cut) => {
    if (cut.kind !== 'cut') throw new Error(cut.reason);
    return cut;
  });
}

const read = ({ datum }: CutRow) => content.decode(datum);

/** Which copy of which event a row holds. */
const copies = (cut: Cut): string[] => cut.rows.map((row) => `${read(row).event_id} ${read(row).content}`);

/**
 * What producers append: each raw partition's datums in order, from the start or from where it was given up, by one that
 * was paused and its successor in turn. Every copy has a text of its own; `first` are the copies that came first.
 */
const deliveries = fc
  .array(
    fc.record({
      partition: fc.nat(2),
      back: fc.nat(6),
      length: fc.integer({ min: 1, max: 6 }),
      perBlock: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((runs) => {
    const reached = new Map<number, number>();
    const first: string[] = [];
    const records: Envelope[] = [];
    for (const [run, { partition, back, length, perBlock }] of runs.entries()) {
      const known = reached.get(partition) ?? 0;
      const begin = Math.max(0, known - back);
      reached.set(partition, Math.max(known, begin + length));
      const all = Array.from({ length }, (_, n): At => {
        const position = begin + n;
        return { partition, offset: position >> 1, ordinal: position & 1, day: position % 5, text: `copy ${run}` };
      });
      const fresh = all.filter(({ offset, ordinal = 0 }) => offset * 2 + ordinal >= known);
      first.push(...fresh.map(nameOf));
      for (let n = 0; n < length; n += perBlock)
        records.push(envelope(contentRecord(all.slice(n, n + perBlock)), records.length));
    }
    return { records, first };
  });

const nameOf = ({ partition = 0, offset, ordinal = 0, text = '' }: At): string =>
  `${eventId({ epoch: 0, topic: 'gateway.events', partition, offset, ordinal })} ${JSON.stringify({ prompt: text })}`;

const SMALL: Limits = { rows: 7, bytes: 2_000, parts: 4 };
const limits = fc.constantFrom(CUT_LIMITS, SMALL, { ...SMALL, rows: 1 }, { ...SMALL, parts: 2 });

describe('cuts of indexed records', () => {
  test('cover the stretch without gaps and hold every event once, the first copy of it', () =>
    fc.assert(
      fc.property(deliveries, limits, ({ records, first }, limit) => {
        const all = made(stretch(records, 0, records.length), NOTHING, takeIndexed, limit);
        expect(all[0]?.first).toBe(0);
        expect(all.at(-1)?.next).toBe(records.length);
        for (const [index, cut] of all.entries()) if (index > 0) expect(cut.first).toBe(all[index - 1]?.next);
        expect(all.flatMap(copies)).toEqual(first);
      }),
    ));

  test('are the same when made again from their bounds and watermarks', () =>
    fc.assert(
      fc.property(deliveries, limits, ({ records }, limit) => {
        for (const cut of made(stretch(records, 0, records.length), NOTHING, takeIndexed, limit)) {
          const again = made(stretch(records, cut.first, cut.next), cut.before, takeIndexed, NO_LIMITS);
          expect(again).toEqual([cut]);
        }
      }),
    ));

  test('store the same whatever the batches, and wherever a crash makes them begin again', () =>
    fc.assert(
      fc.property(
        deliveries,
        limits,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (sent, limit, sizes) => {
          const { records, first } = sent;
          const parts: string[] = [];
          let taken = NOTHING;
          for (let begin = 0, turn = 0; begin < records.length; turn++) {
            const next = Math.min(records.length, begin + (sizes[turn % sizes.length] ?? 1));
            for (const cut of made(stretch(records, begin, next), taken, takeIndexed, limit)) {
              parts.push(...copies(cut));
              taken = cut.after;
            }
            begin = next;
          }
          expect(parts).toEqual(first);
        },
      ),
    ));

  test('stay below the limits, but for a record that is beyond them by itself', () =>
    fc.assert(
      fc.property(deliveries, ({ records: all }) => {
        for (const cut of made(stretch(all, 0, all.length), NOTHING, takeIndexed, SMALL)) {
          const records = new Set(cut.rows.map(({ place }) => place.at(-1)));
          if (records.size <= 1) continue;
          expect(cut.rows.length).toBeLessThanOrEqual(SMALL.rows);
          expect(new Set(cut.rows.map((row) => read(row).retention_bucket)).size).toBeLessThan(SMALL.parts);
        }
      }),
    ));
});

test('each row says where on the audit topic it was', () => {
  const records = [envelope(contentRecord([{ offset: 1 }, { offset: 2 }]), 300)];
  const [cut] = made(stretch(records, 300, 301), NOTHING);
  const place = Buffer.concat([long(0), long(300)]);
  expect(cut?.rows.map((row) => Buffer.from(row.place))).toEqual([place, place]);
});

test('absent offsets belong to a cut like any other', () => {
  const records = [envelope(contentRecord([{ offset: 1 }]), 3)];
  expect(made(stretch(records, 0, 10), NOTHING)).toMatchObject([{ first: 0, next: 10, rows: [expect.anything()] }]);
  expect(made(stretch([], 0, 10), NOTHING)).toMatchObject([{ first: 0, next: 10, rows: [], schemaId: undefined }]);
});

test.each([
  ['no wire header', { value: Buffer.from('{}') }, 'no Confluent wire header'],
  ['no headers', { value: Buffer.from([0, 0, 0, 0, 2, 1]) }, 'no origin and index in the headers'],
  [
    'an index that speaks of other bytes',
    { ...contentRecord([{ offset: 1 }]), value: Buffer.from([0, 0, 0, 0, 2, 1]) },
    'bytes',
  ],
])('stops at a record with %s, after cutting what lies before it', (_, bad, reason) => {
  const records = [envelope(contentRecord([{ offset: 1 }]), 0), envelope(bad, 1)];
  const [first, second, ...more] = cuts(stretch(records, 0, 2), NOTHING, takeIndexed, CUT_LIMITS);
  expect(first).toMatchObject({ kind: 'cut', first: 0, next: 1 });
  expect(second).toMatchObject({ kind: 'unreadable', offset: 1, reason: expect.stringContaining(reason) });
  expect(more).toEqual([]);
});

describe('accounts', () => {
  const stored = (ranges: readonly (readonly [number, number])[]) => {
    const records = ranges.map(([first, next], offset) => envelope(accountRecord(first, next), offset));
    const all = made(stretch(records, 0, records.length), NOTHING, takeRange);
    const rows = all.flatMap((cut) => cut.rows.map(({ datum }) => accounting.decode(datum)));
    return {
      ranges: rows.map(({ first, next }) => [first, next]),
      holes: all.reduce((sum, { holes }) => sum + holes, 0),
    };
  };

  test('are trimmed to what was not accounted for', () =>
    expect(
      stored([
        [0, 5],
        [3, 8],
        [0, 8],
        [8, 9],
      ]),
    ).toEqual({
      ranges: [
        [0, 5],
        [5, 8],
        [8, 9],
      ],
      holes: 0,
    }));

  test('that leave a hole are kept and counted', () =>
    expect(
      stored([
        [0, 5],
        [7, 8],
      ]),
    ).toEqual({
      ranges: [
        [0, 5],
        [7, 8],
      ],
      holes: 1,
    }));

  test('cover each offset once whatever overlapped', () => {
    const step = fc.record({ back: fc.nat(10), length: fc.integer({ min: 1, max: 10 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        let reached = 0;
        const ranges = steps.map(({ back, length }) => {
          const first = Math.max(0, reached - back);
          reached = Math.max(reached, first + length);
          return [first, first + length] as const;
        });
        const { ranges: kept, holes } = stored(ranges);
        const offsets = kept.flatMap(([first = 0, next = 0]) =>
          Array.from({ length: next - first }, (_, n) => first + n),
        );
        expect(offsets).toEqual(Array.from({ length: reached }, (_, offset) => offset));
        expect(holes).toBe(0);
      }),
    );
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { takeReceipt } from '../../../services/clickhouse/archive/take-receipt.ts';
import { type ClickHouse, openClickHouse } from '../../../services/clickhouse/client.ts';
import { migrate } from '../../../services/clickhouse/migrate.ts';
import { buried, parity, receipts, sinks } from '../../../services/clickhouse/queries/deliveries.ts';
import type { NamedQuery } from '../../../services/clickhouse/queries/query.ts';
import { TABLES } from '../../../services/clickhouse/tables.ts';
import { encodeEvent } from '../../../services/codec/event.ts';
import { delivery } from '../../../services/codec/records.ts';
import type { Watermark } from '../../../services/core/origin.ts';
import type { AuditDelivery } from '../../../services/core/records.generated.ts';
import { idAt, type Outcome, type Receipted, receiptOf, recordOf } from '../../clickhouse/receipts.ts';
import { event } from '../../support/event.ts';
import { insert } from './insert.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-deliveries-'));
let clickhouse: ClickHouse;

beforeAll(async () => {
  clickhouse = await openClickHouse({ driver: 'embedded', path: join(folder, 'store'), spool: join(folder, 'spool') });
  await migrate(clickhouse.writer);
});
beforeEach(clear);
afterAll(async () => {
  await clickhouse.close();
  rmSync(folder, { recursive: true, force: true });
});

async function clear(): Promise<void> {
  for (const table of ['events', 'deliveries']) await clickhouse.writer.run(`TRUNCATE TABLE audit.${table}`);
}

const rows = (sql: string) => clickhouse.writer.rows(sql);
async function ask({ sql, bind }: NamedQuery, given: Readonly<Record<string, string>> = {}) {
  const bound = bind(given);
  if (!bound.ok) throw new Error(bound.reason);
  return clickhouse.writer.rows(sql, bound.params);
}

const HOUR = 3_600_000_000;
const NOON = Date.UTC(2026, 5, 15, 12) * 1000;
/** Far enough for these events to be kept whenever this runs. */
const KEPT = Date.UTC(2250, 0, 1) * 1000;

/** Stores events at these audit offsets, a hundred to an hour. */
async function store(offsets: readonly number[], partition = 0, retain_until = KEPT): Promise<void> {
  const placed = offsets.map((offset) => {
    const [event_id, occurred_at] = [idAt(offset), NOON + Math.floor(offset / 100) * HOUR];
    return { datum: encodeEvent(event({ event_id, occurred_at, retain_until })).datum, partition, offset };
  });
  await insert(clickhouse.writer, TABLES['audit.events'], placed);
}

/** Stores what the archive makes of receipts, in this order. */
async function write(...given: readonly Receipted[]): Promise<readonly AuditDelivery[]> {
  const taken = new Map<string, Watermark>();
  const placed = given.flatMap((one, offset) => {
    const { headers = {}, value } = recordOf(receiptOf(one));
    const record = { topic: 't', receivedAt: new Date(0), key: undefined, headers, value };
    const { partition = 0 } = one;
    const took = takeReceipt({ ...record, partition, offset }, taken);
    if (took.kind === 'unreadable') throw new Error(took.reason);
    if (took.reached !== undefined) taken.set(took.reached.lineage, took.reached.mark);
    return took.rows.map(({ datum }) => ({ datum, partition, offset }));
  });
  await insert(clickhouse.writer, TABLES['audit.deliveries'], placed);
  return placed.map(({ datum }) => delivery.decode(datum));
}

const upTo = (end: number): readonly number[] => Array.from({ length: end }, (_, n) => n);
async function states(): Promise<readonly string[]> {
  const found = await rows('SELECT audit_offset, sink, state FROM audit.event_deliveries ORDER BY audit_offset, sink');
  return found.map(({ audit_offset, sink, state }) => `${audit_offset} ${sink} ${state}`);
}

/** One lane with every fate: begins at 2, leaves a hole at 12 and is parked at 16. */
const STORY: readonly Receipted[] = [
  { first: 2, outcomes: [], at: 1 },
  { first: 2, outcomes: ['delivered', 'buried', 'filtered', 'filtered', 'delivered'], at: 2 },
  { first: 5, outcomes: ['buried', 'buried', 'diverted', 'uncertain', 'redelivered', 'absent', 'delivered'], at: 3 },
  { first: 14, outcomes: ['delivered', 'delivered'], at: 4 },
  { first: 16, outcomes: [], state: 'parked', reason: 'HEC 4: token', at: 5 },
];

describe('event_deliveries', () => {
  test('tells the state of every stored event at every receiver that began', async () => {
    await store(upTo(18));
    await write(...STORY, { sink: 'loki', first: 17, outcomes: [], at: 1 });
    expect((await states()).filter((state) => state.includes('splunk'))).toEqual([
      ...['0 splunk before', '1 splunk before', '2 splunk delivered', '3 splunk buried', '4 splunk filtered'],
      ...['5 splunk filtered', '6 splunk delivered', '7 splunk diverted', '8 splunk uncertain'],
      // A copy and an absent offset, say the receipts; but something is stored there.
      ...['9 splunk unaccounted', '10 splunk unaccounted', '11 splunk delivered'],
      ...['12 splunk unaccounted', '13 splunk unaccounted', '14 splunk delivered', '15 splunk delivered'],
      ...['16 splunk parked', '17 splunk parked'],
    ]);
    expect((await states()).filter((state) => state.includes('loki')).slice(-2)).toEqual([
      '16 loki before',
      '17 loki waiting',
    ]);
    expect(await rows("SELECT reason FROM audit.event_deliveries WHERE sink = 'splunk' AND state = 'buried'")).toEqual([
      { reason: 'why 3' },
    ]);
  });

  test('counts as delivered what a replay delivered, and nothing else of what it listed', async () => {
    await store(upTo(18));
    await write(
      ...STORY,
      { replay: 'r1', first: 3, outcomes: ['delivered', 'absent', 'absent', 'absent', 'buried', 'delivered'], at: 6 },
      { replay: 'r2', first: 0, outcomes: ['delivered'], at: 7 },
      { replay: 'r2', first: 12, outcomes: ['delivered'], at: 8 },
      { replay: 'skip', first: 7, outcomes: ['skipped'], at: 9 },
      { sink: 'loki', replay: 'r3', first: 1, outcomes: ['delivered'], at: 9 },
    );
    const changed = ['0 splunk delivered', '3 splunk delivered', '8 splunk delivered', '12 splunk delivered'];
    expect(await states()).toEqual(expect.arrayContaining(changed));
    expect(await states()).toEqual(
      expect.arrayContaining(['1 splunk before', '7 splunk diverted', '13 splunk unaccounted']),
    );
    const [told] = await rows(
      `SELECT reason, toUnixTimestamp(settled_at) AS at FROM audit.event_deliveries WHERE audit_offset = 8`,
    );
    expect(told).toEqual({ reason: '', at: 7 - 1 });
  });

  test('knows partitions apart', async () => {
    await store([0, 1], 0);
    await store([0, 1], 1);
    await write({ first: 0, outcomes: ['buried'] }, { partition: 1, first: 0, outcomes: ['delivered', 'buried'] });
    const found = await rows('SELECT * FROM audit.event_deliveries ORDER BY audit_partition, audit_offset');
    expect(found.map(({ state }) => state)).toEqual(['buried', 'waiting', 'delivered', 'buried']);
  });

  test('leaves out what has expired', async () => {
    await store([0], 0, NOON);
    await write({ first: 0, outcomes: ['buried'] });
    expect(await states()).toEqual([]);
    expect(await rows('SELECT waiting FROM audit.lanes')).toEqual([{ waiting: 0 }]);
  });

  test('agrees with one that looks at every receipt for every event', () =>
    fc.assert(
      fc.asyncProperty(written, fc.uniqueArray(fc.nat(40)), async (given, offsets) => {
        await clear();
        const kept = await write(...given);
        await store(offsets);
        expect(await states()).toEqual(slowly(kept, offsets));
      }),
      { numRuns: 40 },
    ));
});

const outcome = fc.constantFrom<Outcome>(
  ...(['delivered', 'delivered', 'buried', 'filtered', 'diverted', 'uncertain', 'redelivered', 'absent'] as const),
);
const written = fc.array(
  fc.record({
    sink: fc.constantFrom('loki', 'splunk'),
    first: fc.nat(30),
    outcomes: fc.array(outcome, { maxLength: 8 }),
    replay: fc.constantFrom('', '', 'a', 'b'),
    state: fc.constantFrom('running', 'parked'),
  }),
  { minLength: 1, maxLength: 12 },
);

/** The slow twin of the view. */
function slowly(all: readonly AuditDelivery[], offsets: readonly number[]): readonly string[] {
  const lanes = ['loki', 'splunk'].map((sink) => ({
    sink,
    own: all.filter((one) => one.sink === sink && one.replay === ''),
    replays: all.filter((one) => one.sink === sink && one.replay !== ''),
  }));
  return [...offsets]
    .sort((a, b) => a - b)
    .flatMap((offset) =>
      lanes.filter(({ own }) => own.length > 0).map((lane) => `${offset} ${lane.sink} ${stateOf(offset, lane)}`),
    );
}

function stateOf(
  offset: number,
  { own, replays }: Readonly<Record<'own' | 'replays', readonly AuditDelivery[]>>,
): string {
  const listed = ({ exceptions }: AuditDelivery) =>
    exceptions.find((run) => run.offset <= offset && offset < run.offset + run.count)?.outcome;
  if (replays.some((one) => listed(one) === 'delivered')) return 'delivered';
  if (offset >= Math.max(...own.map(({ next }) => next))) return own.at(-1)?.state === 'parked' ? 'parked' : 'waiting';
  if (offset < (own[0]?.first ?? 0)) return 'before';
  const covering = own.find(({ first, next }) => first <= offset && offset < next);
  if (covering === undefined) return 'unaccounted';
  const said = listed(covering) ?? 'delivered';
  return said === 'redelivered' || said === 'absent' ? 'unaccounted' : said;
}

test('receipts shows every row the archive keeps, in plain types', async () => {
  await write(...STORY, { replay: 'r', first: 3, outcomes: ['delivered'] });
  const found = await rows('SELECT first, next, replay FROM audit.receipts ORDER BY log_offset');
  expect(found.map(({ first, next, replay }) => `${first}:${next} ${replay}`)).toEqual([
    ...['2:2 ', '2:7 ', '7:12 ', '14:16 ', '16:16 ', '3:4 r'],
  ]);
  for (const { name, type } of await rows('DESCRIBE audit.receipts'))
    expect(type, String(name)).not.toMatch(/LowCardinality|Fixed|Enum/);
});

test('undelivered has a row for every event that is not simply there, and says what resolved it', async () => {
  await write(
    { first: 0, outcomes: ['buried', 'diverted', 'uncertain', 'filtered', 'buried', 'uncertain'], at: 1 },
    { replay: 'r1', first: 0, outcomes: ['delivered', 'diverted', 'delivered'], at: 2 },
    { replay: 'r2', first: 1, outcomes: ['skipped', 'skipped'], at: 3 },
    { sink: 'loki', replay: 'r3', first: 4, outcomes: ['delivered'], at: 3 },
  );
  const found = await rows('SELECT * FROM audit.undelivered ORDER BY audit_offset');
  expect(found.map(({ audit_offset, outcome, resolved }) => [audit_offset, outcome, resolved])).toEqual([
    ...[
      [0, 'buried', 'delivered'],
      [1, 'diverted', 'skipped'],
      [2, 'uncertain', 'delivered'],
    ],
    ...[
      [4, 'buried', ''],
      [5, 'uncertain', ''],
    ],
  ]);
  expect(found[0]).toMatchObject({ sink: 'splunk', event_id: idAt(0), reason: 'why 0', audit_partition: 0 });
});

test('undelivered has a row for each event of an entry that speaks of many', async () => {
  const one = receiptOf({ first: 5, outcomes: ['buried', 'delivered', 'delivered'] });
  const exceptions = one.exceptions.map((run) => ({ ...run, count: 3, event_id: '' }));
  const placed = { datum: delivery.encode({ ...one, delivered: 0, buried: 3, exceptions }), partition: 0, offset: 0 };
  await insert(clickhouse.writer, TABLES['audit.deliveries'], [placed]);
  expect(await rows('SELECT audit_offset FROM audit.undelivered ORDER BY audit_offset')).toEqual(
    [5, 6, 7].map((audit_offset) => ({ audit_offset })),
  );
});

test('lanes say where each begins, how far it is, and what waits', async () => {
  await store(upTo(18));
  await write(...STORY, { replay: 'r', first: 17, outcomes: ['delivered'], state: 'running', at: 9 });
  expect(await rows('SELECT * FROM audit.lanes')).toEqual([
    {
      ...{ sink: 'splunk', audit_partition: 0, begins: 2, settled: 16, state: 'parked', state_reason: 'HEC 4: token' },
      ...{ reported_at: '1970-01-01 00:00:05.000000', delivered: 5, buried: 1, filtered: 2, diverted: 1, uncertain: 1 },
      ...{ waiting: 2, oldest_waiting: '2026-06-15 12:00:00.000000' },
    },
  ]);
  await write({ sink: 'loki', first: 18, outcomes: [] });
  expect(await rows("SELECT begins, settled, waiting, oldest_waiting FROM audit.lanes WHERE sink = 'loki'")).toEqual([
    { begins: 18, settled: 18, waiting: 0, oldest_waiting: null },
  ]);
});

describe('named queries', () => {
  test('sinks shows the worst of a receiver’s partitions', async () => {
    await store([0], 0);
    await store([0, 1, 2], 1);
    await write(
      { first: 0, outcomes: ['delivered'], at: 4 },
      { partition: 1, first: 0, outcomes: ['buried'], state: 'retrying', reason: 'HTTP 503', at: 3 },
      { sink: 'loki', first: 0, outcomes: [], at: 1 },
    );
    expect(await ask(sinks)).toMatchObject([
      { sink: 'loki', state: 'running', partitions: 1, waiting: 1, delivered: 0 },
      {
        sink: 'splunk',
        state: 'retrying',
        state_reason: 'HTTP 503',
        partitions: 2,
        waiting: 2,
        delivered: 1,
        buried: 1,
      },
    ]);
  });

  test('buried lists what nobody resolved, newest first, with its event', async () => {
    await store([0, 1]);
    await write(
      { first: 0, outcomes: ['buried', 'buried'], at: 1 },
      { first: 2, outcomes: ['buried', 'uncertain'], at: 2 },
      { replay: 'r', first: 1, outcomes: ['skipped'], at: 3 },
    );
    expect(await ask(buried)).toMatchObject([
      { event_id: idAt(2), sink: 'splunk', reason: 'why 2', action: '', occurred_at: null },
      { event_id: idAt(0), action: 'llm.request', occurred_at: '2026-06-15 12:00:00.000000' },
    ]);
    expect(await ask(buried, { outcome: 'uncertain' })).toMatchObject([{ event_id: idAt(3) }]);
    expect(await ask(buried, { sink: 'loki' })).toEqual([]);
    expect(await ask(buried, { limit: '1' })).toHaveLength(1);
  });

  test('parity adds up every hour, and shows the one that does not', async () => {
    await store([...upTo(18), 100, 101, 200]);
    await write(
      { first: 2, outcomes: ['delivered', 'buried', 'filtered', 'diverted', 'uncertain'] },
      { first: 7, outcomes: upTo(90).map(() => 'delivered' as const) },
      { first: 98, outcomes: ['absent', 'absent', 'delivered'] },
    );
    const [first, ...more] = await ask(parity, { sink: 'splunk' });
    expect(first).toEqual({
      ...{ hour: '2026-06-15 12:00:00', stored: 16, delivered: 12, buried: 1, filtered: 1, diverted: 1, uncertain: 1 },
      ...{ waiting: 0, parked: 0, unaccounted: 0, before: 2, equal: 1 },
    });
    expect(more).toMatchObject([
      { stored: 2, delivered: 1, waiting: 1, equal: 1 },
      { stored: 1, waiting: 1, equal: 1 },
    ]);
    await store([97]);
    expect((await ask(parity, { sink: 'splunk' }))[0]).toMatchObject({ stored: 17, unaccounted: 1, equal: 0 });
    expect(await ask(parity, { sink: 'splunk', from: '2026-06-15T13:00Z', to: '2026-06-15T14:00Z' })).toHaveLength(1);
    expect(await ask(parity, { sink: 'loki' })).toEqual([]);
    expect(parity.bind({})).toMatchObject({ ok: false });
  });

  test('receipts tells what became of an event, and whether it is stored at all', async () => {
    await store([3]);
    expect(await ask(receipts, { event: idAt(3) })).toMatchObject([{ sink: '', state: '', action: 'llm.request' }]);
    await write({ first: 3, outcomes: ['buried'], at: 7 }, { sink: 'loki', first: 0, outcomes: [], at: 7 });
    expect(await ask(receipts, { event: idAt(3) })).toMatchObject([
      { sink: 'loki', state: 'waiting', reason: '', settled_at: null },
      { sink: 'splunk', state: 'buried', reason: 'why 3', settled_at: '1970-01-01 00:00:07.000000' },
    ]);
    for (const event of [idAt(4), 'no id']) expect(await ask(receipts, { event })).toEqual([]);
  });
});

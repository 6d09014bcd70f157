import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ClickHouse, openClickHouse } from '../../../services/clickhouse/client.ts';
import {
  archivedTo,
  type EventPage,
  gateWhere,
  marksBefore,
  readEvents,
  settledTo,
} from '../../../services/clickhouse/events.ts';
import { migrate } from '../../../services/clickhouse/migrate.ts';
import { TABLES } from '../../../services/clickhouse/tables.ts';
import { encodeEvent } from '../../../services/codec/event.ts';
import { delivery } from '../../../services/codec/records.ts';
import { newest } from '../../../services/codec/schemas.ts';
import type { AuditEvent } from '../../../services/core/event.ts';
import type { Store } from '../../../services/core/store.ts';
import { idAt, type Receipted, receiptOf } from '../../clickhouse/receipts.ts';
import { caughtUp, hasty, runLane } from '../../support/archive-bench.ts';
import { eventRecord } from '../../support/archived.ts';
import { type ClickHouseFront, clickhouseFront } from '../../support/clickhouse-front.ts';
import { event } from '../../support/event.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { insert } from './insert.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-events-'));
/** Microseconds; far enough for these events to be kept whenever this runs. */
const KEPT = Date.UTC(2250, 0, 1) * 1000;
const EVENTS = TABLES['audit.events'];
let front: ClickHouseFront;

beforeAll(async () => {
  front = await clickhouseFront(join(folder, 'server'));
});
afterAll(async () => {
  await front.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(['embedded', 'server'] as const)('%s', (driver) => {
  let clickhouse: ClickHouse;
  let reader: Store;

  beforeAll(async () => {
    const embedded = { driver: 'embedded', path: join(folder, 'store'), spool: join(folder, 'spool') } as const;
    clickhouse = await openClickHouse(driver === 'server' ? front.config : embedded);
    await migrate(clickhouse.writer);
    reader = clickhouse.reader({ seconds: 30, memoryBytes: 2 ** 30, rows: 10_000, bytes: 2 ** 26 });
  });
  beforeEach(clear);
  afterAll(() => clickhouse.close());

  async function clear(): Promise<void> {
    for (const table of ['events', 'deliveries', 'journal'])
      await clickhouse.writer.run(`TRUNCATE TABLE audit.${table}`);
  }
  const store = (events: readonly Partial<AuditEvent>[], first = 0, partition = 0): Promise<void> =>
    insert(
      clickhouse.writer,
      EVENTS,
      events.map((columns, n) => {
        const { datum } = encodeEvent(event({ event_id: idAt(first + n), retain_until: KEPT, ...columns }));
        return { datum, partition, offset: first + n };
      }),
    );
  const page = (given: Partial<EventPage> = {}) =>
    readEvents(reader, { partition: 0, from: 0, before: 1_000_000, limit: 1_000, ...given });
  const offsets = async (given: Partial<EventPage> = {}) => (await page(given)).map((one) => one.audit_offset);

  describe('readEvents', () => {
    test('gives events back as they were encoded, whatever is in them', () =>
      fc.assert(
        fc.asyncProperty(fc.array(odd, { minLength: 1, maxLength: 20 }), async (events) => {
          await clear();
          await store(events);
          const expected = events.map((columns, audit_offset) => {
            return { audit_offset, event: { ...columns, personal_salt: Buffer.alloc(16) } };
          });
          expect(await page()).toEqual(expected);
        }),
        { numRuns: 25 },
      ));

    test('goes on page by page, in the order of the log and not of the table', async () => {
      await store(
        ['b', 'a', 'c', 'a', 'b'].map((action) => ({ action })),
        10,
      );
      await store([{}, {}], 10, 1);
      expect(await offsets({ limit: 2 })).toEqual([10, 11]);
      expect(await offsets({ from: 12, limit: 2 })).toEqual([12, 13]);
      expect(await offsets({ from: 14, limit: 2 })).toEqual([14]);
      expect(await offsets({ from: 15 })).toEqual([]);
      expect(await offsets({ from: 11, before: 13 })).toEqual([11, 12]);
    });

    test('reads nothing that has expired, and never a salt', async () => {
      await store([{ retain_until: 0 }, { personal_salt: Buffer.alloc(16, 9) }]);
      const [one, ...more] = await page();
      expect(more).toEqual([]);
      expect(one).toMatchObject({ audit_offset: 1, event: { personal_salt: Buffer.alloc(16) } });
    });

    test('takes a window, ids and a condition', async () => {
      const minute = (n: number) => (Date.UTC(2026, 0, 5, 10) + n * 60_000) * 1000;
      await store([0, 1, 2, 3].map((n) => ({ occurred_at: minute(n), outcome: n % 2 === 0 ? 'denied' : 'success' })));
      expect(await offsets({ occurredFrom: '2026-01-05T10:01:00Z' })).toEqual([1, 2, 3]);
      expect(await offsets({ occurredTo: '2026-01-05 10:01' })).toEqual([0]);
      expect(await offsets({ ids: [idAt(1), idAt(3), idAt(9)] })).toEqual([1, 3]);
      expect(await offsets({ where: `outcome = 'denied' -- those` })).toEqual([0, 2]);
      expect(await offsets({ where: `outcome = 'denied'`, from: 1, limit: 1 })).toEqual([2]);
      expect(await offsets({ where: `outcome = 'denied'`, occurredTo: '2026-01-05 10:01', ids: [idAt(0)] })).toEqual([
        0,
      ]);
    });

    test.each([
      ['a bracket', `1) OR (1`],
      ['a second question', `1) UNION ALL (SELECT event_id FROM audit.trail WHERE 1`],
    ])('%s does not widen what was asked for', async (_, where) => {
      await store([{}, {}, {}]);
      await store([{}], 7, 1);
      expect(await offsets({ where, ids: [idAt(1)] })).toEqual([1]);
    });

    test.each([
      `1)) OR 1 IN ((1`,
      `1); DROP TABLE audit.events; --`,
      `event_id IN (SELECT event_id FROM audit.events)`,
      `1 = (SELECT count() FROM file('/etc/passwd'))`,
      `1 /*`,
      `1) SETTINGS max_threads = 1 --`,
    ])('refuses %j', async (where) => {
      await expect(page({ where })).rejects.toThrow('the condition is turned down');
    });

    test('a condition sees the columns of the trail and no others', async () => {
      await store([{ personal_salt: Buffer.from('s'.repeat(16)) }]);
      for (const column of ['personal_salt', 'e.personal_salt', 'events.personal_salt'])
        await expect(page({ where: `${column} = '${'s'.repeat(16)}'` })).rejects.toThrow();
    });
  });

  test('gateWhere answers the question for the ids, or why not', async () => {
    const explain = (statement: string) => reader.text(statement, 'TabSeparatedRaw');
    expect(await gateWhere(`outcome = 'denied'`, explain)).toMatchObject({
      ok: true,
      sql: expect.stringMatching(/^SELECT event_id FROM audit.trail WHERE \(outcome = 'denied'\s*\)$/),
    });
    expect(await gateWhere(`sleep(3)`, explain)).toMatchObject({ ok: false, reason: expect.stringContaining('sleep') });
  });

  test('archivedTo trusts a cut once its rows are stored', async () => {
    expect(await archivedTo(reader, 0)).toBe(0);
    const log = memoryLog(hasty, 10);
    await log.create([{ name: 'audit.events', partitions: 1, retentionMs: -1 }]);
    await log.append('audit.events', 0, [eventRecord({ offset: 0 }), eventRecord({ offset: 0 })]);
    const running = runLane({ log, topic: 'audit.events', clickhouse });
    await caughtUp(log, 'audit.events', 'archive', running.ended);
    await running.stop();
    expect(await archivedTo(reader, 0)).toBe(2);
    expect(await archivedTo(reader, 1)).toBe(0);
    await clickhouse.writer.run(
      `INSERT INTO audit.journal (topic, partition, cut, first, next, rows) SELECT 'audit.events', 0, 1, 2, 9, 1`,
    );
    expect(await archivedTo(reader, 0)).toBe(2);
    await store([{}], 5);
    expect(await archivedTo(reader, 0)).toBe(9);
  });

  describe('settledTo', () => {
    const write = (...all: readonly Receipted[]): Promise<void> =>
      insert(
        clickhouse.writer,
        TABLES['audit.deliveries'],
        all.map((one, offset) => ({ datum: delivery.encode(receiptOf(one)), partition: one.partition ?? 0, offset })),
      );
    const three = ['delivered', 'buried', 'delivered'] as const;

    test('is the end of the receipts that follow one another', async () => {
      expect(await settledTo(reader, 'splunk', 0)).toBeUndefined();
      await write({ first: 10, outcomes: [] }, { first: 10, outcomes: three }, { first: 13, outcomes: three });
      expect(await settledTo(reader, 'splunk', 0)).toEqual({ next: 16 });
      expect(await settledTo(reader, 'splunk', 1)).toBeUndefined();
      expect(await settledTo(reader, 'loki', 0)).toBeUndefined();
    });

    test('stops at the first hole', async () => {
      await write({ first: 0, outcomes: three }, { first: 5, outcomes: three }, { first: 9, outcomes: three });
      expect(await settledTo(reader, 'splunk', 0)).toEqual({ next: 3 });
    });

    test('is where a lane began that settled nothing yet, and knows nothing of replays', async () => {
      await write({ first: 7, outcomes: [] }, { first: 7, outcomes: three, replay: 'r' });
      expect(await settledTo(reader, 'splunk', 0)).toEqual({ next: 7 });
    });

    test('is not moved back by one that was told to send again from below', async () => {
      await write({ first: 7, outcomes: three }, { first: 2, outcomes: [] }, { first: 10, outcomes: three });
      expect(await settledTo(reader, 'splunk', 0)).toEqual({ next: 13 });
    });
  });

  test('marksBefore tells how far each raw partition is stored below an offset', async () => {
    const raw = (origin_offset: number, origin_ordinal = 0, origin_partition = 0) => {
      return { origin_epoch: 1, origin_topic: 'mcp.events', origin_partition, origin_offset, origin_ordinal };
    };
    await store([raw(3), raw(4, 0), raw(4, 1), raw(2, 0, 6), raw(5)]);
    const marks = async (offset: number) => Object.fromEntries(await marksBefore(reader, 0, offset));
    expect(await marks(0)).toEqual({});
    expect(await marks(3)).toEqual({ '1/mcp.events/0': { offset: 4, ordinal: 1 } });
    const all = { '1/mcp.events/0': { offset: 5, ordinal: 0 }, '1/mcp.events/6': { offset: 2, ordinal: 0 } };
    expect(await marks(5)).toEqual(all);

    // What the journal knows has expired from the table since.
    await clickhouse.writer.run(
      `INSERT INTO audit.journal (topic, partition, cut, first, next, after)
       SELECT 'audit.events', 0, 0, 0, 2, map('1/mcp.events/9', (8, 0), '1/mcp.events/0', (4, 0)) UNION ALL
       SELECT 'audit.events', 0, 1, 2, 5, map('1/mcp.events/9', (9, 0))`,
    );
    expect(await marks(3)).toEqual({
      '1/mcp.events/9': { offset: 8, ordinal: 0 },
      '1/mcp.events/0': { offset: 4, ordinal: 1 },
    });
    expect(await marks(5)).toEqual({ '1/mcp.events/9': { offset: 9, ordinal: 0 } });
  });
});

interface Shape {
  readonly type: string;
  readonly logicalType?: string;
  readonly size?: number;
  readonly items?: Type;
  readonly values?: Type;
  readonly fields?: readonly { readonly name: string; readonly type: Type }[];
}
type Type = string | Shape | readonly Type[];

const schema: Shape = JSON.parse(newest('audit-event').json);
const words = fc.string({ unit: 'binary', maxLength: 12 });
const PLAIN: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  null: fc.constant(null),
  string: words,
  int: fc.integer(),
  // The encoder rounds what is lower (it doubles negative numbers on their way to zigzag) and refuses the highest.
  long: fc.integer({ min: -(2 ** 52), max: Number.MAX_SAFE_INTEGER - 1 }),
  double: fc.double(),
};

/** Any value a schema can hold; of times, those the columns can. */
function anyOf(type: Type): fc.Arbitrary<unknown> {
  if (typeof type === 'string') return PLAIN[type] ?? fc.constant(undefined);
  if (isUnion(type)) return fc.oneof(...type.map(anyOf));
  if (type.logicalType === 'uuid') return fc.uuid();
  if (type.logicalType === 'date') return fc.constantFrom(0, 20_619, 65_535);
  if (type.logicalType === 'timestamp-micros')
    return fc.integer({ min: Date.UTC(1900, 0, 1) * 1000, max: Date.UTC(2250, 0, 1) * 1000 });
  if (type.size !== undefined)
    return fc.uint8Array({ minLength: type.size, maxLength: type.size }).map((bytes) => Buffer.from(bytes));
  if (type.items !== undefined) return fc.array(anyOf(type.items), { maxLength: 3 });
  if (type.values !== undefined) return fc.dictionary(words, anyOf(type.values), { maxKeys: 3, noNullPrototype: true });
  if (type.fields === undefined) return anyOf(type.type);
  return fc.record(Object.fromEntries(type.fields.map(({ name, type: of }) => [name, anyOf(of)])), {
    noNullPrototype: true,
  });
}

const isUnion = (type: Type): type is readonly Type[] => Array.isArray(type);

const odd = anyOf(schema).map((columns): AuditEvent => {
  if (typeof columns !== 'object') throw new TypeError('an event is a record');
  return event({ ...columns, retention_class: 'default', retain_until: KEPT });
});

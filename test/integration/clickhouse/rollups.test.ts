import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ClickHouse, openClickHouse } from '../../../services/clickhouse/client.ts';
import { migrate } from '../../../services/clickhouse/migrate.ts';
import { dropStale, rollUp, unrolled } from '../../../services/clickhouse/rollups.ts';
import { eventId } from '../../../services/core/origin.ts';
import { openRollups } from '../../../services/processes/watch/rollups.ts';
import { fakeClock } from '../../support/clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-rollups-'));
let clickhouse: ClickHouse;

beforeAll(async () => {
  clickhouse = await openClickHouse({ driver: 'embedded', path: join(folder, 'store'), spool: join(folder, 'spool') });
  await migrate(clickhouse.writer);
});
beforeEach(async () => {
  for (const table of ['events', 'events_held', 'rollups'])
    await clickhouse.writer.run(`TRUNCATE TABLE audit.${table}`);
});
afterAll(async () => {
  await clickhouse.close();
  rmSync(folder, { recursive: true, force: true });
});

const rows = (sql: string) => clickhouse.writer.rows(sql);

const NOW = new Date();
const TODAY = NOW.toISOString().slice(0, 10);
const DAY_MS = 86_400_000;
/** Noon of a day that is over. */
const daysAgo = (days: number): number => Date.parse(`${TODAY}T12:00:00Z`) - days * DAY_MS;
const dayName = (days: number): string => new Date(daysAgo(days)).toISOString().slice(0, 10);

interface Stored {
  readonly offset: number;
  readonly days?: number;
  readonly table?: 'events' | 'events_held';
  readonly action?: string;
  readonly email?: string;
  readonly id?: string;
  readonly session?: string;
  readonly request?: string;
  readonly format?: string;
  readonly cost?: number;
  readonly keptDays?: number;
  readonly said?: Readonly<Record<string, string>>;
  readonly isInferred?: boolean;
}

async function store(event: Stored): Promise<void> {
  const { offset, days = 2, table = 'events', action = 'llm.request', format = 'litellm' } = event;
  const own = action === 'attribution.corrected';
  await clickhouse.writer.run(
    `INSERT INTO audit.${table}
       (event_id, origin_topic, origin_offset, action, format, outcome, actor_kind, actor_basis, actor_confidence, actor_email, actor_id,
        session_id, request_id, product, cost_micro_usd, tokens_prompt, occurred_at, received_at, ingested_at, retain_until,
        retention_bucket, personal_attributes)
     SELECT {id:UUID}, {topic:String}, {offset:Int64}, {action:String}, {format:String}, 'success', 'user',
       {basis:String}, {confidence:String},
       {email:String}, {actor:String}, {session:String}, {request:String}, 'litellm', {cost:Nullable(Int64)}, if({cost:Nullable(Int64)} IS NULL, NULL, 10),
       fromUnixTimestamp64Milli({at:Int64}), fromUnixTimestamp64Milli({at:Int64}), fromUnixTimestamp64Milli({at:Int64}),
       now64(6) + {kept:Int64} * 86400, toDate(fromUnixTimestamp64Milli({at:Int64})), {said:Map(String, String)}`,
    {
      id: eventId({ epoch: 0, topic: own ? 'trailhouse.events' : 'gateway.events', partition: 0, offset, ordinal: 0 }),
      topic: own ? 'trailhouse.events' : 'gateway.events',
      ...{ offset, action, format: own ? 'envelope' : format, email: event.email ?? '', actor: event.id ?? '' },
      ...(event.isInferred === true
        ? { basis: 'session_binding', confidence: 'inferred' }
        : { basis: 'account_id', confidence: 'claimed' }),
      ...{ session: event.session ?? '', request: event.request ?? '', cost: event.cost ?? null },
      ...{ at: daysAgo(days) + offset, kept: event.keptDays ?? 90, said: event.said ?? {} },
    },
  );
}

const correct = (offset: number, claim: string, email: string): Promise<void> =>
  store({ offset, days: 1, action: 'attribution.corrected', said: { 'subject.claim': claim, 'subject.email': email } });

const round = () =>
  openRollups({ store: clickhouse.writer, writer: clickhouse.writer, clock: fakeClock(NOW), quietMs: 0 })();

const rolled = async (): Promise<readonly string[]> =>
  (await rows('SELECT toString(day) AS day FROM audit.days WHERE rolled ORDER BY day')).map(({ day }) => String(day));

const KEYS = 'actor_email, actor_id, action, outcome, product, actor_confidence';

/** The trail and the costs of rolled days, as the views have them. */
async function same(): Promise<void> {
  const isRolled = 'toDate(occurred_at) IN (SELECT day FROM audit.days WHERE rolled)';
  expect(
    await rows(
      `SELECT day, ${KEYS}, sum(d.events) AS events FROM audit.daily AS d GROUP BY day, ${KEYS} ORDER BY day, ${KEYS}`,
    ),
  ).toEqual(
    await rows(
      `SELECT toDate(occurred_at) AS day, ${KEYS}, count() AS events FROM audit.trail WHERE ${isRolled} GROUP BY day, ${KEYS} ORDER BY day, ${KEYS}`,
    ),
  );
  expect(
    await rows(
      `SELECT day, ${KEYS}, sum(d.requests) AS requests, sum(d.cost_micro_usd) AS cost, sum(d.without_cost) AS without FROM audit.daily AS d
       GROUP BY day, ${KEYS} HAVING requests > 0 ORDER BY day, ${KEYS}`,
    ),
  ).toEqual(
    await rows(
      `SELECT toDate(occurred_at) AS day, ${KEYS}, count() AS requests, sum(cost_micro_usd) AS cost, countIf(cost_micro_usd IS NULL) AS without
       FROM audit.costs WHERE ${isRolled} GROUP BY day, ${KEYS} ORDER BY day, ${KEYS}`,
    ),
  );
}

describe('a round', () => {
  test('rolls up days that are over, and they say what the trail says', async () => {
    await store({ offset: 1, email: 'mara@alderbrook.example', cost: 5 });
    await store({ offset: 2, email: 'mara@alderbrook.example', cost: 7 });
    await store({ offset: 3, action: 'file.read', id: 'device-1' });
    await store({ offset: 4, days: 3, email: 'tom@alderbrook.example', cost: 11 });
    await store({ offset: 5, days: 0, email: 'tom@alderbrook.example', cost: 13 });
    expect(await round()).toBe(2);
    expect(await rolled()).toEqual([dayName(3), dayName(2)]);
    await same();
    expect(await round()).toBe(0);
  });

  test('sees a row that came late, and nothing else to do', async () => {
    await store({ offset: 1, cost: 5 });
    await store({ offset: 2, days: 3, cost: 5 });
    await round();
    await store({ offset: 3, cost: 6 });
    expect(await rolled()).toEqual([dayName(3)]);
    expect(await round()).toBe(2);
    await same();
  });

  test('sees a correction of claims of a day, whenever it came', async () => {
    await store({ offset: 1, session: 'late-named-session', cost: 5 });
    await store({ offset: 2, days: 3, session: 'another-session', cost: 5 });
    await round();
    await correct(3, 'session:late-named-session', 'mara@alderbrook.example');
    expect(await rolled()).toEqual([dayName(3)]);
    await round();
    expect(await rows(`SELECT actor_email FROM audit.daily WHERE day = '${dayName(2)}'`)).toEqual([
      { actor_email: 'mara@alderbrook.example' },
    ]);
    await same();
  });

  test('sees that an inference was taken back', async () => {
    await store({ offset: 1, session: 'two-people', email: 'mara@alderbrook.example', isInferred: true });
    await round();
    await correct(2, 'inferred:session:two-people', '');
    expect(await rolled()).toEqual([]);
    await round();
    expect(await rows(`SELECT actor_email FROM audit.daily WHERE day = '${dayName(2)}'`)).toEqual([
      { actor_email: '' },
    ]);
    await same();
  });

  test('sees that people of a day were made others', async () => {
    await store({ offset: 1, email: 'mara@alderbrook.example', cost: 5 });
    await round();
    await clickhouse.writer.run(
      "ALTER TABLE audit.events UPDATE actor_email = '', actor_id = '' WHERE actor_email = 'mara@alderbrook.example'",
      {},
      { mutations_sync: 2 },
    );
    expect(await rolled()).toEqual([]);
    await round();
    expect(await rows("SELECT count() AS n FROM audit.rollups WHERE actor_email != ''")).toEqual([{ n: 0 }]);
    await same();
  });

  test('finds a day that an event of another day changed', async () => {
    await store({ offset: 1, days: 3, request: 'req-1', format: 'claude-code-otel', cost: 5 });
    await round();
    await store({ offset: 2, days: 2, request: 'req-1', format: 'litellm', cost: 6 });
    await clickhouse.writer.run(
      "ALTER TABLE audit.events UPDATE actor_confidence = 'verified' WHERE format = 'litellm'",
      {},
      { mutations_sync: 2 },
    );
    expect(await round()).toBe(2);
    expect(
      await rows('SELECT day, sum(d.requests) AS requests FROM audit.daily AS d GROUP BY day ORDER BY day'),
    ).toEqual([
      { day: dayName(3), requests: 0 },
      { day: dayName(2), requests: 1 },
    ]);
    await same();
  });

  test('leaves a day alone while something is added to it', async () => {
    await store({ offset: 1 });
    const at = (daysAgo(2) - 60_000) * 1000;
    expect(await unrolled(clickhouse.writer, TODAY, at)).toEqual([]);
  });
});

describe('people are held no longer than their events', () => {
  test('a day whose first event has run its time shows nothing, and is dropped', async () => {
    await store({ offset: 1, email: 'mara@alderbrook.example', keptDays: 30 });
    await store({ offset: 2, days: 3, email: 'mara@alderbrook.example', keptDays: 30 });
    await round();
    await clickhouse.writer.run(
      `ALTER TABLE audit.events UPDATE retain_until = now64(6) - 1 WHERE origin_offset = 1`,
      {},
      { mutations_sync: 2 },
    );
    expect(await rolled()).toEqual([dayName(3)]);
    expect(await dropStale(clickhouse.writer)).toBe(1);
    expect(await rows('SELECT DISTINCT toString(day) AS day FROM audit.rollups')).toEqual([{ day: dayName(3) }]);
    expect(await round()).toBe(0);
  });

  test('a day that is gone is gone here too', async () => {
    await store({ offset: 1 });
    await round();
    await clickhouse.writer.run('TRUNCATE TABLE audit.events');
    expect(await round()).toBe(1);
    expect(await rows('SELECT count() AS n FROM audit.rollups')).toEqual([{ n: 0 }]);
  });

  test('a day with held rows is rolled until they show, and not from then on', async () => {
    await store({ offset: 1 });
    await store({ offset: 1, table: 'events_held' });
    await round();
    expect(await rolled()).toEqual([dayName(2)]);
    await same();
    await store({ offset: 2, table: 'events_held', keptDays: -1 });
    expect(await rolled()).toEqual([]);
  });
});

test('two processes at once leave one rollup and no table beside', async () => {
  for (const offset of [1, 2, 3]) await store({ offset, days: offset + 1, cost: offset });
  await Promise.all([round(), round(), round()]);
  expect(await rows('SELECT day, sum(d.events) AS events FROM audit.daily AS d GROUP BY day')).toHaveLength(3);
  await same();
  expect(
    await rows("SELECT name FROM system.tables WHERE database = 'audit' AND name LIKE 'rollups\\_beside%'"),
  ).toEqual([]);
});

test('what was computed from an older day does not pass for a newer one', async () => {
  await store({ offset: 1, cost: 5 });
  const before = await unrolled(clickhouse.writer, TODAY, Date.now() * 1000);
  await store({ offset: 2, cost: 6 });
  await rollUp(clickhouse.writer, before);
  expect(await rolled()).toEqual([]);
  expect(await rows('SELECT * FROM audit.daily')).toEqual([]);
});

test('days are looked at without reading their events, once parts were merged', async () => {
  await store({ offset: 1 });
  await store({ offset: 2 });
  await clickhouse.writer.run('OPTIMIZE TABLE audit.events FINAL');
  expect(await clickhouse.writer.text('EXPLAIN SELECT * FROM audit.days', 'TabSeparatedRaw')).toMatch(
    /ReadFromMergeTree \(by_day\)/,
  );
});

test('a partition goes its way and back with its projections', async () => {
  await store({ offset: 1 });
  const name = `PARTITION tuple('', '${dayName(2)}')`;
  await clickhouse.writer.run(`ALTER TABLE audit.events MOVE ${name} TO TABLE audit.events_leaving`);
  await clickhouse.writer.run(`ALTER TABLE audit.events_leaving MOVE ${name} TO TABLE audit.events`);
  expect(await rows('SELECT events FROM audit.days')).toEqual([{ events: 1 }]);
});

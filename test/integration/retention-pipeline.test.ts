import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { begin } from '../../services/clickhouse/archive/progress.ts';
import { archivedTo } from '../../services/clickhouse/events.ts';
import { endSql } from '../../services/clickhouse/retention/deadline.ts';
import { lasting } from '../../services/clickhouse/retention/lasting.ts';
import { TABLES } from '../../services/clickhouse/tables.ts';
import type { Desk } from '../../services/console/desk.ts';
import { silent } from '../../services/core/logger.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { openDesk } from '../../services/processes/desk.ts';
import { newOperator, operatorsConfig } from '../../services/processes/operators.ts';
import { pass } from '../../services/processes/retain/pass.ts';
import { retentionConfig } from '../../services/retention/config.ts';
import { endOf } from '../../services/retention/period.ts';
import { newKey, readSigningKey } from '../../services/retention/signing.ts';
import { openPipeline, type Pipeline } from '../support/pipeline.ts';

const rules = retentionConfig.parse({ rules: [{ when: { topic: 'gateway.events' }, keep: ['soc2'] }] });
const [ada, ben, cyd] = [
  newOperator('ada', 'auditor'),
  newOperator('ben', 'administrator'),
  newOperator('cyd', 'analyst'),
];
const operators = operatorsConfig.parse(
  Object.fromEntries(
    [ada, ben, cyd].map(({ lines }, index) => [
      ['ada', 'ben', 'cyd'][index],
      { role: ['auditor', 'administrator', 'analyst'][index], token_sha256: /[0-9a-f]{64}/.exec(lines)?.[0] },
    ]),
  ),
);
const asker = { id: 'root', address: '', userAgent: 'test' };
const DAYS = 86_400_000;
let pipeline: Pipeline;
let desk: Desk;

beforeAll(async () => {
  pipeline = await openPipeline('retention', { retention: rules });
  const { log, keys, clickhouse, folder } = pipeline;
  const store = clickhouse.reader({ seconds: 60, memoryBytes: 2 ** 31, rows: 100_000, bytes: 2 ** 26 });
  desk = openDesk({
    ...{ store, log, keys, operators, clock: systemClock },
    retried: join(folder, 'r'),
    sinks: [],
    privacy: privacyConfig.parse({}),
    topics: ['gateway.events'],
    count() {},
  });
});
afterAll(() => pipeline.close());

const sent = (daysAgo: number, session: string) => {
  const at = new Date(Date.now() - daysAgo * DAYS);
  const message = {
    ...{ trailhouse: 1, time: at.toISOString(), action: 'llm.request', outcome: 'success', session },
    ...{ actor: { basis: 'gateway_key', email: 'mara.lind@alderbrook.example' }, content: { prompt: 'hello' } },
  };
  return pipeline.send('gateway.events', [message], at);
};

const retained = () =>
  pass(
    {
      ...{ clickhouse: pipeline.clickhouse, log: pipeline.log, rules, clock: systemClock, logger: silent },
      ...{ signingKey: readSigningKey(newKey().privatePem), certificates: join(pipeline.folder, 'c'), owner: 'retain' },
    },
    async () => {},
    new AbortController().signal,
  );

const rows = (sql: string) => pipeline.clickhouse.writer.rows(sql);
const sessions = async (table: string) =>
  (await rows(`SELECT session_id AS s FROM ${table} WHERE session_id != '' ORDER BY s`)).map(({ s }) => s);

const whole = { complete: 1 };

test('holds are placed and lifted by operators, and only by those who may', async () => {
  const place = {
    order: 'place',
    where: "session_id = 's1'",
    from: '',
    to: '',
    reason: 'claim 17',
    quarantine: '',
  } as const;
  const refusals: [object, string, RegExp][] = [
    [{}, 'nobody', /no operator/],
    [{}, cyd.token, /is an analyst/],
    [{ reason: ' ' }, ada.token, /say why/],
    [{ where: 'x'.repeat(1025) }, ada.token, /longer than 1024/],
    [{ where: 'no_column = 1' }, ada.token, /no_column/],
    [{ where: 'occurred_at > now()' }, ada.token, /changes by itself/],
    [{ where: 'occurred_at < curdate()' }, ada.token, /changes by itself/],
    [{ where: 'occurred_at < `now`()' }, ada.token, /changes by itself/],
    [{ where: "occurred_at > parseDateTimeBestEffort('15 Mar')" }, ada.token, /changes by itself/],
    [{ where: 'session_id IN (SELECT session_id FROM audit.trail)' }, ada.token, /by itself/],
    [{ where: "true) OR (session_id = 's1'" }, ada.token, /brackets/],
    [{ where: "position(command, '4111 1111 1111 1111') > 0" }, ada.token, /would be masked/],
    [{ from: 'yesterday' }, ada.token, /times in UTC/],
  ];
  for (const [change, token, reason] of refusals)
    expect(await desk.hold({ ...place, ...change }, token, asker)).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(reason),
    });
  const answer = await desk.hold(place, ada.token, asker);
  if (answer.kind !== 'text') throw new Error(JSON.stringify(answer));
  const hold = answer.text.trim();
  await pipeline.settled();
  expect(await rows('SELECT toString(hold) AS hold, active, placed_by, condition, reason FROM audit.holds')).toEqual([
    { hold, active: 1, placed_by: 'ada', condition: place.where, reason: 'claim 17' },
  ]);
  const lift = { order: 'lift', hold, reason: 'settled' } as const;
  expect(await desk.hold(lift, ada.token, asker)).toMatchObject({
    reason: 'ada placed it: another operator has to lift it',
  });

  await sent(100, 's1');
  await sent(99, 's2');
  await pipeline.settled();
  await retained();
  expect([await sessions('audit.events'), await sessions('audit.trail')]).toEqual([[], ['s1']]);

  expect((await desk.hold(lift, ben.token, asker)).kind).toBe('text');
  await pipeline.settled();
  expect(await rows('SELECT active, lifted_by FROM audit.holds')).toEqual([{ active: 0, lifted_by: 'ben' }]);
  await retained();
  await pipeline.settled();
  expect(await sessions('audit.trail')).toEqual([]);
  expect(await rows("SELECT complete FROM audit.coverage WHERE origin_topic = 'gateway.events'")).toEqual([whole]);
  const told = await rows('SELECT stored_in, rows FROM audit.certificates ORDER BY stored_in, rows');
  expect(told.map(({ stored_in }) => stored_in)).toEqual(['content', 'content_held', 'events', 'events_held']);
  expect(JSON.stringify(await rows('SELECT * FROM audit.trail'))).not.toContain(ada.token);
});

test('an archive goes on, and begins anew, after rows of its newest cut were deleted', async () => {
  await sent(98, 's3');
  await pipeline.settled();
  await retained();
  expect(await sessions('audit.events')).toEqual([]);
  const topic = 'audit.events';
  const end = (await pipeline.log.describe(topic))?.partitions[0]?.end ?? 0;
  expect(await archivedTo(pipeline.clickhouse.writer, 0)).toBeGreaterThan(0);
  const position = { topic, partition: 0, start: 0, end, committed: undefined };
  expect((await begin(pipeline.clickhouse.writer, TABLES[topic], position)).doubt).toBeUndefined();
  await sent(1, 's4');
  await pipeline.settled();
  expect(await sessions('audit.events')).toEqual(['s4']);
  expect(await rows("SELECT complete, twice FROM audit.coverage WHERE origin_topic = 'gateway.events'")).toEqual([
    { complete: 1, twice: 0 },
  ]);
});

test('what holds are asked about has the columns of the trail', async () => {
  const columns = async (sql: string) => (await rows(`DESCRIBE (${sql})`)).map(({ name }) => name).sort();
  expect(await columns(`SELECT * FROM ${lasting('SELECT event_id FROM audit.events')}`)).toEqual(
    await columns('SELECT * FROM audit.trail'),
  );
  const fields = 'event_id, actor_email, actor_team, actor_basis, content_commitment, attributes';
  expect(await rows(`SELECT ${fields} FROM ${lasting('SELECT event_id FROM audit.events')} ORDER BY event_id`)).toEqual(
    await rows(`SELECT ${fields} FROM audit.trail ORDER BY event_id`),
  );
});

test('named queries answer', async () => {
  const [kept] = await rows("SELECT toString(event_id) AS id FROM audit.trail WHERE session_id = 's4'");
  const event = String(kept?.id);
  const ask = async (name: string, params = {}) => {
    const answer = await desk.named({ name, params, format: 'JSONEachRow' }, asker);
    if (answer.kind !== 'text') throw new Error(JSON.stringify(answer));
    return answer.text.split('\n').flatMap((line): object[] => (line === '' ? [] : [JSON.parse(line)]));
  };
  expect(await ask('retention')).toContainEqual(expect.objectContaining({ retention_class: 'soc2', events: 1 }));
  expect(await ask('retention-plan')).toContainEqual(
    expect.objectContaining({ stored_in: 'events', retention_class: 'soc2', rows: 1, why: ['soc2 90 days'] }),
  );
  expect(await ask('retention-of', { event })).toMatchObject([{ event_id: event, retention_reason: 'soc2 90 days' }]);
  expect(await ask('holds')).toMatchObject([{ active: 0, placed_by: 'ada', lifted_by: 'ben' }]);
  expect((await ask('certificates')).length).toBeGreaterThanOrEqual(4);
});

test('the store counts periods as the rules do', async () => {
  const days = ['2024-02-29', '2026-02-28', '2092-02-29', '2094-03-01', '2096-02-29', '2025-12-31'];
  for (const period of [{ years: 6 }, { years: 5 }, { years: 1 }, { days: 184 }])
    for (const day of days) {
      const at = Date.parse(`${day}T23:59:59.999Z`) * 1000 + 7;
      const from = `fromUnixTimestamp64Micro(toInt64(${at}), 'UTC')`;
      const [row] = await rows(`SELECT toUnixTimestamp64Micro(${endSql(period, from)}) AS ends`);
      expect(row?.ends, `${day} ${JSON.stringify(period)}`).toBe(endOf(period, at));
    }
});

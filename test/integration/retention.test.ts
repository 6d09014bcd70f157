import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { takeLease } from '../../services/clickhouse/lease.ts';
import { keepers } from '../../services/clickhouse/retention/keep.ts';
import { SHELVINGS } from '../../services/clickhouse/retention/tables.ts';
import { signCheckpoint } from '../../services/ledger/checkpoint.ts';
import { retain } from '../../services/processes/retain/index.ts';
import { pass } from '../../services/processes/retain/pass.ts';
import { reasons } from '../../services/processes/retain/reasons.ts';
import { open } from '../../services/retention/certificate.ts';
import { retentionConfig } from '../../services/retention/config.ts';
import { ORIGIN, testSigner } from '../ledger/keys.ts';
import { leafAt } from '../ledger/leaves.ts';
import {
  alone,
  idOf,
  lifted,
  micros,
  placed,
  type RetentionStore,
  retentionStore,
  type Wanted,
} from '../support/retention-store.ts';

const OWN = 'trailhouse.events';
const config = {
  rules: [
    { when: { topic: 'gateway.events' }, keep: ['soc2'] },
    { when: { team: 'clinic' }, keep: ['hipaa'] },
  ],
  default: ['hipaa'],
};
let store: RetentionStore;

afterEach(() => store.close());

const acts = async () => {
  const found: string[] = [];
  await store.log.read(OWN, 0, ({ records }) =>
    found.push(...records.map(({ value }) => Buffer.from(value).toString())),
  );
  return found;
};

const COVERED =
  "SELECT events_stored, events_deleted, complete FROM audit.coverage WHERE origin_topic = 'gateway.events'";

const files = () => readdirSync(store.certificates).filter((name) => name.endsWith('.json'));

test('a day is dropped once every row of it is due, and a certificate tells what it was', async () => {
  store = await retentionStore(config);
  await store.store(
    { offset: 0, at: '2026-01-01T00:00:00Z', content: true },
    { offset: 1, at: '2026-01-01T23:59:59Z' },
    { offset: 2, at: '2026-01-02T00:00:01Z' },
  );
  await store.settle(0, 3);
  await store.pass('2026-04-01T23:00:00Z');
  expect(await store.numbers('audit.events')).toEqual([0, 1, 2]);
  await store.pass('2026-04-02T00:00:00Z');
  expect(await store.numbers('audit.events')).toEqual([2]);
  expect(await store.numbers('audit.content')).toEqual([]);
  expect(await store.rows('SELECT events, events_stored, events_deleted, complete FROM audit.coverage')).toEqual([
    { events: 3, events_stored: 1, events_deleted: 2, complete: 1 },
  ]);
  const said = files().map((name) => open(readFileSync(join(store.certificates, name), 'utf8'), store.publicPem));
  expect(said).toHaveLength(2);
  expect(said.find((one) => one.kind === 'genuine' && one.certificate.stored_in === 'events')).toMatchObject({
    kind: 'genuine',
    certificate: {
      retention_class: 'soc2',
      bucket: '2026-01-01',
      rows: 2,
      kept: 0,
      first_at: '2026-01-01T00:00:00.000000Z',
      last_at: '2026-01-01T23:59:59.000000Z',
      reasons: ['soc2 90 days'],
      lineages: [{ topic: 'gateway.events', rows: 2, first_offset: 0, last_offset: 1 }],
      ranges: { count: 1 },
    },
  });
  expect(await acts()).toHaveLength(2);
});

test('what the ledger has not sealed yet waits, and the plan says so; checkpoints stay for good', async () => {
  const sealer = testSigner();
  store = await retentionStore(config, { sealers: [sealer.verifier] });
  const checkpointTo = (offset: number, lastOffset: number, by = sealer): Wanted => {
    const head = { origin: `${ORIGIN}/0`, size: lastOffset + 1, root: leafAt(0), accounting: leafAt(0) };
    const { note } = signCheckpoint({ ...head, firstOffset: 0, lastOffset, signedAt: '2026-01-01T00:00:00Z' }, [by]);
    const said = { audit_partition: '0', size: String(head.size), checkpoint: note };
    const attributes = Object.fromEntries(Object.entries(said).map(([name, value]) => [`attributes.${name}`, value]));
    return { offset, at: '2026-01-01T01:00:00Z', topic: OWN, action: 'ledger.checkpoint', team: '', attributes };
  };
  await store.store({ offset: 0, at: '2026-01-01T00:00:00Z' }, { offset: 1, at: '2026-01-01T00:00:01Z' });
  await store.settle(0, 2);
  let hour = 0;
  const waits = async (why: string) => {
    await store.pass(`2026-04-02T0${hour++}:00:00Z`);
    expect(await store.numbers('audit.events')).toEqual([0, 1]);
    const rows = await store.rows("SELECT why FROM audit.waiting WHERE stored_in = 'events'");
    expect(rows).toEqual([{ why }]);
  };
  await waits('nothing of audit partition 0 is sealed yet');
  await store.store(checkpointTo(0, 0));
  await waits('audit partition 0 is sealed up to 0, and events up to 1 are due');
  await store.store(checkpointTo(1, 1, testSigner(2)));
  await waits('the newest checkpoint of audit partition 0 in the store cannot be believed: no known key has signed it');
  await store.store(checkpointTo(2, 2));
  await store.pass('2026-04-02T09:00:00Z');
  expect(await store.numbers('audit.events')).toEqual([]);

  await store.settle(0, 4, OWN);
  await store.store(checkpointTo(3, 3));
  await store.pass('2035-01-01T00:00:00Z');
  expect(await store.rows('SELECT why FROM audit.waiting')).toEqual([]);
  const left = (table: string) => store.rows(`SELECT 1 FROM audit.${table} WHERE action = 'ledger.checkpoint'`);
  expect(await left('events')).toEqual([]);
  expect(await left('events_held')).toHaveLength(4);
});

test('rows without a stored account wait', async () => {
  store = await retentionStore(config);
  await store.store({ offset: 0, at: '2026-01-01T00:00:00Z' });
  await store.pass('2026-05-01T00:00:00Z');
  expect(await store.numbers('audit.events')).toEqual([0]);
  await store.settle(0, 1);
  await store.pass('2026-05-01T01:00:00Z');
  expect(await store.numbers('audit.events')).toEqual([]);
});

describe('hold', () => {
  test('keeps its rows past their day, until another operator lifts it', async () => {
    store = await retentionStore(config);
    await store.store(
      { offset: 0, at: '2026-01-01T08:00:00Z', session: 's1', content: true },
      { offset: 1, at: '2026-01-01T09:00:00Z', session: 's2', content: true },
      placed(0, '2026-02-01T00:00:00Z', "session_id = 's1'"),
    );
    await store.settle(0, 2);
    await store.settle(0, 4, OWN);
    await store.pass('2026-04-02T00:00:00Z');
    expect([await store.numbers('audit.events'), await store.numbers('audit.events_held')]).toEqual([[], [0]]);
    expect([await store.numbers('audit.content'), await store.numbers('audit.content_held')]).toEqual([[], [0]]);
    expect(await store.rows(`SELECT toString(event_id) AS id FROM audit.trail WHERE session_id = 's1'`)).toEqual([
      { id: idOf(0) },
    ]);
    await store.store(lifted(1, '2026-05-01T00:00:00Z', idOf(0, OWN), 'ada'));
    await store.pass('2026-05-01T01:00:00Z');
    expect(await store.numbers('audit.events_held')).toEqual([0]);
    await store.store(lifted(2, '2026-05-02T00:00:00Z', idOf(0, OWN), 'ben'));
    await store.pass('2026-05-02T01:00:00Z');
    expect([await store.numbers('audit.events_held'), await store.numbers('audit.content_held')]).toEqual([[], []]);
    expect(
      await store.rows(
        `SELECT events_stored, events_deleted, complete FROM audit.coverage WHERE origin_topic = 'gateway.events'`,
      ),
    ).toEqual([{ events_stored: 0, events_deleted: 2, complete: 1 }]);
  });

  test('outlives its own act', async () => {
    store = await retentionStore({ default: ['soc2'] });
    await store.store(
      { offset: 0, at: '2026-03-01T08:00:00Z', session: 's1' },
      placed(0, '2026-01-01T00:00:00Z', "session_id = 's1'"),
    );
    await store.settle(0, 1);
    await store.settle(0, 1, OWN);
    await store.pass('2027-01-01T00:00:00Z');
    expect(await store.rows('SELECT active FROM audit.holds')).toEqual([{ active: 1 }]);
    expect(await store.numbers('audit.events_held')).toEqual([0]);
    expect(await store.rows(`SELECT complete FROM audit.coverage`)).toEqual([{ complete: 1 }, { complete: 1 }]);
  });

  test('that is not what was placed stops everything', async () => {
    store = await retentionStore(config);
    const act = placed(0, '2026-02-01T00:00:00Z', "session_id = 's1'");
    await store.store(
      { offset: 0, at: '2026-01-01T08:00:00Z' },
      { ...act, attributes: { ...act.attributes, 'attributes.condition': "session_id = 's2'" } },
    );
    await store.settle(0, 1);
    await expect(store.pass('2026-05-01T00:00:00Z')).rejects.toThrow(/not the one that was placed/);
    expect(await store.numbers('audit.events')).toEqual([0]);
  });

  test('lifted while its partition stands lets go of each event once', async () => {
    store = await retentionStore(config);
    await store.store(
      { offset: 0, at: '2026-01-01T01:00:00Z', session: 's1', content: true },
      { offset: 1, at: '2026-01-01T20:00:00Z', session: 's2' },
      placed(0, '2026-02-01T00:00:00Z', "session_id = 's1'"),
    );
    await store.settle(0, 2);
    await store.pass('2026-04-01T00:00:00Z');
    expect([await store.numbers('audit.events'), await store.numbers('audit.events_held')]).toEqual([[0, 1], [0]]);
    await store.store(lifted(1, '2026-04-01T02:00:00Z', idOf(0, OWN)));
    await store.pass('2026-04-01T03:00:00Z');
    expect(await store.rows(COVERED)).toEqual([{ events_stored: 2, events_deleted: 0, complete: 1 }]);
    await store.pass('2026-04-01T21:00:00Z');
    expect([await store.numbers('audit.events'), await store.numbers('audit.events_held')]).toEqual([[], []]);
    expect(await store.rows(COVERED)).toEqual([{ events_stored: 0, events_deleted: 2, complete: 1 }]);
  });

  test.each([2, 3])(
    'placed after a crash at step %i of a deletion that dropped nothing yet keeps its rows',
    async (step) => {
      store = await retentionStore(config);
      await store.store(
        { offset: 0, at: '2026-01-01T01:00:00Z', session: 's1' },
        { offset: 1, at: '2026-01-01T01:00:00Z', session: 's2' },
      );
      await store.settle(0, 2);
      await expect(store.pass('2026-04-02T00:00:00Z', step)).rejects.toThrow();
      expect(await store.numbers('audit.events_leaving')).toEqual([0, 1]);
      await store.store(placed(0, '2026-04-03T00:00:00Z', "session_id = 's1'"));
      await store.pass('2026-04-05T00:00:00Z');
      expect([await store.numbers('audit.events_leaving'), await store.numbers('audit.events_held')]).toEqual([
        [],
        [0],
      ]);
      expect(await store.rows(COVERED)).toEqual([{ events_stored: 1, events_deleted: 1, complete: 1 }]);
      expect(files()).toHaveLength(1);
    },
  );
});

describe('what the archive stores between the look at a partition and its move', () => {
  const late = async (until: string) => {
    store = await retentionStore(config);
    await store.store({ offset: 0, at: '2026-01-01T01:00:00Z' });
    await store.settle(0, 1);
    store.at('2026-05-01T00:00:00Z');
    const { writer } = store.clickhouse;
    const run: typeof writer.run = async (sql, ...given) => {
      if (sql.includes('MOVE') && sql.endsWith('audit.events_leaving')) {
        await store.store({ offset: 1, at: '2026-01-01T02:00:00Z' });
        const longer = 'ALTER TABLE audit.events UPDATE retain_until = {until:DateTime64(6)} WHERE origin_offset = 1';
        await writer.run(longer, { until }, { mutations_sync: 2 });
      }
      await writer.run(sql, ...given);
    };
    const clickhouse = { ...store.clickhouse, writer: { ...writer, run } };
    await pass({ ...store.parts, clickhouse }, alone, new AbortController().signal);
    expect(await store.numbers('audit.events')).toEqual([0, 1]);
    await store.settle(1, 2);
    await store.pass('2026-05-01T01:00:00Z');
  };

  test('goes once its account is stored', async () => {
    await late('2026-04-01 02:00:00');
    expect(await store.rows(COVERED)).toEqual([{ events_stored: 0, events_deleted: 2, complete: 1 }]);
  });

  test('waits for its own deadline', async () => {
    await late('2027-01-01 00:00:00');
    expect(await store.rows(COVERED)).toEqual([{ events_stored: 2, events_deleted: 0, complete: 1 }]);
  });
});

test('a longer class learned later is honoured', async () => {
  store = await retentionStore(config);
  const claim = { 'subject.claim': 'session:s1' };
  await store.store(
    { offset: 0, at: '2026-01-01T08:00:00Z', session: 's1', content: true },
    { offset: 1, at: '2026-01-01T08:00:00Z', session: 's2' },
    {
      ...{ offset: 0, at: '2026-02-01T00:00:00Z', topic: OWN, action: 'attribution.corrected', team: '' },
      attributes: { 'subject.team': 'clinic' },
      personal: claim,
    },
  );
  await store.clickhouse.writer.run(
    `ALTER TABLE audit.events UPDATE actor_team = '' WHERE origin_topic = 'gateway.events'`,
    {},
    { mutations_sync: 2 },
  );
  await store.settle(0, 2);
  await store.settle(0, 1, OWN);
  await store.pass('2026-04-02T00:00:00Z');
  expect([await store.numbers('audit.events'), await store.numbers('audit.events_held')]).toEqual([[], [0]]);
  expect(await store.numbers('audit.content_held')).toEqual([0]);
  await store.pass('2031-12-31T00:00:00Z');
  expect(await store.numbers('audit.events_held')).toEqual([0]);
  await store.pass('2032-01-01T08:00:00Z');
  expect(await store.numbers('audit.events_held')).toEqual([]);
});

test('values that sources choose and no rule names do not make the question longer', async () => {
  const rules = retentionConfig.parse(config);
  store = await retentionStore(config);
  const correction = { 'subject.claim': 'session:s1' };
  await store.store(
    { offset: 0, at: '2026-01-01T08:00:00Z', session: 's1' },
    { offset: 1, at: '2026-01-01T08:00:00Z', session: 's1' },
    {
      ...{ offset: 0, at: '2026-02-01T00:00:00Z', topic: OWN, action: 'attribution.corrected', team: '' },
      attributes: { 'subject.team': 'clinic' },
      personal: correction,
    },
  );
  const { writer } = store.clickhouse;
  const unlike = `ALTER TABLE audit.events UPDATE actor_team = '', region = toString(origin_offset) WHERE session_id = 's1'`;
  await writer.run(unlike, {}, { mutations_sync: 2 });
  const [events] = SHELVINGS.filter(({ name }) => name === 'events');
  const place = { retention_class: 'soc2', bucket: '2026-01-01' };
  const now = micros('2026-04-02T00:00:00Z');
  const chosen =
    events && (await keepers(writer, events, events.table, place, await reasons(writer, rules), { now, by: now }));
  expect(chosen?.sql.match(/trail\.retain_until\) > /g)).toHaveLength(1);
});

test('a crash at any step repeats nothing and ends with one certificate for each partition', {
  timeout: 600_000,
}, async () => {
  store = await retentionStore(config);
  await store.store(placed(0, '2026-01-01T00:00:00Z', "session_id = 's1'"));
  for (let step = 0, isWhole = false; !isWhole; step++) {
    const day = (hour: number, days = step) => new Date(Date.UTC(2026, 0, 1 + days, hour)).toISOString();
    const [held, gone] = [2 * step, 2 * step + 1];
    await store.store({ offset: held, at: day(8), session: 's1' }, { offset: gone, at: day(9), session: 's2' });
    await store.settle(held, held + 2);
    isWhole = await store.pass(day(0, step + 91), step).then(
      () => true,
      () => false,
    );
    const sums =
      "SELECT complete, events_stored + events_deleted AS events FROM audit.coverage WHERE origin_topic = 'gateway.events'";
    expect(await store.rows(sums), `step ${step}`).toEqual([{ complete: 1, events: 2 * step + 2 }]);
    await store.pass(day(1, step + 91));
    const kept = Array.from({ length: step + 1 }, (_, index) => 2 * index);
    expect([await store.numbers('audit.events'), await store.numbers('audit.events_held')], `step ${step}`).toEqual([
      [],
      kept,
    ]);
    expect(await store.rows('SELECT sum(rows) AS rows FROM audit.deleted')).toEqual([{ rows: step + 1 }]);
    expect([(await acts()).length, files().length], `step ${step}`).toEqual([step + 1, step + 1]);
  }
});

test('of two that would delete, one waits until the other has said nothing for a while', async () => {
  store = await retentionStore(config);
  const { writer } = store.clickhouse;
  const asked = await Promise.all(['a', 'b', 'c'].map((owner) => takeLease(writer, owner, 'retain')));
  expect(asked.filter((taken) => taken)).toHaveLength(1);
  const first = ['a', 'b', 'c'][asked.indexOf(true)] ?? '';
  expect(await takeLease(writer, first, 'retain')).toBe(true);
  expect(await takeLease(writer, 'd', 'retain')).toBe(false);
  await writer.run(
    "ALTER TABLE audit.journal UPDATE journalled_at = journalled_at - INTERVAL 11 MINUTE WHERE topic = 'role/retain'",
    {},
    { mutations_sync: 2 },
  );
  expect(await takeLease(writer, 'd', 'retain')).toBe(true);
  expect(await takeLease(writer, first, 'retain')).toBe(false);
});

test('by a clock that is not the store’s nothing is judged', async () => {
  store = await retentionStore(config);
  await store.store({ offset: 0, at: '2026-01-01T00:00:00Z' });
  await store.settle(0, 1);
  const [said, stop]: [string[], AbortController] = [[], new AbortController()];
  const error = (fields: object) => {
    said.push(JSON.stringify(fields));
    stop.abort();
  };
  const clock = { now: () => new Date('2099-01-01T00:00:00Z'), sleep: async () => {} };
  await retain({ ...store.parts, clock, logger: { ...store.parts.logger, error } }).run(stop.signal);
  expect(said).toEqual([expect.stringContaining('the clock of the store and ours are')]);
  expect(await store.numbers('audit.events')).toEqual([0]);
});

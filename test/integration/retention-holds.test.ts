import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { gate } from '../../services/clickhouse/gate.ts';
import { retentionPlan } from '../../services/clickhouse/queries/retention.ts';
import type { Logger } from '../../services/core/logger.ts';
import { fileRanges } from '../../services/processes/retain/filing.ts';
import { pass } from '../../services/processes/retain/pass.ts';
import { open } from '../../services/retention/certificate.ts';
import { alone, idOf, lifted, placed, type RetentionStore, retentionStore } from '../support/retention-store.ts';

/** What keeps a deletion from going on, and what it leaves behind when it has. */

const OWN = 'trailhouse.events';
const config = { rules: [{ when: { topic: 'gateway.events' }, keep: ['soc2'] }], default: ['hipaa'] };
let store: RetentionStore;
afterEach(() => store.close());

const plan = async () => {
  const { writer } = store.clickhouse;
  const gated = await gate(retentionPlan.sql, (statement) => writer.text(statement, 'TabSeparatedRaw'));
  if (!gated.ok) throw new Error(gated.reason);
  return writer.rows(gated.sql, { limit: 100 });
};

const toldActs = async (): Promise<readonly { action: string; attributes: Record<string, string> }[]> => {
  const found: string[] = [];
  await store.log.read(OWN, 0, ({ records }) =>
    found.push(...records.map(({ value }) => Buffer.from(value).toString())),
  );
  return found.map((text) => JSON.parse(text));
};

/** A pass that keeps what it says to operators. */
async function passSaying(iso: string): Promise<string> {
  const said: string[] = [];
  const say = (fields: object, text: string) => void said.push(`${text} ${JSON.stringify(fields)}`);
  const logger: Logger = { ...store.parts.logger, error: say, warn: say };
  store.at(iso);
  await pass({ ...store.parts, logger }, alone, new AbortController().signal);
  return said.join('\n');
}

describe('the ranges of a deletion', () => {
  test('are filed beside the certificate, which names their digest and not them', async () => {
    store = await retentionStore(config);
    const days = Array.from({ length: 40 }, (_, offset) => ({ offset, at: '2026-01-01T08:00:00Z' }));
    await store.store(...days);
    for (const { offset } of days) await store.settle(offset, offset + 1);
    await store.pass('2026-04-02T00:00:00Z');
    const [file = ''] = readdirSync(store.certificates).filter((name) => name.endsWith('.json'));
    const opened = open(readFileSync(join(store.certificates, file), 'utf8'), store.publicPem);
    if (opened.kind !== 'genuine') throw new Error(opened.reason);
    const { certificate: id, ranges } = opened.certificate;
    const list = readFileSync(join(store.certificates, `${id}.ranges.csv`), 'utf8');
    expect(list.split('\n').slice(0, 2)).toEqual(['0,"gateway.events",0,0,1', '0,"gateway.events",0,1,1']);
    expect(ranges).toEqual({ count: 40, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    // Read page by page it is the same.
    expect(await fileRanges(store.clickhouse.writer, store.certificates, id, 7)).toEqual(ranges);
    const act = (await toldActs()).find(({ action }) => action === 'retention.deleted');
    expect(act?.attributes.digest).toBe(opened.digest);
    expect(JSON.stringify(act).length).toBeLessThan(6_000);
  });
});

describe('a hold whose condition fails on a row', () => {
  const BREAKS = 'toUInt8(session_id) = 7';

  const stored = async () => {
    store = await retentionStore(config);
    await store.store(
      { offset: 0, at: '2026-01-01T08:00:00Z', session: 'no number' },
      { offset: 1, at: '2026-01-02T08:00:00Z', session: '12' },
      placed(0, '2026-01-10T00:00:00Z', BREAKS, 'ada'),
    );
    await store.settle(0, 2);
  };

  test('keeps the partitions that it fails on, is named with its operator, and lets the others go', async () => {
    await stored();
    const said = await passSaying('2026-05-01T00:00:00Z');
    expect(said).toContain(`hold ${idOf(0, OWN)} of operator ada cannot be asked of every row`);
    expect(said).not.toContain('no number');
    expect(await store.numbers('audit.events')).toEqual([0]);
    const [first] = await plan();
    expect(first).toMatchObject({ stored_in: 'events', hold: idOf(0, OWN), operator: 'ada' });
    expect(String(first?.state)).toMatch(
      /^waits: hold .* cannot be asked of every row \(ClickHouse answers 6 CANNOT_PARSE_TEXT\)/,
    );
    const alarms = (await toldActs()).filter(({ attributes }) => attributes.what === 'retention alarm');
    expect(alarms).toMatchObject([{ attributes: { hold: idOf(0, OWN), operator: 'ada' } }]);
  });

  test('stands in the way no more once it is lifted', async () => {
    await stored();
    await passSaying('2026-05-01T00:00:00Z');
    await store.store(lifted(1, '2026-05-01T01:00:00Z', idOf(0, OWN), 'ben'));
    expect(await passSaying('2026-05-01T02:00:00Z')).toBe('');
    expect(await store.numbers('audit.events')).toEqual([]);
    expect((await plan()).filter(({ state }) => String(state).startsWith('waits'))).toEqual([]);
  });
});

describe('a hold that is not what was placed', () => {
  test('is named where the plan is asked for', async () => {
    store = await retentionStore(config);
    const act = placed(0, '2026-02-01T00:00:00Z', "session_id = 's1'", 'ada');
    await store.store(
      { offset: 0, at: '2026-01-01T08:00:00Z' },
      { ...act, attributes: { ...act.attributes, 'attributes.condition': "session_id = 's2'" } },
    );
    await store.settle(0, 1);
    await expect(store.pass('2026-05-01T00:00:00Z')).rejects.toThrow(/operator ada/);
    const [stopped] = await store.rows("SELECT why, hold, operator FROM audit.waiting WHERE stored_in = ''");
    expect(stopped).toMatchObject({ hold: idOf(0, OWN), operator: 'ada' });
  });
});

describe('quarantine', () => {
  const quarantined = async (...holds: Parameters<typeof placed>[]) => {
    store = await retentionStore(config);
    await store.clickhouse.writer.run(
      `INSERT INTO audit.quarantine (quarantine_id, origin_topic, origin_offset, received_at, quarantined_at, retention_bucket, retain_until)
       SELECT toUUID({id:String}), 'gateway.events', 0, '2026-01-01 08:00:00', '2026-01-01 08:00:01', '2026-01-01', '2026-03-01 00:00:00'`,
      { id: idOf(0) },
    );
    await store.clickhouse.writer.run(
      `INSERT INTO audit.accounting (origin_topic, first, next, quarantined) SELECT 'gateway.events', 0, 1, 1`,
    );
    await store.store(...holds.map((hold) => placed(...hold)));
    const said = await passSaying('2026-05-01T00:00:00Z');
    return { said, rows: await store.numbers('audit.quarantine') };
  };
  const hold = (quarantine: string, window: [string, string] = ['', '']): Parameters<typeof placed> => [
    0,
    '2026-01-02T00:00:00Z',
    "session_id = 's1'",
    'ada',
    window,
    quarantine,
  ];

  test('goes in spite of a hold that says nothing of it', async () => {
    expect(await quarantined(hold(''))).toEqual({ said: '', rows: [] });
  });

  test.each([['gateway.events'], ['*']])('stays for a hold over %s, and the plan says for which', async (topic) => {
    const { said, rows } = await quarantined(hold(topic, ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z']));
    expect(rows).toEqual([0]);
    expect(said).toContain(`hold ${idOf(0, OWN)} of operator ada keeps 1 quarantined messages of the day`);
    expect(await plan()).toContainEqual(expect.objectContaining({ stored_in: 'quarantine', hold: idOf(0, OWN) }));
    await store.store(lifted(1, '2026-05-01T01:00:00Z', idOf(0, OWN), 'ben'));
    await store.pass('2026-05-01T02:00:00Z');
    expect(await store.numbers('audit.quarantine')).toEqual([]);
  });

  test.each([
    ['another topic', hold('mcp.events')],
    ['another time', hold('*', ['2026-01-01T09:00:00Z', ''])],
  ])('goes in spite of a hold over %s', async (_, one) => {
    expect(await quarantined(one)).toEqual({ said: '', rows: [] });
  });
});

describe('content that its event does not commit to', () => {
  const commit = (table: string, offset: number, byte: string) =>
    store.clickhouse.writer.run(
      `ALTER TABLE audit.${table} UPDATE content_commitment = repeat({byte:String}, 32) WHERE origin_offset = {offset:Int64}`,
      { offset, byte },
      { mutations_sync: 2 },
    );
  const stored = async () => {
    store = await retentionStore(config);
    for (const offset of [0, 1, 2]) {
      await store.store({ offset, at: '2026-01-01T08:00:00Z', content: true });
      await commit('content', offset, 'a');
      if (offset < 2) await commit('events', offset, offset === 0 ? 'a' : 'b');
    }
  };

  test('is counted and goes; what is on its way, and what fits, stays', async () => {
    await stored();
    await store.clickhouse.writer.run(
      'ALTER TABLE audit.events DELETE WHERE origin_offset = 2',
      {},
      { mutations_sync: 2 },
    );
    expect(await passSaying('2026-01-02T00:00:00Z')).toContain('"orphans":1,"swept":1');
    expect(await store.numbers('audit.content')).toEqual([0, 2]);
    expect(await toldActs()).toMatchObject([
      { attributes: { what: 'content that no event commits to is deleted', rows: 1 } },
    ]);
    expect(await passSaying('2026-01-02T01:00:00Z')).toBe('');
  });

  test('is counted and stays while a hold is in force', async () => {
    await stored();
    await store.store(placed(0, '2026-01-01T00:00:00Z', "session_id = 's1'"));
    expect(await passSaying('2026-01-02T00:00:00Z')).toContain('"orphans":2,"swept":0');
    expect(await store.numbers('audit.content')).toEqual([0, 1, 2]);
  });
});

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { ClickHouseFailure } from '../../services/clickhouse/failure.ts';
import { rawMessage } from '../../services/codec/records.ts';
import type { Asker } from '../../services/console/desk.ts';
import type { Log } from '../../services/core/log.ts';
import type { Store } from '../../services/core/store.ts';
import { envelope } from '../../services/formats/envelope/index.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { openKeys } from '../../services/privacy/keys.ts';
import { seal } from '../../services/privacy/seal.ts';
import { openDesk } from '../../services/processes/desk.ts';
import { judge } from '../../services/processes/ingest/judge.ts';
import { fakeClock } from '../support/clock.ts';
import { memoryLog } from '../support/memory-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-desk-'));
afterAll(() => rmSync(folder, { recursive: true }));

const asker: Asker = { id: 'ada', address: '127.0.0.1', userAgent: 'test' };
const TREE = 'SelectWithUnionQuery (children 1)\n ExpressionList';

/** A store that explains every query as harmless and answers `1`. */
const willing: Store = {
  rows: async () => [],
  text: async (sql) => (sql.startsWith('EXPLAIN') ? TREE : '1\n'),
};

function open(store: Store, break_: Pick<Log, 'append'> | undefined = undefined) {
  const clock = fakeClock();
  const sent: { topic: string; value: Uint8Array }[] = [];
  const log: Log = {
    ...memoryLog(clock),
    async append(topic, partition, records) {
      if (break_ !== undefined) return break_.append(topic, partition, records);
      for (const { value } of records) sent.push({ topic, value });
      return sent.length - 1;
    },
  };
  const keys = openKeys(join(folder, 'keys'));
  const desk = openDesk({
    store,
    log,
    keys,
    retried: join(folder, 'retried'),
    sinks: [],
    privacy: privacyConfig.parse({}),
    topics: ['gateway.events'],
    operators: {},
    clock,
    count() {},
  });
  return { desk, sent, keys };
}

const select = (sql: string, params: Readonly<Record<string, string>> = {}) => ({ sql, format: 'TSV', params });
const acts = (sent: readonly { readonly value: Uint8Array }[]) =>
  sent.map(({ value }) => JSON.parse(Buffer.from(value).toString()));

test('whatever is asked, and by whom, fits the trail', async () => {
  const word = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '\0', '\ud800'));
  await fc.assert(
    fc.asyncProperty(word, word, word, word, async (sql, name, value, userAgent) => {
      const { desk, sent } = open(willing);
      const params = Object.fromEntries([[name, value]]);
      await desk.select(select(sql, params), { ...asker, userAgent });
      await desk.quarantined(value, '', { ...asker, id: name });
      for (const act of sent) expect(judge(act.value, 'json', [envelope])).toMatchObject({ kind: 'accepted' });
      await desk.retry(value, '', asker);
      expect(sent).toHaveLength(3);
    }),
    { numRuns: 60, examples: [['', '\t', '', '']] },
  );
});

test('an act that could not be recorded is not taken for told', async () => {
  let working = false;
  const told: string[] = [];
  const { desk } = open(willing, {
    async append(topic) {
      if (!working) throw new Error('disk full');
      return told.push(topic);
    },
  });
  const both = [desk.select(select('SELECT 1'), asker), desk.select(select('SELECT 1'), asker)];
  for (const { status } of await Promise.allSettled(both)) expect(status).toBe('rejected');
  working = true;
  for (let times = 0; times < 3; times++)
    expect(await desk.select(select('SELECT 1'), asker)).toMatchObject({ kind: 'text' });
  expect(told).toHaveLength(1);
});

test.each([
  ['the parser does not answer', new ClickHouseFailure('socket hang up', undefined, undefined), 'socket hang up'],
  ['the answer is too long', new RangeError('what was asked'), 'the answer could not be read (RangeError)'],
])('a question is in the trail when %s', async (_, error, message) => {
  const { desk, sent } = open({ ...willing, text: () => Promise.reject(error) });
  expect(await desk.select(select('SELECT 1'), asker)).toEqual({ kind: 'failed', code: 1002, message });
  expect(acts(sent)).toMatchObject([{ action: 'audit.query', outcome: 'failure', content: { sql: 'SELECT 1' } }]);
});

test.each(['Parquet', 'Template', 'Protobuf', 'MySQLWire', 'JSON SETTINGS x = 1', 'CSV\nx: y', ''])(
  'format %j is refused, and told',
  async (format) => {
    const { desk, sent } = open(willing);
    expect(await desk.select({ ...select('SELECT 1'), format }, asker)).toMatchObject({ kind: 'refused' });
    expect(acts(sent)).toMatchObject([{ outcome: 'denied' }]);
  },
);

test('several who retry at once send a message once; one that could not be sent may be tried again', async () => {
  const id = '00ddce00-0000-8000-8000-0000000000a1';
  const key = await openKeys(join(folder, 'keys')).get('quarantine-2026-01-15');
  const message = rawMessage.encode({ key: null, headers: {}, value: Buffer.from('{') });
  const sealed = Buffer.from(seal(key, message, Buffer.from(id))).toString('base64');
  const store: Store = {
    ...willing,
    rows: async (sql) =>
      sql.includes('tries')
        ? [{ tries: 0 }]
        : [{ origin_topic: 'gateway.events', origin_partition: 0, key_id: 'quarantine-2026-01-15', sealed }],
  };
  await expect(
    open(store, { append: () => Promise.reject(new Error('disk full')) }).desk.retry(id, '', asker),
  ).rejects.toThrow();
  expect(readdirSync(join(folder, 'retried'))).toEqual([]);

  const [one, other] = [open(store), open(store)];
  const answers = await Promise.all([one, one, other, other].map(({ desk }) => desk.retry(id, '', asker)));
  expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['refused', 'refused', 'refused', 'text']);
  expect([...one.sent, ...other.sent].filter(({ topic }) => topic === 'gateway.events')).toHaveLength(1);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveLane } from '../../services/clickhouse/archive.ts';
import { type ClickHouse, openClickHouse } from '../../services/clickhouse/client.ts';
import { migrate } from '../../services/clickhouse/migrate.ts';
import { rawMessage } from '../../services/codec/records.ts';
import { repoSchemas } from '../../services/codec/schemas.ts';
import { silent } from '../../services/core/logger.ts';
import { formats } from '../../services/formats/index.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { openKeys } from '../../services/privacy/keys.ts';
import { unseal } from '../../services/privacy/seal.ts';
import { bind, type TopicConfig } from '../../services/processes/bindings.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { ingest } from '../../services/processes/ingest/stage.ts';
import { retentionConfig } from '../../services/retention/config.ts';
import { hostileMessages, soundMessages } from '../support/hostile.ts';
import { nobodyListed } from '../support/identity.ts';
import { memoryLog } from '../support/memory-log.ts';

/** Hostile messages, each followed by a sound one, through ingest and archive into the engine. */

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-hostile-'));
const AUDIT = ['audit.events', 'audit.content', 'audit.quarantine', 'audit.accounting'] as const;
const ENCODINGS = ['json', 'text', 'otlp_json', 'otlp_proto'] as const;
const topics: Record<string, TopicConfig> = {};
for (const encoding of ENCODINGS) {
  const known = formats.filter(({ encodings }) => encodings.includes(encoding)).map(({ name }) => name);
  topics[encoding] = { partitions: 1, encoding, formats: known, ceiling: 'claimed', epoch: 0 };
}

const stop = new AbortController();
const log = memoryLog(systemClock, 50);
const keys = openKeys(join(folder, 'keys'));
const hostile = hostileMessages();
const placed: { readonly name: string; readonly topic: string; readonly offset: number; readonly place?: RegExp }[] =
  [];
const broken: string[] = [];
let clickhouse: ClickHouse;
let running: Promise<unknown>;
let sound = 0;

beforeAll(async () => {
  clickhouse = await openClickHouse({ driver: 'embedded', path: join(folder, 'store'), spool: join(folder, 'spool') });
  await migrate(clickhouse.writer);
  const bindings = bind(topics);
  await log.create([...bindings.keys(), ...AUDIT].map((name) => ({ name, partitions: 1, retentionMs: -1 })));
  for (const { name, encoding, value, place } of hostile) {
    const offset = await log.append(encoding, 0, [{ value, key: Buffer.from(name) }]);
    placed.push({ name, topic: encoding, offset, ...(place === undefined ? {} : { place }) });
    const good = soundMessages().find((message) => message.encoding === encoding);
    await log.append(encoding, 0, [{ value: good?.value ?? Buffer.alloc(0) }]);
    sound += 1;
  }
  const parts = { log, clickhouse, schemas: repoSchemas(), clock: systemClock };
  const logger = { ...silent, error: (fields: object) => broken.push(JSON.stringify(fields)) };
  const retention = retentionConfig.parse({});
  const privacy = privacyConfig.parse({});
  const settings = { bindings, auditPartitions: 1, keys, retention, privacy, quarantineDays: 30, count() {} };
  const stage = ingest({ ...parts, ...settings, identity: nobodyListed, logger });
  const lanes = AUDIT.map((topic) => archiveLane({ ...parts, topic, group: 'archive', owner: 'test', logger: silent }));
  running = Promise.all([stage, ...lanes].map(({ run }) => run(stop.signal)));
  for (const [group, names] of [
    ['trailhouse-ingest', Object.keys(topics)],
    ['archive', AUDIT],
  ] as const)
    for (const topic of names)
      for (;;) {
        const end = (await log.describe(topic))?.partitions[0]?.end ?? 0;
        if (((await log.committed(group, topic)).get(0)?.offset ?? 0) >= end) break;
        await systemClock.sleep(50, stop.signal);
      }
});

afterAll(async () => {
  stop.abort();
  await running;
  await clickhouse.close();
  rmSync(folder, { recursive: true });
});

test('none stalls the lane: every sound message behind one is stored', async () => {
  expect(hostile.length).toBeGreaterThanOrEqual(150);
  const [events] = await clickhouse.writer.rows('SELECT uniqExact(origin_topic, origin_offset) AS n FROM audit.events');
  expect(events).toEqual({ n: sound });
  expect(broken).toEqual([]);
});

test('each is in quarantine with a reason that names the place, and with its bytes', async () => {
  const rows = await clickhouse.writer.rows(
    'SELECT quarantine_id, origin_topic, origin_offset, reason, bytes, key_id, base64Encode(sealed) AS sealed FROM audit.quarantine',
  );
  expect(rows.length).toBe(hostile.length);
  for (const [index, { name, topic, offset, place }] of placed.entries()) {
    const row = rows.find((each) => each.origin_topic === topic && each.origin_offset === offset);
    expect(row?.reason, name).toMatch(place ?? /^[^:]+: \S/);

    const key = await keys.find(String(row?.key_id));
    const plain = unseal(
      key ?? new Uint8Array(32),
      Buffer.from(String(row?.sealed), 'base64'),
      Buffer.from(String(row?.quarantine_id)),
    );
    const message = rawMessage.decode(plain ?? new Uint8Array());
    expect(Buffer.from(message.value).equals(hostile[index]?.value ?? Buffer.alloc(0)), name).toBe(true);
    expect(Buffer.from(message.key ?? []).toString()).toBe(name);
  }
});

test('the accounts say so', async () => {
  const rows = await clickhouse.writer.rows(
    'SELECT sum(a.accepted) AS accepted, sum(a.quarantined) AS quarantined, sum(a.absent) AS absent FROM audit.accounting AS a',
  );
  expect(rows).toEqual([{ accepted: sound, quarantined: hostile.length, absent: 0 }]);
});

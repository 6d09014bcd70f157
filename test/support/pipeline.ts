import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveLane } from '../../services/clickhouse/archive.ts';
import { type ClickHouse, openClickHouse } from '../../services/clickhouse/client.ts';
import { migrate } from '../../services/clickhouse/migrate.ts';
import { repoSchemas } from '../../services/codec/schemas.ts';
import type { Clock } from '../../services/core/clock.ts';
import type { Log } from '../../services/core/log.ts';
import { silent } from '../../services/core/logger.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { type Keys, openKeys } from '../../services/privacy/keys.ts';
import { type Bindings, bind, DEFAULT_TOPICS } from '../../services/processes/bindings.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { type IngestParts, ingest } from '../../services/processes/ingest/stage.ts';
import { retentionConfig } from '../../services/retention/config.ts';
import { nobodyListed } from './identity.ts';
import { memoryLog } from './memory-log.ts';

/** Records that are read at once, as the embedded log has it: every cut is an insert that reaches the disk. */
const BATCH = 2_000;

const AUDIT = ['audit.events', 'audit.content', 'audit.quarantine', 'audit.accounting'] as const;

/** Ingest and archive over a log in memory and the engine in this process. */
export interface Pipeline {
  readonly folder: string;
  readonly log: Log;
  readonly clickhouse: ClickHouse;
  readonly keys: Keys;
  readonly bindings: Bindings;
  /** Appends messages as JSON, received at `at` or now. */
  send(topic: string, messages: readonly unknown[], at?: Date): Promise<void>;
  /** Resolves when everything that is in the log is stored. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** `more` replaces parts of ingest. */
export async function openPipeline(name: string, more: Partial<IngestParts> = {}): Promise<Pipeline> {
  const folder = mkdtempSync(join(tmpdir(), `trailhouse-${name}-`));
  const clock: Clock = more.clock ?? systemClock;
  const stop = new AbortController();
  const log = memoryLog(clock, BATCH);
  const bindings = more.bindings ?? bind(DEFAULT_TOPICS);
  const keys = openKeys(join(folder, 'keys'));
  const clickhouse = await openClickHouse({
    driver: 'embedded',
    path: join(folder, 'store'),
    spool: join(folder, 'spool'),
  });
  await migrate(clickhouse.writer);
  await log.create([...bindings.keys(), ...AUDIT].map((topic) => ({ name: topic, partitions: 1, retentionMs: -1 })));
  const parts = { log, clickhouse, schemas: repoSchemas(), logger: silent, clock };
  const stage = ingest({
    ...parts,
    bindings,
    auditPartitions: 1,
    keys,
    retention: retentionConfig.parse({}),
    identity: nobodyListed,
    privacy: privacyConfig.parse({}),
    quarantineDays: 30,
    count() {},
    ...more,
  });
  const lanes = AUDIT.map((topic) => archiveLane({ ...parts, topic, group: 'archive', owner: name }));
  const running = Promise.all([stage, ...lanes].map(({ run }) => run(stop.signal)));

  return {
    folder,
    log,
    clickhouse,
    keys,
    bindings,
    async send(topic, messages, at = clock.now()) {
      const records = messages.map((message) => ({ value: Buffer.from(JSON.stringify(message)), timestamp: at }));
      await log.append(topic, 0, records);
    },
    async settled() {
      for (const topic of bindings.keys()) await reached(log, 'trailhouse-ingest', topic, stop.signal);
      for (const topic of AUDIT) await reached(log, 'archive', topic, stop.signal);
    },
    async close() {
      stop.abort();
      await running;
      await clickhouse.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function reached(log: Log, group: string, topic: string, signal: AbortSignal): Promise<void> {
  const end = (await log.describe(topic))?.partitions[0]?.end ?? 0;
  while (((await log.committed(group, topic)).get(0)?.offset ?? 0) < end) await systemClock.sleep(20, signal);
}

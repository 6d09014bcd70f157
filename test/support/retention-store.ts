import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writer } from '../../services/clickhouse/client.ts';
import { type ClickHouse, openClickHouse } from '../../services/clickhouse/client.ts';
import { migrate } from '../../services/clickhouse/migrate.ts';
import { conditionDigest } from '../../services/clickhouse/retention/holds.ts';
import type { Clock } from '../../services/core/clock.ts';
import { silent } from '../../services/core/logger.ts';
import { eventId } from '../../services/core/origin.ts';
import type { RetainParts } from '../../services/processes/retain/parts.ts';
import { pass } from '../../services/processes/retain/pass.ts';
import { classify, classifyContent, type Kept, type RetentionRules } from '../../services/retention/classify.ts';
import { retentionConfig } from '../../services/retention/config.ts';
import { newKey, readSigningKey } from '../../services/retention/signing.ts';
import { type MemoryLog, memoryLog } from './memory-log.ts';

/** One event as a test wants it stored. */
/** Nobody else is at work. */
export const alone = async (): Promise<void> => {};

export interface Wanted {
  readonly offset: number;
  /** When it occurred. */
  readonly at: string;
  readonly receivedAt?: string;
  readonly topic?: string;
  readonly team?: string;
  readonly action?: string;
  readonly session?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly personal?: Readonly<Record<string, string>>;
  readonly content?: boolean;
}

export interface RetentionStore {
  readonly clickhouse: ClickHouse;
  readonly parts: RetainParts;
  readonly log: MemoryLog;
  readonly publicPem: string;
  readonly certificates: string;
  at(iso: string): void;
  store(...events: readonly Wanted[]): Promise<void>;
  /** Accounts for raw offsets of which each gave one event. */
  settle(first: number, next: number, topic?: string): Promise<void>;
  /** A pass at a time; `broken` fails the n-th statement that writes. */
  pass(iso: string, broken?: number): Promise<void>;
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  numbers(table: string): Promise<readonly number[]>;
  close(): Promise<void>;
}

export const micros = (iso: string): number => Date.parse(iso) * 1000;
const OWN = 'trailhouse.events';

export const idOf = (offset: number, topic = 'gateway.events'): string =>
  eventId({ epoch: 0, topic, partition: 0, offset, ordinal: 0 });

/** A store whose clock a test sets, with the rows a test puts there; `more` replaces parts of the role. */
export async function retentionStore(config: unknown, more: Partial<RetainParts> = {}): Promise<RetentionStore> {
  const folder = mkdtempSync(join(tmpdir(), 'trailhouse-retention-'));
  const engine = await openClickHouse({
    driver: 'embedded',
    path: join(folder, 'store'),
    spool: join(folder, 'spool'),
  });
  await migrate(engine.writer);
  const rules = retentionConfig.parse(config);
  let now = new Date('2026-01-01T00:00:00Z');
  const clock: Clock = { now: () => now, sleep: () => Promise.reject(new Error('nobody waits here')) };
  const log = memoryLog(clock);
  await log.create([{ name: OWN, partitions: 1, retentionMs: -1 }]);
  const { privatePem, publicPem } = newKey();
  let left = Number.POSITIVE_INFINITY;
  const clickhouse = { ...engine, writer: failing(engine.writer, () => left-- > 0) };
  const failingLog = {
    ...log,
    append: (...given: Parameters<MemoryLog['append']>) => {
      if (left-- > 0) return log.append(...given);
      return Promise.reject(new Error('broken'));
    },
  };
  const certificates = join(folder, 'certificates');
  const parts: RetainParts = {
    ...{ clickhouse, rules, certificates, clock, log: failingLog, logger: silent, owner: 'test' },
    signingKey: readSigningKey(privatePem),
    ...more,
  };
  const { writer } = engine;

  async function store(table: 'events' | 'content', rows: readonly unknown[]): Promise<void> {
    if (rows.length === 0) return;
    const [columns, values] = INTO[table];
    await writer.run(
      `INSERT INTO audit.${table} (${columns})
       SELECT ${values} FROM (SELECT arrayJoin(JSONExtract({rows:String}, '${ROW}')) AS r)`,
      { rows: JSON.stringify(rows) },
      { max_partitions_per_insert_block: 0 },
    );
  }

  return {
    ...{ clickhouse: engine, parts, log, publicPem, certificates },
    at(iso) {
      now = new Date(iso);
    },
    async store(...events) {
      const both = events.map((event) => ({ event, rows: rowsOf(event, rules) }));
      await store(
        'events',
        both.map(({ rows }) => rows.event),
      );
      await store(
        'content',
        both.filter(({ event }) => event.content === true).map(({ rows }) => rows.content),
      );
    },
    async settle(first, next, topic = 'gateway.events') {
      await writer.run(
        `INSERT INTO audit.accounting (origin_topic, first, next, accepted, events)
         SELECT {topic:String}, {first:Int64}, {next:Int64}, {next:Int64} - {first:Int64}, {next:Int64} - {first:Int64}`,
        { topic, first, next },
      );
    },
    async pass(iso, broken = Number.POSITIVE_INFINITY) {
      now = new Date(iso);
      left = broken;
      try {
        await pass(parts, alone, new AbortController().signal);
      } finally {
        left = Number.POSITIVE_INFINITY;
      }
    },
    rows: (sql) => writer.rows(sql),
    async numbers(table) {
      const rows = await writer.rows(
        `SELECT origin_offset AS n FROM ${table} WHERE origin_topic != '${OWN}' ORDER BY n`,
      );
      return rows.map(({ n }) => Number(n));
    },
    async close() {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const ROW =
  'Array(Tuple(String, String, Int64, Int64, Int64, String, String, String, Map(String, String), Map(String, String), String, Int32, Int64, String))';
const time = (at: number): string => `fromUnixTimestamp64Micro(r.${at}, 'UTC')`;
const SHARED =
  'event_id, origin_topic, origin_offset, audit_offset, occurred_at, retention_class, retention_bucket, retain_until';
const SHARED_VALUES = `toUUID(r.1), r.2, r.3, r.3, ${time(4)}, r.11, toDate(r.12), ${time(13)}`;
const INTO = {
  events: [
    `${SHARED}, received_at, action, actor_team, session_id, attributes, personal_attributes, retention_reason, surface, format, outcome`,
    `${SHARED_VALUES}, ${time(5)}, r.6, r.7, r.8, r.9, r.10, r.14, 'api', 'envelope', 'success'`,
  ],
  content: [`${SHARED}, content`, `${SHARED_VALUES}, 'said'`],
} as const;

function rowsOf(event: Wanted, rules: RetentionRules) {
  const { offset, at, receivedAt = at, topic = 'gateway.events', team = 'web', action = 'llm.request' } = event;
  const [occurredAt, received] = [micros(at), micros(receivedAt)];
  const basis = { occurredAt, receivedAt: received, topic, surface: 'api', team, project: '', dataClasses: [] };
  const said = [idOf(offset, topic), topic, offset, occurredAt, received, action, team, event.session ?? ''];
  const row = (kept: Kept) => [
    ...[...said, event.attributes ?? {}, event.personal ?? {}],
    ...[kept.retention_class, kept.retention_bucket, kept.retain_until, kept.retention_reason],
  ];
  return { event: row(classify(basis, rules)), content: row(classifyContent(basis, rules)) };
}

/** Every statement that writes may be the one at which the process dies. */
function failing(writer: Writer, mayGoOn: () => boolean): Writer {
  return {
    ...writer,
    rows: writer.rows,
    text: writer.text,
    insert: writer.insert,
    run: (...given) => (mayGoOn() ? writer.run(...given) : Promise.reject(new Error('broken'))),
  };
}

/** The act by which a hold is placed, as it is stored. */
export function placed(
  offset: number,
  at: string,
  condition: string,
  operator = 'ada',
  window = ['', ''],
  quarantine = '',
): Wanted {
  const [occurred_from = '', occurred_to = ''] = window;
  const hold = { condition, occurred_from, occurred_to, quarantine };
  return {
    ...{ offset, at, topic: OWN, action: 'hold.placed', team: '' },
    attributes: named({ ...hold, operator, reason: 'litigation', condition_digest: conditionDigest(hold) }),
  };
}

export function lifted(offset: number, at: string, hold: string, operator = 'ben'): Wanted {
  return {
    ...{ offset, at, topic: OWN, action: 'hold.lifted', team: '' },
    attributes: named({ hold, operator, reason: 'settled' }),
  };
}

const named = (all: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(all).map(([name, value]) => [`attributes.${name}`, value]));

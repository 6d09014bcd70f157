import { mkdirSync, rmSync } from 'node:fs';
import { unlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ChdbResult, drainPending, Session } from 'chdb';
import type { Store } from '../core/store.ts';
import {
  type AvroInsert,
  type ClickHouse,
  type EmbeddedConfig,
  JSON_SETTINGS,
  limitSettings,
  type Params,
  type ReadLimits,
  type Settings,
} from './client.ts';
import { EmbeddedStreams } from './embedded-streams.ts';
import { failure } from './failure.ts';
import { readRows } from './rows.ts';
import { insertSql, literal, quote, settingsClause, structure } from './sql.ts';

/**
 * The engine in this process. Sessions are used as they are rather than through `@clickhouse/client`'s connection: that
 * one turns the settings of a statement into `SET`, which stay on the session, so that the deduplication token of one
 * insert would silence the next, and it decodes the bodies of inserts as UTF-8.
 */
export function openEmbedded({ path, spool }: EmbeddedConfig): ClickHouse {
  rmSync(spool, { recursive: true, force: true });
  mkdirSync(spool, { recursive: true, mode: 0o700 });
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const sessions: { close(): Promise<void> }[] = [];
  const open = (settings: Settings): EmbeddedSession => {
    const session = new EmbeddedSession(resolve(path), settings);
    sessions.push(session);
    return session;
  };
  const writer = open(JSON_SETTINGS);
  let files = 0;

  return {
    writer: {
      ...asStore(writer),
      async run(sql, params, settings) {
        await writer.query(sql + settingsClause(settings), 'Null', params);
      },
      async insert(insert: AvroInsert) {
        const file = resolve(join(spool, `${files++}.avro`));
        try {
          await writeFile(file, insert.file, { mode: 0o600 });
          const source = `file(${quote(file)}, 'Avro', ${structure(insert.columns)})`;
          await writer.query(insertSql(insert, source) + settingsClause(insert.settings), 'Null', insert.params);
        } finally {
          await unlink(file).catch(() => {});
        }
      },
    },
    reader: (limits: ReadLimits) => asStore(open({ ...JSON_SETTINGS, ...limitSettings(limits) })),
    streams(limits, most) {
      const streams = new EmbeddedStreams(resolve(path), limits, most);
      sessions.push(streams);
      return streams;
    },
    async close() {
      await Promise.all(sessions.map((session) => session.close()));
      await drainPending();
    },
  };
}

function asStore(session: EmbeddedSession): Store {
  return {
    rows: async (sql, params) => readRows(await session.query(sql, 'JSONEachRow', params)),
    text: (sql, format, params) => session.query(sql, format, params),
  };
}

/** Statements of one session, and how many of them the engine still works on. */
class EmbeddedSession {
  readonly #session: Session;
  readonly #pending = new Set<Promise<unknown>>();

  constructor(path: string, settings: Settings) {
    this.#session = new Session(path);
    for (const [name, value] of Object.entries(settings)) this.#session.query(`SET ${name} = ${literal(value)}`);
  }

  async query(sql: string, format: string, params: Params = {}): Promise<string> {
    const asked = this.#ask(sql, format, params);
    this.#pending.add(asked);
    try {
      return (await asked).text();
    } catch (error) {
      throw failure(error);
    } finally {
      this.#pending.delete(asked);
    }
  }

  async #ask(sql: string, format: string, params: Params): Promise<ChdbResult> {
    return Object.keys(params).length === 0
      ? this.#session.queryAsync(sql, { format })
      : this.#session.queryBindAsync(sql, params, { format });
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#pending);
    this.#session.close();
  }
}

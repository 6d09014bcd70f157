import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { Store } from '../core/store.ts';
import {
  type ClickHouse,
  JSON_SETTINGS,
  limitSettings,
  type Params,
  type ReadLimits,
  type ServerConfig,
  type Settings,
  WHOLE_ANSWER,
} from './client.ts';
import { failure } from './failure.ts';
import { readRows } from './rows.ts';
import { serverStreams } from './server-streams.ts';
import { insertSql, structure } from './sql.ts';

export type Client = ReturnType<typeof createClient>;

/** A ClickHouse server over HTTP. Inserts are the body of the request, as `FORMAT Avro`, read by `input()`. */
export function openServer(config: ServerConfig): ClickHouse {
  const client = createClient({
    url: config.url,
    username: config.username,
    password: config.password ?? '',
    request_timeout: config.requestTimeoutMs,
    application: 'trailhouse',
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: { ...JSON_SETTINGS, ...WHOLE_ANSWER },
    ...(config.ca === undefined ? {} : { tls: { ca_cert: Buffer.from(config.ca) } }),
  });

  return {
    writer: {
      ...asStore(client, {}),
      run: async (sql, params, settings) => void (await ask(client, { sql, params, settings })),
      async insert(insert) {
        const sql = `${insertSql(insert, `input(${structure(insert.columns)})`)} FORMAT Avro`;
        await ask(client, { sql, params: insert.params, settings: insert.settings, body: insert.file });
      },
    },
    reader: (limits: ReadLimits) => asStore(client, limitSettings(limits)),
    streams: (limits, most) => serverStreams(client, limits, most),
    close: () => client.close(),
  };
}

function asStore(client: Client, settings: Settings): Store {
  const read = (sql: string, format: string, params?: Params): Promise<string> =>
    ask(client, { sql, params, settings: { ...settings, default_format: format } });
  return {
    rows: async (sql, params) => readRows(await read(sql, 'JSONEachRow', params)),
    text: read,
  };
}

interface Request {
  readonly sql: string;
  readonly params?: Params | undefined;
  readonly settings?: Settings | undefined;
  /** Binary body; the statement then travels in the URL. */
  readonly body?: Uint8Array;
}

async function ask(client: Client, { sql, params = {}, settings = {}, body }: Request): Promise<string> {
  try {
    const answer = await client.exec({
      query: sql,
      query_params: { ...params },
      clickhouse_settings: { ...settings },
      ...(body === undefined ? {} : { values: Readable.from([body], { objectMode: false }) }),
    });
    return await text(answer.stream);
  } catch (error) {
    throw failure(error);
  }
}

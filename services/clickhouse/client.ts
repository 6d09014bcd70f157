import type { Store } from '../core/store.ts';
import type { Column } from './columns.ts';
import type { Streams } from './streams.ts';

/** One engine in this process, or a server. */
export type ClickHouseConfig = EmbeddedConfig | ServerConfig;

export interface EmbeddedConfig {
  readonly driver: 'embedded';
  /** Directory of the engine's files; one process at a time owns it. */
  readonly path: string;
  /** Directory where Avro files wait for the engine to read them. Whatever lies there at start is left over. */
  readonly spool: string;
}

export interface ServerConfig {
  readonly driver: 'server';
  /** `http://` or `https://` of ClickHouse's HTTP interface. */
  readonly url: string;
  readonly username: string;
  readonly password?: string | undefined;
  /** PEM of the authority that signed the server's certificate; the system's authorities where left out. */
  readonly ca?: string | undefined;
  /** An answer that takes longer counts as unknown. */
  readonly requestTimeoutMs: number;
}

/** What one reading may cost. ClickHouse's `max_execution_time`, `max_memory_usage`, `max_result_rows` and `_bytes`. */
export interface ReadLimits {
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly rows: number;
  /** Of the answer, before it is written as text. Node holds no text of more than half a gigabyte. */
  readonly bytes: number;
}

/** Settings of one statement, by ClickHouse's names. */
export type Settings = Readonly<Record<string, string | number>>;
export type Params = Readonly<Record<string, unknown>>;

/** Rows as an Avro object container file, for one table. */
export interface AvroInsert {
  readonly table: string;
  /** Columns of the file, in its order and by the table's types. */
  readonly columns: readonly Column[];
  readonly file: Uint8Array;
  /** A condition the engine decides on when the insert runs: rows that fail it are not stored. */
  readonly where: string;
  readonly params: Params;
  readonly settings: Settings;
}

/** Reads without limits, and what it wrote itself. */
export interface Writer extends Store {
  /** Runs one statement that answers nothing. */
  run(sql: string, params?: Params, settings?: Settings): Promise<void>;
  insert(insert: AvroInsert): Promise<void>;
}

/** Every method rejects with `ClickHouseFailure`; without a code, whether the statement was done is unknown. */
export interface ClickHouse {
  /** Where embedded, its statements run one after the other. */
  readonly writer: Writer;
  /** A session of its own, so that a slow question does not hold up the writer. */
  reader(limits: ReadLimits): Store;
  /** Answers as bytes while they come, `most` at once. */
  streams(limits: ReadLimits, most: number): Streams;
  /** Waits for what is under way where embedded: closing under a running statement would end the engine. */
  close(): Promise<void>;
}

/** Loads the driver that is asked for and no other: a process against a server never loads the engine. */
export async function openClickHouse(config: ClickHouseConfig): Promise<ClickHouse> {
  if (config.driver === 'server') return (await import('./server.ts')).openServer(config);
  return (await import('./embedded.ts')).openEmbedded(config);
}

/**
 * Unquoted 64-bit integers: `readRows` keeps them exact. Older servers quote them by default. A statement may be long: retention
 * asks for every hold in force at once, in its own words.
 */
export const JSON_SETTINGS: Settings = { output_format_json_quote_64bit_integers: 0, max_query_size: 16 * 1024 ** 2 };

/** A server answers when the statement is done: an error cannot hide in the body of a 200. */
export const WHOLE_ANSWER: Settings = { wait_end_of_query: 1 };

export function limitSettings({ seconds, memoryBytes, rows, bytes }: ReadLimits): Settings {
  return {
    max_execution_time: seconds,
    max_memory_usage: memoryBytes,
    max_result_rows: rows,
    max_result_bytes: bytes,
    result_overflow_mode: 'throw',
  };
}

/** Reading the store: rows come as JSON objects, 64-bit integers as numbers where safe. */
export interface Store {
  /** Runs one SELECT with bound parameters (`{name:Type}` in the text). */
  rows(sql: string, params?: Readonly<Record<string, unknown>>): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The same, as text in any output format of ClickHouse. */
  text(sql: string, format: string, params?: Readonly<Record<string, unknown>>): Promise<string>;
}

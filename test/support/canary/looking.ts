import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openClickHouse } from '../../../services/clickhouse/client.ts';
import type { Log } from '../../../services/core/log.ts';

/** Something of a place that is searched as a whole. */
export interface Look {
  readonly place: string;
  readonly bytes: Buffer;
}

/** Every record of a topic: value, key and headers. */
export async function topic(log: Log, name: string): Promise<readonly Look[]> {
  const found: Look[] = [];
  await log.read(name, 0, ({ records }) => {
    for (const { value, key, headers } of records)
      for (const bytes of [value, ...(key === undefined ? [] : [key]), ...Object.values(headers)])
        found.push({ place: `topic ${name}`, bytes: Buffer.from(bytes) });
  });
  return found;
}

/** Rows of a table at once. */
const ROWS = 20_000;

/** Every row of every table of the store, once the process that wrote it has ended. */
export async function tables(data: string, visit: (look: Look) => void): Promise<number> {
  const { writer, close } = await openClickHouse({
    driver: 'embedded',
    path: join(data, 'clickhouse'),
    spool: join(data, 'spool-read'),
  });
  let rows = 0;
  try {
    const known = await writer.rows(
      `SELECT concat(database, '.', name) AS name FROM system.tables
       WHERE engine LIKE '%MergeTree' AND database NOT IN ('system', 'information_schema', 'INFORMATION_SCHEMA')`,
    );
    for (const { name } of known)
      for (let from = 0; ; from += ROWS) {
        const text = await writer.text(
          `SELECT * FROM ${name} ORDER BY ALL LIMIT ${ROWS} OFFSET ${from}`,
          'JSONEachRow',
        );
        if (text === '') break;
        for (const line of text.split('\n')) {
          if (line === '') continue;
          rows += 1;
          visit({ place: `table ${name}`, bytes: Buffer.from(line) });
        }
      }
  } finally {
    await close();
  }
  return rows;
}

/** Files below the data directory; the log's own hold the raw topics. */
export function files(data: string): readonly Look[] {
  return globSync('**/*', { cwd: data, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('log.sqlite'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { place: `file ${path.slice(data.length + 1)}`, bytes: readFileSync(path) };
    });
}

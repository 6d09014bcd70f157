import { z } from 'zod';
import type { Store } from '../core/store.ts';
import { quote } from './sql.ts';

const view = z.object({ name: z.string(), text: z.string() });

const CLOCK = /\bnow64\(\d?\)|\bnow\(\)/g;
const TABLE = /\baudit\.([a-z_]+)\b/g;

/**
 * A store that answers as of a time (`2026-07-01T00:00:00Z`) as far as deadlines go: in every statement, and in every view that it names,
 * that time stands in place of the engine's clock.
 */
export async function asOf(store: Store, time: string): Promise<Store> {
  const rows = await store.rows(
    "SELECT name, as_select AS text FROM system.tables WHERE database = 'audit' AND engine = 'View'",
  );
  const views = new Map(rows.map((row) => view.parse(row)).map(({ name, text }) => [name, text]));
  const instant = `parseDateTime64BestEffort(${quote(time)}, 6, 'UTC')`;

  const asks = (sql: string): boolean =>
    sql.search(CLOCK) >= 0 || [...sql.matchAll(TABLE)].some(([, name = '']) => asks(views.get(name) ?? ''));
  const pinned = (sql: string): string =>
    sql.replaceAll(CLOCK, instant).replaceAll(TABLE, (table, name: string) => {
      const text = views.get(name);
      return text === undefined || !asks(text) ? table : `(${pinned(text)})`;
    });
  return {
    rows: (sql, params) => store.rows(pinned(sql), params),
    text: (sql, format, params) => store.text(pinned(sql), format, params),
  };
}

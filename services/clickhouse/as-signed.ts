import { z } from 'zod';
import type { Store } from '../core/store.ts';

const view = z.object({ name: z.string(), text: z.string() });

const TABLE = /\baudit\.([a-z_]+)\b/g;
/** Where events are; what is told by an act on the trail (holds, corrections, certificates) is a view of them. */
const EVENTS = ['events', 'events_held'] as const;
/** Ids of events on their way from one to the other. */
const OF_EVENTS: ReadonlySet<string> = new Set([...EVENTS, 'events_leaving']);

export interface SignedStore extends Store {
  /** Whether what comes in later changes no answer to a statement. */
  isBound(sql: string): boolean;
}

/**
 * A store that answers as of what is signed: of each audit partition the records up to an offset, and none of another partition, in
 * every view as well. A statement that holds events against anything else (accounts, quarantine, receipts) is answered as
 * things are: bound on one side alone it would tell of holes that there are not.
 */
export async function asSigned(store: Store, last: ReadonlyMap<number, number>): Promise<SignedStore> {
  const rows = await store.rows(
    "SELECT name, as_select AS text FROM system.tables WHERE database = 'audit' AND engine = 'View'",
  );
  const views = new Map(rows.map((row) => view.parse(row)).map(({ name, text }) => [name, text]));
  const isOfEvents = (sql: string): boolean =>
    [...sql.matchAll(TABLE)].every(
      ([, name = '']) => isOfEvents(views.get(name) ?? '') && (views.has(name) || OF_EVENTS.has(name)),
    );
  const filters = filtersOf(last);
  const bound = (sql: string): string => {
    if (sql.startsWith('DESCRIBE') || !isOfEvents(sql)) return sql;
    const joined = /\bSETTINGS [a-z_]+ = \d+$/.test(sql) ? ',' : '\nSETTINGS';
    return `${sql}${joined} additional_table_filters = {${filters}}`;
  };
  return {
    isBound: isOfEvents,
    rows: (sql, params) => store.rows(bound(sql), params),
    text: (sql, format, params) => store.text(bound(sql), format, params),
  };
}

function filtersOf(last: ReadonlyMap<number, number>): string {
  const fits = [...last].map(([partition, offset]) => `audit_partition = ${partition} AND audit_offset <= ${offset}`);
  const condition = fits.length === 0 ? '0' : fits.join(' OR ');
  return EVENTS.map((table) => `'audit.${table}': '${condition}'`).join(', ');
}

import { z } from 'zod';
import { addressOf } from '../attribute.ts';
import type { CsvRow } from '../csv.ts';
import { filled, type KeyEntry, type Sheet } from '../entry.ts';
import { faultOf, text } from './issue.ts';

/** Columns of the map of virtual keys, and fields of the same as JSON. */
export const KEY_COLUMNS = ['key_alias', 'key_hash', 'owner_email', 'team', 'project', 'issued_at'] as const;

type Column = (typeof KEY_COLUMNS)[number];
type Row = Readonly<Partial<Record<Column, string | null | undefined>>>;

const element = z.strictObject(
  { key_alias: text, key_hash: text, owner_email: text, team: text, project: text, issued_at: text },
  'is no object',
);

export function readKeysCsv(header: readonly Column[], rows: readonly CsvRow[]): Sheet {
  return sheetOf(
    rows.map(({ line, cells }) => ({
      place: `:${line}`,
      row: Object.fromEntries(header.map((column, index) => [column, cells[index]])),
    })),
  );
}

export function readKeysJson(elements: readonly unknown[]): Sheet {
  const rows: { place: string; row: Row }[] = [];
  for (const [index, each] of elements.entries()) {
    const parsed = element.safeParse(each);
    if (!parsed.success) return { kind: 'unreadable', reason: `[${index}]: ${faultOf(parsed.error, KEY_COLUMNS)}` };
    rows.push({ place: `[${index}]`, row: parsed.data });
  }
  return sheetOf(rows);
}

function sheetOf(rows: readonly { readonly place: string; readonly row: Row }[]): Sheet {
  const entries: KeyEntry[] = [];
  for (const { place, row } of rows) {
    const entry = entryOf(place, row);
    if (typeof entry === 'string') return { kind: 'unreadable', reason: `${place}: ${entry}` };
    entries.push(entry);
  }
  return { kind: 'read', entries, warnings: [] };
}

function entryOf(place: string, row: Row): KeyEntry | string {
  const said = (column: Column): string => row[column]?.trim() ?? '';
  const ids = filled([row.key_alias, row.key_hash]);
  if (ids.length === 0) return 'names no key: give a key_alias or a key_hash';
  const owner = said('owner_email') === '' ? '' : addressOf(said('owner_email'));
  if (owner === undefined) return 'owner_email: is no address';
  const issuedAt = said('issued_at');
  if (issuedAt !== '' && !TIME.test(issuedAt))
    return 'issued_at: is no time such as 2026-03-04 or 2026-03-04T09:15:00Z';
  return { kind: 'key', place, ids, owner, team: said('team'), project: said('project'), issuedAt };
}

const TIME = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;

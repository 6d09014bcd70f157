import { z } from 'zod';
import { addressOf } from '../attribute.ts';
import type { CsvRow } from '../csv.ts';
import { filled, type PersonEntry, personEntry, type Sheet, type Status, statusOf } from '../entry.ts';
import { faultOf } from './issue.ts';

/** Columns of our own CSV, and fields of our own JSON. */
export const PEOPLE_COLUMNS = [
  ...(['email', 'name', 'subject', 'account_id', 'team', 'project', 'organisation'] as const),
  ...(['groups', 'roles', 'status', 'device'] as const),
] as const;

type Column = (typeof PEOPLE_COLUMNS)[number];
/** Values of a column: several stand in one cell with a semicolon between. */
type Row = Readonly<Partial<Record<Column, readonly string[]>>>;

const value = z
  .union([z.string(), z.array(z.string())], 'is no text and no list of texts')
  .nullish()
  .transform((given) => filled(typeof given === 'string' ? [given] : (given ?? [])));
const fields: Readonly<Record<Column, typeof value>> = {
  email: value,
  name: value,
  subject: value,
  account_id: value,
  team: value,
  project: value,
  organisation: value,
  groups: value,
  roles: value,
  status: value,
  device: value,
};
const element = z.strictObject(fields, 'is no object');

export function readPeopleCsv(header: readonly Column[], rows: readonly CsvRow[]): Sheet {
  return sheetOf(
    rows.map(({ line, cells }) => ({
      place: `:${line}`,
      row: Object.fromEntries(header.map((column, index) => [column, cellOf(column, cells[index] ?? '')])),
    })),
  );
}

const LISTS: ReadonlySet<Column> = new Set(['subject', 'account_id', 'groups', 'roles', 'device']);

const cellOf = (column: Column, cell: string): readonly string[] =>
  filled(LISTS.has(column) ? cell.split(';') : [cell]);

export function readPeopleJson(elements: readonly unknown[]): Sheet {
  const rows: { place: string; row: Row }[] = [];
  for (const [index, each] of elements.entries()) {
    const parsed = element.safeParse(each);
    if (!parsed.success) return { kind: 'unreadable', reason: `[${index}]: ${faultOf(parsed.error, PEOPLE_COLUMNS)}` };
    rows.push({ place: `[${index}]`, row: parsed.data });
  }
  return sheetOf(rows);
}

function sheetOf(rows: readonly { readonly place: string; readonly row: Row }[]): Sheet {
  const entries: PersonEntry[] = [];
  for (const { place, row } of rows) {
    const entry = entryOf(place, row);
    if (typeof entry === 'string') return { kind: 'unreadable', reason: `${place}: ${entry}` };
    entries.push(entry);
  }
  return { kind: 'read', entries, warnings: [] };
}

function entryOf(place: string, row: Row): PersonEntry | string {
  const single = (['email', 'name', 'team', 'project', 'organisation', 'status'] as const).find(
    (column) => (row[column]?.length ?? 0) > 1,
  );
  if (single !== undefined) return `${single}: is a list`;
  const one = (column: Column): string => row[column]?.[0] ?? '';
  const email = one('email') === '' ? '' : addressOf(one('email'));
  if (email === undefined) return 'email: is no address';
  const subjects = row.subject ?? [];
  if (email === '' && subjects.length === 0) return 'names nobody: give an email or a subject';
  const status: Status | undefined = statusOf(one('status'));
  if (status === undefined) return 'status: is none of active, inactive, suspended, deprovisioned';
  return personEntry({
    place,
    email,
    subjects,
    status,
    name: one('name'),
    ids: row.account_id ?? [],
    devices: row.device ?? [],
    team: one('team'),
    project: one('project'),
    organisation: one('organisation'),
    groups: [...(row.groups ?? []), ...(row.roles ?? [])],
  });
}

import { z } from 'zod';
import { type CsvRow, readCsv } from './csv.ts';
import type { Entry, Sheet } from './entry.ts';
import { readJson } from './json.ts';
import { merge } from './merge.ts';
import type { Directory } from './person.ts';
import { auth0 } from './readers/auth0.ts';
import { entra } from './readers/entra.ts';
import { KEY_COLUMNS, readKeysCsv, readKeysJson } from './readers/keys.ts';
import { okta } from './readers/okta.ts';
import { PEOPLE_COLUMNS, readPeopleCsv, readPeopleJson } from './readers/people.ts';
import { readScim } from './readers/scim.ts';
import type { Vendor } from './readers/vendor.ts';

export interface DirectoryFile {
  readonly name: string;
  readonly text: string;
}

export type DirectoryRead =
  | { readonly kind: 'read'; readonly directory: Directory; readonly warnings: readonly string[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Nobody is known. */
export const EMPTY_DIRECTORY: Directory = merge([]).directory;

/**
 * People, keys and groups of several files as one directory. A file's form is told by what it holds: our CSV or JSON, the
 * map of virtual keys, a SCIM ListResponse, or an export of Okta, Entra or Auth0. Reasons and warnings name file and row and
 * quote nothing.
 */
export function readDirectory(files: readonly DirectoryFile[]): DirectoryRead {
  const entries: Entry[] = [];
  const warnings: string[] = [];
  for (const { name, text } of files) {
    const sheet = readSheet(text);
    if (sheet.kind === 'unreadable') return { kind: 'unreadable', reason: `${name}${sheet.reason}` };
    const illegible = sheet.entries.find((entry) => !isLegible(entry));
    if (illegible !== undefined)
      return { kind: 'unreadable', reason: `${name}${illegible.place}: holds a NUL or half of a surrogate pair` };
    for (const entry of sheet.entries) entries.push({ ...entry, place: `${name}${entry.place}` });
    warnings.push(...sheet.warnings.map((words) => `${name}: ${words}`));
  }
  const merged = merge(entries);
  return { kind: 'read', directory: merged.directory, warnings: [...warnings, ...merged.warnings] };
}

/** The stored schema takes neither. */
const isLegible = (entry: Entry): boolean =>
  Object.values(entry)
    .flat()
    .every((text: string) => text.isWellFormed() && !text.includes('\0'));

function readSheet(text: string): Sheet {
  const plain = text.replace(/^\ufeff/, '').trim();
  if (plain === '') return { kind: 'unreadable', reason: ':1: is empty' };
  if (!plain.startsWith('{') && !plain.startsWith('[')) return readTable(text);
  const json = readJson(text.replace(/^\ufeff/, ''));
  return json.kind === 'unreadable' ? json : readDocument(json.value);
}

function readTable(text: string): Sheet {
  const csv = readCsv(text);
  if (csv.kind === 'unreadable') return csv;
  const [first, ...rows] = csv.rows;
  if (first === undefined) return { kind: 'unreadable', reason: ':1: is empty' };
  const names = namesOf(first);
  return names.includes('key_alias') || names.includes('key_hash')
    ? withColumns(first, KEY_COLUMNS, (columns) => readKeysCsv(columns, rows))
    : withColumns(first, PEOPLE_COLUMNS, (columns) => readPeopleCsv(columns, rows));
}

const namesOf = ({ cells }: CsvRow): readonly string[] => cells.map((cell) => cell.trim().toLowerCase());

/** A file without a header would have a person's data in its first row: a column is named by its number. */
function withColumns<C extends string>(
  first: CsvRow,
  known: readonly C[],
  read: (columns: readonly C[]) => Sheet,
): Sheet {
  const columns: C[] = [];
  for (const [index, name] of namesOf(first).entries()) {
    const column = known.find((each) => each === name);
    const place = `:${first.line}: column ${index + 1}`;
    if (column === undefined) return { kind: 'unreadable', reason: `${place} is none of ${known.join(', ')}` };
    if (columns.includes(column)) return { kind: 'unreadable', reason: `${place} is ${column} once more` };
    columns.push(column);
  }
  return read(columns);
}

function readDocument(value: unknown): Sheet {
  if (Array.isArray(value)) return readList(value);
  const whole = response.safeParse(value);
  if (!whole.success) return { kind: 'unreadable', reason: ':1: is no list of people, keys or users' };
  const { Resources, value: graph, users, totalResults } = whole.data;
  if (Resources !== undefined) return readScim(Resources, totalResults);
  if (graph !== undefined) return readList(graph);
  if (users !== undefined) return readList(users);
  return readList([value]);
}

/** A ListResponse of SCIM, an answer of Microsoft Graph, an answer of Auth0. */
const response = z.object({
  Resources: z.array(z.unknown()).optional(),
  totalResults: z.number().optional(),
  value: z.array(z.unknown()).optional(),
  users: z.array(z.unknown()).optional(),
});

const VENDORS: readonly Vendor[] = [auth0, okta, entra];

/** All elements are of the form of the first. */
function readList(elements: readonly unknown[]): Sheet {
  const [first] = elements;
  if (first === undefined) return { kind: 'read', entries: [], warnings: [] };
  const keys = new Set(typeof first === 'object' && first !== null ? Object.keys(first) : []);
  const vendor = VENDORS.find(({ detect }) => detect(keys));
  if (keys.has('schemas')) return readScim(elements, undefined);
  return vendor?.read(elements) ?? readOwn(elements, keys);
}

function readOwn(elements: readonly unknown[], keys: ReadonlySet<string>): Sheet {
  return keys.has('key_alias') || keys.has('key_hash') ? readKeysJson(elements) : readPeopleJson(elements);
}

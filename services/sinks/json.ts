import type { Datum } from '../codec/datum.ts';
import type { Cells } from '../codec/event-cells.ts';
import { COLUMN_KINDS, type ColumnKind, columnAt } from '../codec/event-columns.ts';
import { EventRow } from '../codec/event-row.ts';
import type { AuditEvent } from '../core/event.ts';
import { numeral } from './numeral.ts';
import type { Page } from './page.ts';

/** A piece of JSON that is always the same. */
export const constant = (json: string): Uint8Array => Buffer.from(json);

type Name = Exclude<keyof AuditEvent, 'personal_salt'>;
type TextName = { [K in Name]: AuditEvent[K] extends string ? K : never }[Name];

/** A column and what stands before its value: `,"name":`. */
export interface Column<N extends Name = Name> {
  readonly name: N;
  readonly key: Uint8Array;
  readonly at: number;
  readonly kind: ColumnKind;
}

export const columnOf = <N extends Name>(name: N, key: string): Column<N> => ({
  name,
  key: constant(key),
  at: columnAt(name),
  kind: COLUMN_KINDS[name],
});

/** Columns as members of an object, each with its key; empty ones are left out. */
export function putColumns(page: Page, event: AuditEvent, columns: readonly Column[]): void {
  if (event instanceof EventRow) for (const column of columns) putCell(page, event.cells, column);
  else for (const { key, name } of columns) putMember(page, key, event[name]);
}

export function putColumn(page: Page, event: AuditEvent, column: Column): void {
  if (event instanceof EventRow) putCell(page, event.cells, column);
  else putMember(page, column.key, event[column.name]);
}

const [OPEN, COMMA, COLON, CLOSE] = [0x7b, 0x2c, 0x3a, 0x7d];

/** Ends an object whose key begins at `start` and whose members have a comma before each; without members there is none. */
export function closeObject(page: Page, start: number, key: Uint8Array): void {
  const first = start + key.length;
  if (page.length === first) {
    page.cut(start);
    return;
  }
  page.patch(first, OPEN);
  page.byte(CLOSE);
}

/** A column that holds a text, also an empty one. */
export function putTextColumn(page: Page, event: AuditEvent, column: Column<TextName>): void {
  const { key, at, name } = column;
  if (!(event instanceof EventRow) || !event.cells.isCopied(at)) {
    putText(page, key, event[name]);
    return;
  }
  page.bytes(key);
  page.quotedBytes(event.cells.memory, event.cells.start(at), event.cells.size(at));
}

/** A text, also an empty one. */
export function putText(page: Page, key: Uint8Array, value: string): void {
  page.bytes(key);
  page.quoted(value);
}

/** What an event holds; nothing where it is empty. */
export function putMember(page: Page, key: Uint8Array, value: Held): void {
  if (value === '' || value === null) return;
  if (typeof value === 'string') {
    putText(page, key, value);
    return;
  }
  if (typeof value === 'number') {
    page.bytes(key);
    page.numeral(value);
    return;
  }
  const json = nested(value);
  if (json === '') return;
  page.bytes(key);
  page.text(json);
}

type Held = AuditEvent[Column['name']];

/** What an event holds as JSON; empty where it is empty. */
export function jsonOf(value: Held): string {
  if (value === '' || value === null) return '';
  if (typeof value === 'number') return numeral(value);
  return typeof value === 'string' ? JSON.stringify(value) : nested(value);
}

/** Bytes as hex. */
function nested(value: Exclude<Held, string | number | null>): string {
  if (value instanceof Uint8Array) return `"${hexOf(value)}"`;
  const json = JSON.stringify(value);
  return json.length > '[]'.length ? json : '';
}

/** Of a view: Buffer.from of the bytes themselves would copy them. */
const hexOf = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('hex');

/**
 * The same of a column as it lies in its datum, whose bytes are copied where nothing in them has to be escaped: to decode them, to
 * escape that and to encode it again was most of what a lane did. `putMember` is its twin in the test.
 */
function putCell(page: Page, cells: Cells, { key, at, kind }: Column): void {
  if (kind === 'integer') {
    page.bytes(key);
    page.integer(cells.integer(at));
    return;
  }
  const size = cells.size(at);
  if (size === 0) return;
  const said = cells.isClear || kind !== 'personal_text' ? undefined : cells.said(at);
  if (said === '') return;
  const { length } = page;
  page.bytes(key);
  if (said !== undefined) page.quoted(said);
  else if (kind === 'text' || kind === 'personal_text') page.quotedBytes(cells.memory, cells.start(at), size);
  else if (kind === 'maybe_integer') page.integer(cells.integer(at));
  else if (kind === 'maybe_double') page.numeral(cells.integer(at));
  else if (kind === 'maybe_fixed') page.hex(cells.memory, cells.start(at), size);
  else if (kind === 'guardrails') page.text(nested(cells.guardrails(at)));
  else if (kind === 'list' || kind === 'personal_list') putList(page, cells, at, kind === 'list' || cells.isClear);
  else if (!putMap(page, cells, at, kind === 'map' || cells.isClear)) {
    page.cut(length + key.length);
    page.text(nested(kind === 'map' ? cells.map(at) : cells.saidMap(at)));
  }
}

/** A text of a list or map that comes next. */
function putItem(page: Page, cells: Cells, datum: Datum, isCopied: boolean): void {
  if (isCopied) {
    const size = datum.passText();
    page.quotedBytes(cells.memory, datum.at - size, size);
  } else page.quoted(cells.shown(datum, datum.long()));
}

function putList(page: Page, cells: Cells, at: number, isCopied: boolean): void {
  const datum = cells.at(at);
  let before = 0x5b;
  for (let left = datum.block(); left > 0; left = datum.block())
    for (; left > 0; left--) {
      page.byte(before);
      before = COMMA;
      putItem(page, cells, datum, isCopied);
    }
  page.byte(0x5d);
}

/**
 * False where it is left to JSON.stringify, which writes names that are numbers first and in their order. Names are not shown
 * otherwise: they are the source's, not a person's.
 */
function putMap(page: Page, cells: Cells, at: number, isCopied: boolean): boolean {
  const datum = cells.at(at);
  let before = OPEN;
  for (let left = datum.block(); left > 0; left = datum.block())
    for (; left > 0; left--) {
      page.byte(before);
      before = COMMA;
      const name = datum.passText();
      if (isDigit(cells.memory[datum.at - name])) return false;
      page.quotedBytes(cells.memory, datum.at - name, name);
      page.byte(COLON);
      putItem(page, cells, datum, isCopied);
    }
  page.byte(CLOSE);
  return true;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

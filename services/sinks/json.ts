import type { Cells } from '../codec/event-cells.ts';
import { COLUMN_KINDS, type ColumnKind, columnAt } from '../codec/event-columns.ts';
import { EventRow } from '../codec/event-row.ts';
import type { AuditEvent } from '../core/event.ts';
import { numeral } from './numeral.ts';
import type { Page } from './page.ts';

/** A piece of JSON that is always the same. */
export const constant = (json: string): Uint8Array => Buffer.from(json);

/** A column and what stands before its value: `,"name":`. */
export interface Column {
  readonly name: Exclude<keyof AuditEvent, 'personal_salt'>;
  readonly key: Uint8Array;
  readonly at: number;
  readonly kind: ColumnKind;
}

export const columnOf = (name: Column['name'], key: string): Column => ({
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
 * The same of a column as it lies in its datum, whose bytes are copied where nothing in them has to be escaped: with them made a
 * string and that JSON, an event took more than twice as long. `putMember` is its twin in the test.
 */
function putCell(page: Page, cells: Cells, { key, at, kind }: Column): void {
  const size = cells.size(at);
  if (kind === 'integer') {
    page.bytes(key);
    page.integer(cells.integer(at));
    return;
  }
  if (size === 0) return;
  switch (kind) {
    case 'text':
      page.bytes(key);
      page.quotedBytes(cells.memory, cells.start(at), size);
      return;
    case 'personal_text':
      if (!cells.isClear) {
        putMember(page, key, cells.said(at));
        return;
      }
      page.bytes(key);
      page.quotedBytes(cells.memory, cells.start(at), size);
      return;
    case 'maybe_integer':
      page.bytes(key);
      page.integer(cells.integer(at));
      return;
    case 'maybe_double':
      page.bytes(key);
      page.numeral(cells.integer(at));
      return;
    case 'maybe_fixed':
      page.bytes(key);
      page.hex(cells.memory, cells.start(at), size);
      return;
    case 'map':
    case 'personal_map':
      putMap(page, cells, key, at, kind === 'map' || cells.isClear);
      return;
    case 'list':
      putMember(page, key, cells.list(at));
      return;
    case 'personal_list':
      putMember(page, key, cells.saidList(at));
      return;
    default:
      putMember(page, key, cells.guardrails(at));
      return;
  }
}

/** JSON.stringify writes names that are numbers first and in their order: maps that have such are left to it. */
function putMap(page: Page, cells: Cells, key: Uint8Array, at: number, isCopied: boolean): void {
  const { length } = page;
  const { memory } = cells;
  const datum = cells.at(at);
  page.bytes(key);
  let before = OPEN;
  for (let left = datum.block(); left > 0; left = datum.block())
    for (; left > 0; left--) {
      page.byte(before);
      before = COMMA;
      const name = datum.passText();
      if (isDigit(memory[datum.at - name])) {
        page.cut(length);
        putMember(page, key, isCopied ? cells.map(at) : cells.saidMap(at));
        return;
      }
      page.quotedBytes(memory, datum.at - name, name);
      page.byte(COLON);
      const value = isCopied ? datum.passText() : datum.long();
      if (isCopied) page.quotedBytes(memory, datum.at - value, value);
      else page.quoted(cells.shown(datum, value));
    }
  page.byte(CLOSE);
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

import type { Cells } from '../../codec/event-cells.ts';
import { columnAt } from '../../codec/event-columns.ts';
import type { AuditEvent } from '../../core/event.ts';
import type { ProtoWriter } from '../proto-writer.ts';
import { entriesOf } from './columns.ts';
import { type Key, keyOf, putBytes, putEntryBytes, putInteger, putText } from './values.ts';

/** A column as an attribute: its encoded key, and where it is in a datum. */
export interface Placed<K> {
  readonly column: K;
  readonly key: Key;
  readonly at: number;
}

export const placed = <K extends keyof AuditEvent>(table: { readonly [N in K]: string }): readonly Placed<K>[] =>
  entriesOf(table).map(([column, name]) => ({ column, key: keyOf(name), at: columnAt(column) }));

/** Texts as they lie in their datum: most are copied. */
export function putTextCells(
  writer: ProtoWriter,
  tag: number,
  cells: Cells,
  columns: readonly Placed<unknown>[],
): void {
  for (const { key, at } of columns) {
    const size = cells.size(at);
    if (size === 0) continue;
    if (cells.isCopied(at) && putBytes(writer, tag, key, cells.memory, cells.start(at), size)) continue;
    const text = cells.said(at);
    if (text !== '') putText(writer, tag, key, text);
  }
}

export function putIntegerCells(
  writer: ProtoWriter,
  tag: number,
  cells: Cells,
  columns: readonly Placed<unknown>[],
): void {
  for (const { key, at } of columns) {
    const integer = cells.count(at);
    if (integer !== null) putInteger(writer, tag, key, integer);
  }
}

const [ZERO, NINE] = [0x30, 0x39];

/**
 * A map as it lies in its datum, each entry an attribute below `prefix`. False, and nothing written, where a name is not all ASCII
 * or begins with a digit: objects have names that are numbers first and in their order.
 */
export function putMapCells(
  writer: ProtoWriter,
  tag: number,
  cells: Cells,
  { at, prefix, isCopied }: { readonly at: number; readonly prefix: Uint8Array; readonly isCopied: boolean },
): boolean {
  if (cells.size(at) === 0) return true;
  const { length } = writer;
  const { memory } = cells;
  const datum = cells.at(at);
  for (let left = datum.block(); left > 0; left = datum.block())
    for (; left > 0; left--) {
      const size = datum.passText();
      const name = { memory, start: datum.at - size, size };
      const first = memory[name.start] ?? 0;
      const isPlain = first < ZERO || first > NINE;
      const value = isCopied ? datum.passText() : cells.shown(datum, datum.long());
      if (isPlain && putEntryBytes(writer, tag, prefix, name, value, datum.at)) continue;
      writer.cut(length);
      return false;
    }
  return true;
}

import type { AuditEvent } from '../../core/event.ts';
import { type Column, columnOf, jsonOf, putColumns } from '../json.ts';
import type { Page } from '../page.ts';
import { cut, type Part } from './cut.ts';
import { dialect } from './dialect.ts';

const isColumn = (name: string): name is Column['name'] => Object.hasOwn(dialect, name);
const NAMES = Object.keys(dialect).filter(isColumn);
const COLUMNS = NAMES.map((column) => columnOf(column, `,${JSON.stringify(dialect[column])}:`));

const [OPEN, CLOSE] = [0x7b, 0x7d];

/**
 * The event as one line of JSON, without its empty columns. The same event always gives the same bytes: Loki knows a
 * line that comes again by stream, time and text.
 */
export function putLine(page: Page, event: AuditEvent, maxBytes: number): void {
  const start = page.length;
  putColumns(page, event, COLUMNS);
  // In the place of the first comma.
  page.patch(start, OPEN);
  page.byte(CLOSE);
  if (page.length - start <= maxBytes) return;
  const whole = page.written().subarray(start).toString();
  page.cut(start);
  page.text(cut(whole, parts(event), maxBytes));
}

function parts(event: AuditEvent): readonly Part[] {
  return NAMES.flatMap((column): readonly Part[] => {
    const value = event[column];
    const json = jsonOf(value);
    return json === '' ? [] : [{ name: column, text: typeof value === 'string' ? value : undefined, json }];
  });
}

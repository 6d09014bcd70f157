import type { AuditEvent } from '../../core/event.ts';
import { nested, text } from '../json.ts';
import { numeral } from '../numeral.ts';
import { cut, type Part } from './cut.ts';
import { dialect } from './dialect.ts';

export type Column = keyof typeof dialect;

const isColumn = (name: string): name is Column => Object.hasOwn(dialect, name);
const COLUMNS = Object.keys(dialect).filter(isColumn);
const KEYS = COLUMNS.map((column) => [column, `,${JSON.stringify(dialect[column])}:`] as const);

/**
 * The event as one line of JSON, without its empty columns. The same event always gives the same bytes: Loki knows a
 * line that comes again by stream, time and text.
 *
 * Built by hand because every event passes here: 205,000 events of 1.6 kB a second on one core against 143,000 by
 * JSON.stringify of an object without the empty columns, which is its twin in the test.
 */
export function lineOf(event: AuditEvent, maxBytes: number): string {
  let line = '';
  for (const [column, key] of KEYS) {
    const value = event[column];
    if (value === '' || value === null) continue;
    if (typeof value === 'string') line += text(key, value);
    else if (typeof value === 'number') line += key + numeral(value);
    else {
      const json = nested(value);
      if (json !== '') line += key + json;
    }
  }
  line = `{${line.slice(1)}}`;
  const fits = line.length * 3 <= maxBytes || Buffer.byteLength(line) <= maxBytes;
  return fits ? line : cut(line, parts(event), maxBytes);
}

function parts(event: AuditEvent): readonly Part[] {
  return COLUMNS.flatMap((column): readonly Part[] => {
    const value = event[column];
    if (value === '' || value === null) return [];
    if (typeof value === 'string') return [{ name: column, text: value, json: JSON.stringify(value) }];
    const json = typeof value === 'number' ? numeral(value) : nested(value);
    return json === '' ? [] : [{ name: column, text: undefined, json }];
  });
}

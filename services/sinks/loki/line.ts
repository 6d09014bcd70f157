import type { AuditEvent } from '../../core/event.ts';
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
    if (typeof value === 'string') line += isPlain(value) ? `${key}"${value}"` : key + JSON.stringify(value);
    else if (typeof value === 'number') line += key + numeral(value);
    else if (!isEmpty(value)) line += key + nested(value);
  }
  line = `{${line.slice(1)}}`;
  const fits = line.length * 3 <= maxBytes || Buffer.byteLength(line) <= maxBytes;
  return fits ? line : cut(line, parts(event), maxBytes);
}

const SHORT = 64;

type Nested = Exclude<AuditEvent[Column], string | number | null>;

function isEmpty(value: Nested): boolean {
  if ('length' in value) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

/** Whether JSON writes the text as it stands; a loop tells that of a short one before the call would return. */
function isPlain(value: string): boolean {
  if (value.length > SHORT) return false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 32 || code > 126 || code === 34 || code === 92) return false;
  }
  return true;
}

const nested = (value: Nested): string =>
  value instanceof Uint8Array ? `"${Buffer.from(value).toString('hex')}"` : JSON.stringify(value);

function parts(event: AuditEvent): readonly Part[] {
  return COLUMNS.flatMap((column): readonly Part[] => {
    const value = event[column];
    if (value === '' || value === null || (typeof value === 'object' && isEmpty(value))) return [];
    if (typeof value === 'string') return [{ name: column, text: value, json: JSON.stringify(value) }];
    return [{ name: column, text: undefined, json: typeof value === 'number' ? numeral(value) : nested(value) }];
  });
}

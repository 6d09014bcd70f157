import { z } from 'zod';
import { newest } from '../codec/schemas.ts';
import type { AuditEvent } from '../core/event.ts';

/** How a column is asked for, and how the answer becomes the value that Avro encoded. */
interface Reading {
  readonly sql: string;
  readonly value: z.ZodType;
}

const SALT = 16;

/** By what its Avro type says in JSON; the first that fits. */
const READINGS: readonly (readonly [RegExp, (column: string) => Reading])[] = [
  [/timestamp-micros/, (column) => ({ sql: `toUnixTimestamp64Micro(${column})`, value: z.number() })],
  [/"date"/, (column) => ({ sql: `toInt32(${column})`, value: z.number() })],
  [/"fixed"/, (column) => ({ sql: `hex(${column})`, value: z.hex().transform(toBytes).nullable() })],
  // JSON has no word for what is not a number, nor for the infinite.
  [/"double"/, (column) => ({ sql: `toString(${column})`, value: z.string().transform(toDouble).nullable() })],
  [/./, (column) => ({ sql: column, value: z.unknown() })],
];

function toBytes(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex');
}

function toDouble(text: string): number {
  return Number(text.replace('inf', 'Infinity'));
}

const schema: { readonly fields: readonly { readonly name: string; readonly type: unknown }[] } = JSON.parse(
  newest('audit-event').json,
);
const readings = schema.fields
  .filter(({ name }) => name !== 'personal_salt')
  .map(({ name, type }) => {
    const reading = READINGS.find(([fits]) => fits.test(JSON.stringify(type)))?.[1];
    if (reading === undefined) throw new TypeError(`no way to read ${name} back`);
    return { name, ...reading(`e.${name}`) };
  });

/**
 * The columns of an event in a SELECT over `audit.events AS e`, but for its personal salt: what leaves the store has no use
 * for it, and who has it could find out an erased person by trying.
 */
export const EVENT_COLUMNS = readings.map(({ name, sql }) => `${sql} AS ${name}`).join(', ');

const columns = z.object(Object.fromEntries(readings.map(({ name, value }) => [name, value])));

/** The row as it was encoded, with a salt of zeros. Columns and type are made of one schema; the table's are compared to it. */
export const eventRow = columns
  .transform((row): unknown => ({ ...row, personal_salt: Buffer.alloc(SALT) }))
  .pipe(z.custom<AuditEvent>());

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { decodeEvent, encodeEvent } from '../../services/codec/event.ts';
import type { AuditEvent } from '../../services/core/event.ts';
import { event } from '../support/event.ts';
import { ROUND } from './wires.ts';

/** An event that differs from a plain one in a single column. */
export interface Marked {
  readonly column: string;
  readonly event: AuditEvent;
  /** What a reader finds where the column arrived. */
  readonly marks: readonly string[];
}

/** Of a number, in whatever unit it is sent. */
const DIGITS = 7_654_321;

/** At a round time, so that a span's end shows how long it took. */
export const plain = (columns: Partial<AuditEvent> = {}): AuditEvent =>
  event({ occurred_at: micros(0), received_at: micros(0), ingested_at: micros(0), ...columns });

const micros = (after: number): number => ROUND.getTime() * 1000 + after;

const simple = z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)]);
/** A type without what it is called by logical types, and without `null`. */
const type = z.union([simple, z.tuple([z.literal('null'), simple]).transform(([, held]) => held)]);
const logical = z.object({ logicalType: z.literal('timestamp-micros') });
const schema = z.object({ fields: z.array(z.object({ name: z.string(), type: z.unknown() })) });

/** Each column of the stored event, in the order of the schema, but its salt. */
export function marked(): readonly Marked[] {
  const file = new URL('../../schemas/audit-event.avsc', import.meta.url);
  const { fields } = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return fields
    .filter(({ name }) => name !== 'personal_salt')
    .map(({ name: column, type: given }) => {
      const isTime = logical.safeParse(given).success;
      const { value, marks } = isTime
        ? { value: micros(DIGITS), marks: [String(DIGITS)] }
        : of(column, type.parse(given));
      return { column, event: stored(Object.assign(plain(), { [column]: value })), marks };
    });
}

/** As it is read from the log: only what can be there is of interest. */
const stored = (one: AuditEvent): AuditEvent => decodeEvent(encodeEvent(one).datum);

function of(column: string, kind: string): { readonly value: unknown; readonly marks: readonly string[] } {
  const mark = `mark of ${column}`;
  const bytes = Buffer.alloc(32, column);
  switch (kind) {
    case 'string':
      return { value: mark, marks: [mark] };
    case 'int':
    case 'long':
    case 'double':
      return { value: DIGITS, marks: [String(DIGITS)] };
    case 'fixed':
      return { value: bytes, marks: [bytes.toString('hex')] };
    case 'map':
      return { value: { [`key ${mark}`]: `value ${mark}` }, marks: [`key ${mark}`, `value ${mark}`] };
    case 'array':
      return column === 'guardrails'
        ? guardrail(mark)
        : { value: [mark, `another ${mark}`], marks: [mark, `another ${mark}`] };
    default:
      throw new Error(`no mark for a ${kind}`);
  }
}

function guardrail(mark: string) {
  const texts = { name: `name ${mark}`, provider: `provider ${mark}`, phase: `phase ${mark}`, mode: `mode ${mark}` };
  const [verdict, category] = [`verdict ${mark}`, `category ${mark}`];
  return {
    value: [{ ...texts, verdict, categories: [category], masked_count: DIGITS }],
    marks: [...Object.values(texts), verdict, category, String(DIGITS)],
  };
}

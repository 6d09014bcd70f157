import type { Attributes } from '@opentelemetry/api';
import type { AuditEvent, Guardrail } from '../../core/records.generated.ts';
import { COMMITMENT, entriesOf, FIRST_TOKEN, GUARDRAILS, INTEGERS, LISTS, MAPS, REPLAY, TEXTS } from './columns.ts';
import { isId, OPERATION, operationOf } from './conventions.ts';

const { trace_id, span_id, ...texts } = TEXTS;
const TEXT_NAMES = entriesOf(texts);
const INTEGER_NAMES = entriesOf(INTEGERS);
const LIST_NAMES = entriesOf(LISTS);

/** A span's attributes: every column that the span itself has no place for. */
export function attributesOf(event: AuditEvent, replay: boolean): Attributes {
  const attributes: Attributes = {};
  for (const [column, name] of TEXT_NAMES) {
    const text = event[column];
    if (text !== '') attributes[name] = text;
  }
  for (const [column, name] of INTEGER_NAMES) {
    const integer = event[column];
    if (integer !== null) attributes[name] = integer;
  }
  if (event.time_to_first_token_ms !== null) attributes[FIRST_TOKEN] = numberOf(event.time_to_first_token_ms / 1000);
  for (const [column, name] of LIST_NAMES) {
    const list = event[column];
    if (list.length > 0) attributes[name] = [...list];
  }
  if (event.guardrails.length > 0) attributes[GUARDRAILS] = event.guardrails.map(guardrailOf);
  if (event.content_commitment !== null) attributes[COMMITMENT] = Buffer.from(event.content_commitment).toString('hex');
  for (const [name, text] of Object.entries(event.attributes)) attributes[MAPS.attributes + name] = text;
  for (const [name, text] of Object.entries(event.personal_attributes))
    attributes[MAPS.personal_attributes + name] = text;
  const operation = operationOf(event);
  if (operation !== undefined) attributes[OPERATION] = operation;

  const isTraced = isId(event.trace_id, 32);
  if (!isTraced && event.trace_id !== '') attributes[trace_id] = event.trace_id;
  if (!(isTraced && isId(event.span_id, 16)) && event.span_id !== '') attributes[span_id] = event.span_id;
  if (replay) attributes[REPLAY] = true;
  return attributes;
}

/** The exporter writes what is whole as an int64, and what is no number as null: beyond both, a text. */
const numberOf = (value: number): number | string =>
  Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : String(value);

function guardrailOf({ name, provider, phase, mode, verdict, categories, masked_count }: Guardrail): Attributes {
  const texts = Object.entries({ name, provider, phase, mode, verdict }).filter(([, text]) => text !== '');
  return {
    ...Object.fromEntries(texts),
    ...(categories.length === 0 ? {} : { categories: [...categories] }),
    ...(masked_count === null ? {} : { masked_count }),
  };
}

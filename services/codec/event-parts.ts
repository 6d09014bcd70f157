import type { Guardrail } from '../core/records.generated.ts';
import type { Datum } from './datum.ts';
import type { Words } from './words.ts';

/** Attributes of a source that have its names, which may be any. */
export function mapOf(datum: Datum, names: Words, values: Words): Record<string, string> {
  const map: Record<string, string> = {};
  for (let left = datum.block(); left > 0; left = datum.block())
    for (; left > 0; left--) {
      const name = datum.word(names);
      const value = datum.word(values);
      // Assigned, it would be the object's prototype and not a member.
      if (name === '__proto__') Object.defineProperty(map, name, { ...MEMBER, value });
      else map[name] = value;
    }
  return map;
}

const MEMBER = { enumerable: true, configurable: true, writable: true };

export function listOf(datum: Datum, words: Words): readonly string[] {
  const list: string[] = [];
  for (let left = datum.block(); left > 0; left = datum.block()) for (; left > 0; left--) list.push(datum.word(words));
  return list;
}

export function guardrailsOf(datum: Datum, words: Words): readonly Guardrail[] {
  const list: Guardrail[] = [];
  for (let left = datum.block(); left > 0; left = datum.block())
    for (; left > 0; left--)
      list.push({
        name: datum.word(words),
        provider: datum.word(words),
        phase: datum.word(words),
        mode: datum.word(words),
        verdict: datum.word(words),
        categories: listOf(datum, words),
        masked_count: datum.isGiven() ? datum.long() : null,
      });
  return list;
}

/** Goes past them; answers how many there are. */
export function passGuardrails(datum: Datum): number {
  let guardrails = 0;
  for (let left = datum.block(); left > 0; left = datum.block())
    for (; left > 0; left--, guardrails++) {
      for (let text = 0; text < GUARDRAIL_TEXTS; text++) datum.passText();
      datum.passTexts(1);
      if (datum.isGiven()) datum.long();
    }
  return guardrails;
}

/** name, provider, phase, mode and verdict. */
const GUARDRAIL_TEXTS = 5;

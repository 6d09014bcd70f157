import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS, type Draft } from '../../services/core/event.ts';
import type { Verdict } from '../../services/core/format.ts';
import { formats } from '../../services/formats/index.ts';
import { decoded, goldens } from '../support/goldens.ts';
import { mutationsOf, textsOf, withTexts } from './mutations.ts';

/**
 * Leaves of the wire that mean what another leaf or their absence means, by format. Everything else must show in the
 * verdict.
 */
const MUTE: Readonly<Record<string, readonly RegExp[]>> = {};

const MARK = 'Zq7marker';

describe.each(formats)('$name', (format) => {
  const cases = goldens(format);
  const read = (wire: unknown): Verdict => format.read(decoded(format, wire));
  const accepted = cases.filter(({ wire }) => read(wire).kind === 'accepted');

  test('has goldens it accepts', () => expect(accepted.length).toBeGreaterThan(0));

  test.each(accepted)('loses no leaf of $name', ({ wire }) => {
    const before = JSON.stringify(read(wire));
    const mute = MUTE[format.name] ?? [];
    const lost = mutationsOf(wire)
      .filter(({ message }) => JSON.stringify(read(message)) === before)
      .map(({ what }) => what)
      .filter((what) => !mute.some((pattern) => pattern.test(what)));
    expect(lost).toEqual([]);
  });

  test.each(accepted)('drafts of $name are what a record can hold', ({ wire }) => {
    for (const draft of draftsOf(read(wire))) expectSound(draft);
  });

  test.each(accepted)('content of $name shares no text with its attributes', ({ wire }) => {
    for (const { attributes, personal_attributes, content } of draftsOf(read(wire))) {
      const open = new Set([...Object.values(attributes), ...Object.values(personal_attributes)]);
      const copied = textsOf(content).filter((text) => open.has(text) && occurrences(wire, text) < 2);
      expect(copied).toEqual([]);
    }
  });

  test.each(cases)('$name is detected by no other format', ({ message, wire }) => {
    const found = formats.filter((each) => each.detect(each.encodings.includes('json') ? wire : message));
    expect(found.map(({ name }) => name)).toEqual([format.name]);
  });

  test.each(cases)('a rejected $name is told by place, without values', ({ wire }) => {
    for (const marked of [withTexts(wire, MARK), ...mutationsOf(wire).map(({ message }) => withTexts(message, MARK))]) {
      const verdict = format.read(decoded(format, marked));
      if (verdict.kind === 'accepted') continue;
      expect(verdict.reason).not.toContain(MARK);
      expect(verdict.reason).toMatch(/^[^:]+: \S/);
    }
  });

  test('gives a verdict on anything', () => {
    const kinds = ['accepted', 'skipped', 'rejected'];
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.jsonValue()), (value) => {
        format.detect(value);
        expect(kinds).toContain(format.read(value).kind);
      }),
      { numRuns: 300 },
    );
  });

  test('gives a verdict on a golden with anything in it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...cases),
        fc.array(fc.nat(), { maxLength: 4 }),
        fc.jsonValue(),
        (golden, way, value) => {
          const message = decoded(format, planted(golden.wire, way, value));
          format.detect(message);
          const verdict = format.read(message);
          for (const draft of draftsOf(verdict)) expectSound(draft);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('gives a verdict on what is nested a thousand deep', () => {
    const deep = Array.from({ length: 1000 }).reduce((inner) => ({ events: [inner], attributes: inner }), {});
    for (const wire of [deep, ...cases.map(({ wire }) => planted(wire, [0, 0], deep))])
      expect(['accepted', 'skipped', 'rejected']).toContain(read(wire).kind);
  });
});

const draftsOf = (verdict: Verdict): readonly Draft[] => (verdict.kind === 'accepted' ? verdict.drafts : []);

function expectSound(draft: Draft): void {
  expect(Object.keys(ACTIONS)).toContain(draft.action);
  expect(['success', 'failure', 'denied', 'unknown']).toContain(draft.outcome);
  expect([undefined, 'info', 'low', 'medium', 'high', 'critical']).toContain(draft.severity);
  const { occurred_at, attributes, personal_attributes, content, ...columns } = draft;
  if (occurred_at !== undefined) expect(occurred_at).toSatisfy(Number.isSafeInteger);
  for (const map of [attributes, personal_attributes])
    for (const value of Object.values(map)) expect(value).toBeTypeOf('string');
  for (const name of WHOLE) if (columns[name] != null) expect(columns[name], name).toSatisfy(Number.isSafeInteger);
  for (const name of FINITE) if (columns[name] != null) expect(columns[name], name).toSatisfy(Number.isFinite);
  for (const text of [
    ...textsOf(columns),
    ...textsOf(attributes),
    ...textsOf(personal_attributes),
    ...textsOf(content),
  ])
    expect(text.isWellFormed()).toBe(true);
}

const WHOLE = [
  'tokens_prompt',
  'tokens_completion',
  'tokens_cache_read',
  'tokens_cache_write',
  'cost_micro_usd',
  'status_code',
] as const;
const FINITE = ['latency_ms', 'time_to_first_token_ms'] as const;

const occurrences = (wire: unknown, text: string): number => textsOf(wire).filter((each) => each === text).length;

/** Puts a value somewhere into a message, going down by the numbers of `way`. */
function planted(message: unknown, [step, ...below]: readonly number[], value: unknown): unknown {
  if (step === undefined || typeof message !== 'object' || message === null) return value;
  const entries = Object.entries(message);
  if (entries.length === 0) return value;
  const chosen = step % entries.length;
  const fresh = entries.map(([name, child], index): [string, unknown] => [
    name,
    index === chosen ? planted(child, below, value) : child,
  ]);
  return Array.isArray(message) ? fresh.map(([, child]) => child) : Object.fromEntries(fresh);
}

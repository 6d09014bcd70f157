import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS, type Draft } from '../../services/core/event.ts';
import type { Verdict } from '../../services/core/format.ts';
import { formats } from '../../services/formats/index.ts';
import { decoded, goldens } from '../support/goldens.ts';
import { marking, mutationsOf, textsOf } from './mutations.ts';

/** Leaves that another leaf of the same message says too, by format. Every other one must show in the verdict. */
const MUTE: Readonly<Record<string, readonly RegExp[]>> = {
  'claude-code-otel': [
    // The names of the events are Claude Code's own: without the service's name they still tell the product.
    /resource\.attributes\.service\.name left out$/,
    // Cost and time come twice: in dollars beside millionths, as an attribute beside the record's own.
    /attributes\.cost_usd_micros left out$/,
    /time_unix_nano left out$/,
  ],
};

const MARK = 'Zq7marker';

describe.each(formats)('$name', (format) => {
  const cases = goldens(format);
  const accepted = cases.filter(({ message }) => format.read(message).kind === 'accepted');

  test('has goldens it accepts', () => expect(accepted.length).toBeGreaterThan(0));

  test.each(accepted)('loses no leaf of $name', ({ message }) => {
    const before = JSON.stringify(format.read(message));
    const mute = MUTE[format.name] ?? [];
    const lost = mutationsOf(message)
      .filter((mutation) => JSON.stringify(format.read(mutation.message)) === before)
      .map(({ what }) => what)
      .filter((what) => !mute.some((pattern) => pattern.test(what)));
    expect(lost).toEqual([]);
  });

  test.each(accepted)('drafts of $name are what a record can hold', ({ message }) => {
    for (const draft of draftsOf(format.read(message))) expectSound(draft);
  });

  test.each(accepted)('content of $name shares no text with its attributes', ({ message }) => {
    for (const { attributes, personal_attributes, content } of draftsOf(format.read(message))) {
      const open = new Set([...Object.values(attributes), ...Object.values(personal_attributes)]);
      const copied = textsOf(content).filter((text) => open.has(text) && occurrences(message, text) < 2);
      expect(copied).toEqual([]);
    }
  });

  test.each(cases)('$name is detected by no other format', ({ message }) => {
    const found = formats.filter((each) => each.detect(message));
    expect(found.map(({ name }) => name)).toEqual([format.name]);
  });

  test.each(cases)('a rejected $name is told by place, without values', ({ wire }) => {
    for (const marked of marking(wire, MARK)) {
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
          for (const draft of draftsOf(format.read(message))) expectSound(draft);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('gives a verdict on what is nested a thousand deep', () => {
    const deep = Array.from({ length: 1000 }).reduce((inner) => ({ events: [inner] }), {});
    for (const message of [deep, ...cases.map((golden) => decoded(format, planted(golden.wire, [0, 0], deep)))])
      expect(['accepted', 'skipped', 'rejected']).toContain(format.read(message).kind);
  });
});

/** They share topics with the envelope by default: whatever else it holds, what says it is an envelope is one. */
test.each(formats.filter(({ name }) => ['litellm', 'obot', 'contextforge'].includes(name)))(
  'an envelope is never taken for $name',
  (format) => {
    for (const { wire } of goldens(format)) {
      if (typeof wire !== 'object' || Array.isArray(wire)) continue;
      const found = formats.filter((each) => each.detect({ ...wire, trailhouse: 1 }));
      expect(found.map(({ name }) => name)).toEqual(['envelope']);
    }
  },
);

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

const occurrences = (message: unknown, text: string): number => textsOf(message).filter((each) => each === text).length;

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

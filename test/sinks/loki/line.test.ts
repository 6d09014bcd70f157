import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditEvent } from '../../../services/core/event.ts';
import { dialect } from '../../../services/sinks/loki/dialect.ts';
import { putLine } from '../../../services/sinks/loki/line.ts';
import { event } from '../../support/event.ts';
import { written } from '../written.ts';

const MAX = 262_144;

const lineOf = (of: AuditEvent, maxBytes: number): string => written((page) => putLine(page, of, maxBytes)).toString();

/** The slow twin. */
function plainly(of: AuditEvent): unknown {
  const columns = Object.entries(of).filter(([name, value]) => {
    if (name === 'personal_salt' || value === '' || value === null) return false;
    return typeof value !== 'object' || Object.keys(value).length > 0;
  });
  return Object.fromEntries(
    columns.map(([name, value]) => [name, value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value]),
  );
}

test('is the event without its empty columns and its salt, whatever the texts hold', () => {
  const text = fc.string({ unit: 'binary', maxLength: 70 });
  fc.assert(
    fc.property(
      fc.record({
        command: text,
        error_message: text,
        file_paths: fc.array(text, { maxLength: 3 }),
        attributes: fc.dictionary(text, text, { maxKeys: 3 }),
        content_commitment: fc.option(fc.uint8Array({ minLength: 1, maxLength: 32 })),
        tokens_prompt: fc.option(fc.maxSafeInteger()),
        guardrails: fc.array(
          fc.record({
            name: text,
            provider: text,
            phase: text,
            mode: text,
            verdict: text,
            categories: fc.array(text, { maxLength: 2 }),
            masked_count: fc.option(fc.nat()),
          }),
          { maxLength: 2 },
        ),
      }),
      (columns) => {
        const given = event(columns);
        expect(JSON.parse(lineOf(given, MAX))).toEqual(JSON.parse(JSON.stringify(plainly(given))));
      },
    ),
    { numRuns: 50 },
  );
});

test('has the columns in the order of the dialect, all of them', () => {
  const full = Object.fromEntries(Object.entries(event({})).map(([name, value]) => [name, value || 'x']));
  const keys = Object.keys(JSON.parse(lineOf({ ...event({}), ...full, ...LISTS }, MAX)));
  expect(keys).toEqual(Object.values(dialect));
});
const LISTS = {
  guardrails: [{ name: 'g', provider: '', phase: '', mode: '', verdict: 'pass', categories: [], masked_count: null }],
  data_classes: ['pii'],
  actor_groups: ['g'],
  file_paths: ['/a'],
  attributes: { a: 'b' },
  personal_attributes: { c: 'd' },
};

test('is not cut at the limit, and is beyond it', () => {
  const given = event({ command: 'é'.repeat(20_000) });
  const whole = lineOf(given, MAX);
  const bytes = Buffer.byteLength(whole);
  expect(lineOf(given, bytes)).toBe(whole);
  expect(JSON.parse(lineOf(given, bytes - 1))).toMatchObject({
    event_id: given.event_id,
    command: 'é'.repeat(1_000),
    cut: true,
    cut_columns: ['command'],
    original_bytes: bytes,
    sha256: createHash('sha256').update(whole).digest('hex'),
  });
});

test('cuts the longest first, leaves out lists that are too long and always fits', () => {
  const hostile = {
    command: '\u0000'.repeat(30_000),
    error_message: 'x'.repeat(9_000),
    attributes: Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`key ${i}`, 'value'])),
  };
  const given = event({ event_id: 'kept', ...hostile });
  const line = lineOf(given, 16_384);
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(16_384);
  const said = JSON.parse(line);
  expect(said).toMatchObject({ event_id: 'kept', error_message: 'x'.repeat(9_000) });
  expect(said.cut_columns).toEqual(['command', 'attributes']);
  expect(said).not.toHaveProperty('attributes');
});

test('fits even when every text is long', () => {
  const texts = Object.entries(event({})).flatMap(([name, value]) =>
    typeof value === 'string' && name !== 'event_id' ? [[name, '\u0000'.repeat(900)]] : [],
  );
  const line = lineOf({ ...event({ event_id: 'kept' }), ...Object.fromEntries(texts) }, 16_384);
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(16_384);
  expect(JSON.parse(line).event_id).toBe('kept');
});

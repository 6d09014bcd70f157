import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskText } from '../../services/privacy/mask.ts';
import { CREDENTIALS, run, TOKENS } from './credentials.ts';
import { INNOCENT } from './innocent.ts';

describe('credentials', () => {
  test('are many', () => expect(CREDENTIALS.length).toBeGreaterThanOrEqual(150));

  test.each(CREDENTIALS)('$text', ({ text, secret }) => {
    const masked = maskText(text);
    expect(masked.found.length).toBeGreaterThan(0);
    expect(remains(masked.text, secret)).toBeUndefined();
    expect(maskText(masked.text)).toEqual({ text: masked.text, found: [] });
  });
});

describe('innocent text', () => {
  test('is much', () => expect(INNOCENT.length).toBeGreaterThanOrEqual(150));
  test.each(INNOCENT)('%j', (text) => expect(maskText(text)).toEqual({ text, found: [] }));
});

test('keeps what is around a credential', () => {
  const [token = ''] = TOKENS;
  expect(maskText(`a ${token}, b`).text).toBe('a [masked:aws-key], b');
  expect(maskText(`postgres://ada:${run(12)}@db/shop`).text).toBe('postgres://ada:[masked:password]@db/shop');
  expect(maskText(`Authorization: Bearer ${run(32)}\nhost: a`).text).toBe(
    'Authorization: Bearer [masked:authorization]\nhost: a',
  );
  expect(maskText(`{"password": "${run(9)}", "user": "ada"}`).text).toBe(
    '{"password": "[masked:password]", "user": "ada"}',
  );
});

const fragment = fc.oneof(
  fc.constantFrom(...INNOCENT.filter((text) => text.length < 80)),
  fc.constantFrom(...CREDENTIALS.map(({ text }) => text)),
  fc.constantFrom(
    '\n',
    '"',
    '\\"',
    "'",
    '\\',
    '=',
    ': ',
    '[masked:',
    ']',
    'password',
    'token',
    '://',
    '@',
    '-----',
    ' ',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

test('any mixture: never throws, settles, stays in bounds', () => {
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      const masked = maskText(text);
      expect(masked.text.length).toBeLessThanOrEqual(text.length + 40 * masked.found.length);
      expect(masked.found.length).toBeLessThanOrEqual(text.length);
      expect(maskText(masked.text)).toEqual({ text: masked.text, found: [] });
    }),
    { numRuns: 1000 },
  );
});

test('a token is found between any neighbours', () => {
  const neighbour = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom(...INNOCENT));
  fc.assert(
    fc.property(neighbour, fc.constantFrom(...TOKENS), neighbour, (before, token, after) => {
      expect(remains(maskText(`${before} ${token} ${after}`).text, token)).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('a password in JSON is masked whole, whatever it holds and however often the text was quoted', () => {
  const rest = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 24 });
  fc.assert(
    fc.property(rest, fc.integer({ min: 1, max: 3 }), (drawn, times) => {
      let text = JSON.stringify({ password: `aZ4${drawn}`, user: 'ada' });
      for (let time = 1; time < times; time++) text = JSON.stringify({ body: text });
      let masked: unknown = JSON.parse(maskText(text).text);
      for (let time = 1; time < times; time++) masked = JSON.parse(Object(masked).body);
      expect(masked).toEqual({ password: '[masked:password]', user: 'ada' });
    }),
    { numRuns: 500 },
  );
});

/** Eight characters of the secret in a row, or all of a shorter one, that are still in the text. */
function remains(text: string, secret: string): string | undefined {
  const length = Math.min(8, secret.length);
  for (let at = 0; at + length <= secret.length; at++) {
    const part = secret.slice(at, at + length);
    if (text.includes(part)) return part;
  }
  return undefined;
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { promptTokens } from '../../services/formats/tokens.ts';

test.each([
  ['all inside', 20449, 18230, 2210, 20449],
  ['only reads inside', 18239, 18230, 2210, 20449],
  ['none inside', 9, 18230, 2210, 20449],
  ['nothing cached', 9, undefined, undefined, 9],
  ['nothing said', undefined, 18230, 2210, undefined],
  ['no count', 0.5, 18230, 2210, undefined],
  ['no count either', -9, 18230, 2210, undefined],
  ['beyond what a column holds', 2 ** 52, 2 ** 52, 1, undefined],
])('%s', (_, counted, read, written, tokens) => expect(promptTokens(counted, read, written)).toBe(tokens));

test('cached tokens are never more than the prompt they are part of', () => {
  const count = fc.nat(1_000_000);
  fc.assert(
    fc.property(count, count, count, (counted, read, written) => {
      expect(promptTokens(counted, read, written)).toBeGreaterThanOrEqual(read + written);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSurely, message } from '../../../services/formats/litellm/payload.ts';

const value = fc.oneof(fc.constantFrom('', 'x', 1, null, true, undefined), fc.jsonValue());
const candidate = fc.oneof(
  fc.record({ id: value, call_type: value, model: value }, { requiredKeys: [] }),
  fc.array(fc.record({ id: fc.constant('x'), call_type: fc.constant('y') }), { maxLength: 2 }),
  fc.jsonValue(),
);

test('what is surely a payload is what the schema gives back unchanged', () => {
  fc.assert(
    fc.property(candidate, (given) => {
      if (!isSurely(given)) return;
      const { success, data } = message.safeParse(given);
      expect(success).toBe(true);
      expect(data).toBe(given);
    }),
    { numRuns: 2_000 },
  );
});

test('a payload like those of the proxy is one', () =>
  expect(isSurely({ id: 'chat-1', call_type: 'acompletion', status: 'success' })).toBe(true));

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Claims } from '../../services/core/event.ts';
import { attribute } from '../../services/identity/attribute.ts';
import { EMPTY_DIRECTORY } from '../../services/identity/directory.ts';
import { toldOf } from '../../services/identity/remember.ts';

const few = fc.constantFrom(undefined, '', 'a', 'b');
/** Of few different values, so that much is met again, and much differs in one claim alone. */
const claims: fc.Arbitrary<Claims> = fc.record({
  kind: fc.constantFrom('user', 'service', undefined),
  basis: fc.constantFrom('gateway_key', 'account_id'),
  id: few,
  email: fc.constantFrom(undefined, 'ada@meridian.example', 'Ada@Meridian.example'),
  name: few,
  groups: fc.constantFrom(undefined, [], ['a'], ['b'], ['a', 'b']),
  team: few,
  project: few,
  organisation: few,
});

test('what is remembered is what would be told anew', () => {
  const tell = (said: Claims, ceiling: 'verified' | 'claimed') => ({ actor: attribute(said, ceiling), isKnown: false });
  fc.assert(
    fc.property(claims, fc.constantFrom('verified', 'claimed'), (said, ceiling) => {
      expect(toldOf(said, ceiling, EMPTY_DIRECTORY, tell)).toEqual(tell(said, ceiling));
    }),
    { numRuns: 5_000 },
  );
});

test('directories are remembered apart', () => {
  const tell = (isKnown: boolean) => (said: Claims) => ({ actor: attribute(said, 'claimed'), isKnown });
  const said: Claims = { basis: 'account_id', id: 'a' };
  const other = { ...EMPTY_DIRECTORY };
  expect(toldOf(said, 'claimed', EMPTY_DIRECTORY, tell(false)).isKnown).toBe(false);
  expect(toldOf(said, 'claimed', other, tell(true)).isKnown).toBe(true);
  expect(toldOf(said, 'claimed', other, tell(false)).isKnown).toBe(true);
});

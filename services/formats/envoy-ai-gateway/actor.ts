import type { Claims } from '../../core/event.ts';
import type { Reading } from '../reading.ts';
import { KEYS, wordOf } from './keys.ts';

/**
 * Whom the request's headers named. A filter before this one may have checked a token and written them, or the caller
 * did: the log cannot tell, so it is a claim. A bare id may be a service's. They stay attributes, since attribution may
 * trim or correct them.
 */
export function claimsOf(read: Reading): Claims {
  const [id, email] = [wordOf(read, KEYS.user), wordOf(read, KEYS.email)];
  const where = { team: wordOf(read, KEYS.team), organisation: wordOf(read, KEYS.tenant) };
  if (email !== undefined) return { kind: 'user', basis: 'email_claim', id, email, ...where };
  return { basis: id === undefined ? 'none' : 'account_id', id, ...where };
}

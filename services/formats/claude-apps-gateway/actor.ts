import type { Claims, Outcome } from '../../core/event.ts';
import type { Flat } from '../flat.ts';

/** Requests of somebody signed in: the gateway minted their session after the identity provider vouched for them. */
const SIGNED_IN: readonly string[] = [
  'inference',
  'managed.serve',
  'desktop_bootstrap.serve',
  'desktop_bootstrap.denied',
  'spend.blocked',
];

/** A session that the gateway would not give proves nothing. */
const SIGNING_IN: readonly string[] = ['session.mint', 'session.refresh'];

/** Whom a limit is for would be taken for who set it. */
const ABOUT_OTHERS = /^admin\.limit\./;

/**
 * Where no sign-in stands behind them, subject and address are what somebody said. Both stay personal attributes:
 * attribution may trim or correct what it takes.
 */
export function claimsOf(evt: string, outcome: Outcome, read: Flat): Claims {
  if (evt === 'config.load') return { kind: 'system', basis: 'none' };
  if (ABOUT_OTHERS.test(evt)) return { basis: 'none' };
  const [id, email] = [read.word('sub'), read.word('email')];
  if (id === undefined && email === undefined) return { basis: 'none' };
  const proven = SIGNED_IN.includes(evt) || (SIGNING_IN.includes(evt) && outcome === 'success');
  const claimed = email === undefined ? 'account_id' : 'email_claim';
  return { kind: 'user', basis: proven ? 'idp' : claimed, id, email };
}

import type { Claims } from '../../core/event.ts';
import type { Flat } from '../flat.ts';

/**
 * The subject of a token that the gateway validated with the issuer's keys, else the peer's certificate. Neither says
 * whether a person or a program holds it. Both stay personal attributes: attribution may trim what it takes.
 */
export function claimsOf(read: Flat, attested: boolean): Claims {
  const subject = attested ? read.word('jwt.sub') : undefined;
  if (subject !== undefined) return { basis: 'idp', id: subject };
  const peer = attested ? read.word('src.identity') : undefined;
  return peer === undefined ? { basis: 'none' } : { basis: 'mtls', id: peer };
}

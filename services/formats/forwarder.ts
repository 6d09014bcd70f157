import { z } from 'zod';
import type { Claims } from '../core/event.ts';
import { instantOf } from './instant.ts';

/** Null says as much as leaving the field out. */
export const text = z.string('is no text').nullish();

export const duration = z.number('is no number').min(0, 'is negative').nullish();

/** Without its zone, a time would be a guess. */
export const time = z
  .string('is no text')
  .refine(
    (given) => /(Z|[+-]\d{2}:\d{2})$/i.test(given) && instantOf(given) !== undefined,
    'is no RFC 3339 time with a zone between 1970 and 2200',
  )
  .nullish();

/**
 * Whom the forwarder of a payload names. `basis` says by what it has checked that itself; without one it passes on a
 * claim.
 */
export const user = z
  .object(
    { id: text, email: text, name: text, basis: z.enum(['idp', 'gateway_key', 'mtls']).nullish() },
    'is no object',
  )
  .refine(({ basis, id, email }) => basis == null || isSaid(id) || isSaid(email), {
    path: ['basis'],
    message: 'rests on an id or an email, and there is neither',
  })
  .nullish();

/** Undefined where nobody is named. Attribution may trim what is, so the leaves stay in the personal part as well. */
export function claimsOf(user: User): Claims | undefined {
  const [id, email, name] = [said(user?.id), said(user?.email), said(user?.name)];
  if (id === undefined && email === undefined) return undefined;
  const basis = user?.basis ?? (email === undefined ? 'account_id' : 'email_claim');
  return { kind: 'user', basis, id, email, name };
}

type User = z.output<typeof user>;

/** Undefined for what says nothing. */
const said = (given: string | null | undefined): string | undefined =>
  given == null || given === '' ? undefined : given;

const isSaid = (given: string | null | undefined): boolean => given != null && given.trim() !== '';

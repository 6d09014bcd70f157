import type { Claims } from '../../core/event.ts';
import type { AuditLogEvent } from './schema.ts';

export interface Attributed {
  readonly claims: Claims;
  /** Leaves that the claims hold exactly. */
  readonly settled: readonly string[];
}

const ID = 'actor.id';
const EMAIL = 'details.environment.reportedUserEmail';

/**
 * Obot's server states the actor: a signed-in user, an API key alone, or an enrolled device. That verifies who called a
 * tool through the gateway. What an endpoint reports (`client_reported`) the server only received: who is claimed then,
 * and the address that the endpoint read from git counts where the server knows no user.
 */
export function claimsOf({ actor, timestamp, details }: AuditLogEvent): Attributed {
  const { actorType } = actor;
  const id = said(actor.id);
  const observed = timestamp.source === 'server';
  const reported = said(details?.environment?.reportedUserEmail);

  if (actorType === 'user' && id !== undefined) {
    const basis = !observed ? 'account_id' : said(actor.credentialID) === undefined ? 'idp' : 'gateway_key';
    // Providers that know people by their address hand it on as the id.
    return { claims: { kind: 'user', basis, id, email: id.includes('@') ? id : undefined }, settled: [ID] };
  }
  if (actorType === 'credential' && id !== undefined)
    return { claims: { kind: 'service', basis: observed ? 'gateway_key' : 'account_id', id }, settled: [ID] };
  if (reported !== undefined)
    return { claims: { kind: 'user', basis: 'email_claim', email: reported }, settled: [EMAIL] };
  if (actorType === 'device' && id !== undefined)
    return { claims: { kind: 'device', basis: 'device', id }, settled: [ID] };
  return { claims: { basis: 'none' }, settled: [] };
}

const said = (text: string | null | undefined): string | undefined => (text == null || text === '' ? undefined : text);

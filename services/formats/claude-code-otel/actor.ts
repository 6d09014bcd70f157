import type { Claims } from '../../core/event.ts';
import type { Mapped } from '../../core/format.ts';
import type { Taking } from './taking.ts';

/**
 * Who the record says acted. In a session of the Claude apps gateway Claude Code stamps every record with the identity
 * of the gateway's token: there `user.id` is the identity provider's subject; elsewhere it is a random id of the
 * installation. Who signs in with an API key has no account, and organisations set `enduser.id` themselves. A client can
 * send any of it, the stamp too: what the topic's ceiling is for.
 *
 * What names a person stays a personal attribute as well: attribution may trim or correct it.
 */
export function claimsOf(take: Taking): Pick<Mapped, 'claims' | 'device' | 'personal_attributes'> {
  const said = {
    email: take.peek('user.email'),
    account: take.peek('user.account_uuid') ?? take.peek('user.account_id'),
    endUser: take.peek('enduser.id'),
    installation: take.peek('user.id'),
    organisation: take.peek('organization.id'),
    team: take.peek('team.id'),
  };
  const where = { organisation: said.organisation, team: said.team };

  if (take.peek('identity.source') === 'gateway-oidc') {
    const groups = take.peek('user.groups')?.split(',');
    const claims: Claims = { kind: 'user', basis: 'idp', id: said.installation, email: said.email, groups, ...where };
    return { claims, personal_attributes: {} };
  }
  return { claims: { ...ungated(said), ...where }, device: take.text('user.id'), personal_attributes: {} };
}

function ungated(said: {
  readonly email: string | undefined;
  readonly account: string | undefined;
  readonly endUser: string | undefined;
  readonly installation: string | undefined;
}): Claims {
  const email = said.email ?? (said.endUser?.includes('@') === true ? said.endUser : undefined);
  const id = said.account ?? said.endUser;
  if (email !== undefined) return { kind: 'user', basis: 'email_claim', id, email };
  if (id !== undefined) return { kind: 'user', basis: 'account_id', id };
  return said.installation === undefined
    ? { basis: 'none' }
    : { kind: 'device', basis: 'device', id: said.installation };
}

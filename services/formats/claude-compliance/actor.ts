import type { Claims } from '../../core/event.ts';
import { type Activity, type Actor, textOf } from './activity.ts';

/**
 * Who the feed says acted. Anthropic authenticated every actor it names by account, key or identity provider before the
 * act; an unauthenticated one is what somebody typed. What a topic is trusted for caps all of it later.
 */
export function claimsOf(activity: Activity): Claims {
  const organisation = textOf(activity, 'organization_uuid') ?? textOf(activity, 'organization_id');
  return { ...actorOf(activity.actor ?? {}), organisation };
}

function actorOf(actor: Actor): Claims {
  const said = (name: string): string | undefined => textOf(actor, name);
  switch (actor.type) {
    case 'user_actor':
      return { kind: 'user', basis: 'idp', id: said('user_id'), email: said('email_address') };
    case 'unauthenticated_user_actor':
      return { kind: 'user', basis: 'email_claim', email: said('unauthenticated_email_address') };
    case 'api_actor':
      return { kind: 'service', basis: 'gateway_key', id: said('api_key_id') };
    case 'admin_api_key_actor':
      return { kind: 'service', basis: 'gateway_key', id: said('admin_api_key_id') };
    case 'service_account_actor':
      return { kind: 'service', basis: 'idp', id: said('service_account_id') };
    case 'federated_identity_actor':
    case 'federated_actor':
      return { kind: 'service', basis: 'idp', id: said('subject') };
    case 'scim_directory_sync_actor':
      return { kind: 'system', basis: 'idp', id: said('directory_id'), name: said('idp_connection_type') };
    // A key pair in the device's hardware, checked by Anthropic: `mtls` is the basis that stands for such a proof.
    case 'attested_device_actor':
      return { kind: 'device', basis: 'mtls', id: said('external_client_id') ?? said('kid_hash') };
    case 'anthropic_actor':
      return { kind: 'system', basis: 'none', email: said('email_address'), name: 'Anthropic' };
    case 'system_actor':
      return { kind: 'system', basis: 'none', name: said('service') };
    default:
      return unknownActor(said('user_id'), said('email_address'));
  }
}

/** How an actor of a type that is not known here was authenticated is not known either. */
function unknownActor(id: string | undefined, email: string | undefined): Claims {
  if (email !== undefined) return { kind: 'unknown', basis: 'email_claim', id, email };
  return id === undefined ? { kind: 'unknown', basis: 'none' } : { kind: 'unknown', basis: 'account_id', id };
}

/** Who tried to sign in and did not get in, or had yet to, has proven nothing: what is left is what they said. */
export function unproven(claims: Claims): Claims {
  if (claims.basis === 'none' || claims.basis === 'email_claim') return claims;
  return { ...claims, basis: claims.email === undefined ? 'account_id' : 'email_claim' };
}

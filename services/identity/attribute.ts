import type { ActorKind, AuditEvent, Basis, Claims, Confidence } from '../core/event.ts';

/** The actor_* columns of an event: who acted, by which claim, and how far that claim can be trusted. */
export interface Actor
  extends Pick<
    AuditEvent,
    'actor_team' | 'actor_project' | 'actor_organisation' | 'actor_id' | 'actor_email' | 'actor_name' | 'actor_groups'
  > {
  readonly actor_kind: ActorKind;
  readonly actor_basis: Basis;
  readonly actor_confidence: Confidence;
}

/** The highest confidence a raw topic's claims may reach; set by its binding, never by what a message looks like. */
export type Ceiling = Extract<Confidence, 'verified' | 'claimed'>;

/** How far a basis carries by itself. Only what an issuer checked at the time of the act is verified. */
const REACH: Readonly<Record<Basis, Confidence>> = {
  idp: 'verified',
  gateway_key: 'verified',
  mtls: 'verified',
  email_claim: 'claimed',
  account_id: 'claimed',
  session_binding: 'inferred',
  device: 'inferred',
  none: 'none',
};

/**
 * What a message says about who acted, as columns. Adds nothing: what was not said stays empty, a kind that was not said
 * is `unknown`, and a basis on which nothing was said is `none`. The ceiling lowers `verified` to `claimed`; the basis
 * stays what the source had. Blank texts count as not said.
 */
export function attribute(claims: Claims, ceiling: Ceiling): Actor {
  const said = {
    actor_team: trimmed(claims.team),
    actor_project: trimmed(claims.project),
    actor_organisation: trimmed(claims.organisation),
    ...named(claims),
    actor_groups: (claims.groups ?? []).map(trimmed).filter((group) => group !== ''),
  };
  const basis = Object.values(said).some((value) => value.length > 0) ? claims.basis : 'none';
  const reach = REACH[basis];
  return {
    ...said,
    actor_kind: claims.kind ?? 'unknown',
    actor_basis: basis,
    actor_confidence: reach === 'verified' ? ceiling : reach,
  };
}

/**
 * Id, address and name. What is no e-mail address does not stand in `actor_email`, where joins would trust it: it is
 * the id where none was given, and otherwise follows the name in angle brackets.
 */
function named(claims: Claims): Pick<Actor, 'actor_id' | 'actor_email' | 'actor_name'> {
  const [id, name, given] = [trimmed(claims.id), trimmed(claims.name), trimmed(claims.email)];
  const email = addressOf(given);
  if (email !== undefined || given === '' || given === id)
    return { actor_id: id, actor_email: email ?? '', actor_name: name };
  if (id === '') return { actor_id: given, actor_email: '', actor_name: name };
  return { actor_id: id, actor_email: '', actor_name: `${name} <${given}>`.trimStart() };
}

/** Lengths of RFC 5321, 4.5.3.1; letters beyond ASCII as RFC 6531 allows. Quoted local parts are not taken. */
const ADDRESS = /^([^\s@<>"(),:;\\[\]]{1,64})@([\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,253}[\p{L}\p{N}])?)$/u;

/**
 * The domain in lower case, the local part as given: RFC 5321, 2.4 lets only the owner of a domain say that its mailboxes
 * ignore case. Undefined for what is no address.
 */
export function addressOf(email: string): string | undefined {
  if (!email.includes('@')) return undefined;
  const [, mailbox, domain] = ADDRESS.exec(email) ?? [];
  if (mailbox === undefined || domain === undefined || domain.includes('..')) return undefined;
  return `${mailbox}@${domain.toLowerCase()}`;
}

const trimmed = (text: string | undefined): string => text?.trim() ?? '';

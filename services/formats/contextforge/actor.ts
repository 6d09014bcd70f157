import type { Basis, Claims } from '../../core/event.ts';

/**
 * How the gateway knew the user (`auth_method`). A JWT is what it issues after a sign-on; an API token and a password are
 * its own. Rows of older versions, and requests it let through unauthenticated, leave the user a claim.
 */
const BASES: Readonly<Record<string, Basis>> = {
  jwt: 'idp',
  sso: 'idp',
  oauth: 'idp',
  oauth2: 'idp',
  oidc: 'idp',
  saml: 'idp',
  api_token: 'gateway_key',
  api_key: 'gateway_key',
  token: 'gateway_key',
  basic: 'gateway_key',
  mtls: 'mtls',
};

/** The gateway writes this where it knows nobody. */
const NOBODY = 'unknown';

interface Row {
  readonly user_id?: string | null | undefined;
  readonly user_email?: string | null | undefined;
  readonly team_id?: string | null | undefined;
  readonly auth_method?: string | null | undefined;
}

export interface Attributed {
  readonly claims: Claims;
  /** Leaves that the claims hold exactly. */
  readonly settled: readonly string[];
}

export function claimsOf(row: Row): Attributed {
  const [id, email, team] = [known(row.user_id), known(row.user_email), row.team_id ?? undefined];
  const claims: Claims = {
    kind: (id ?? email) ? 'user' : undefined,
    basis: basisOf(row.auth_method, id, email),
    id,
    email,
    team,
  };
  return {
    claims,
    settled: [
      ...(id === undefined ? [] : ['user_id']),
      ...(email === undefined ? [] : ['user_email']),
      ...(team === undefined ? [] : ['team_id']),
    ],
  };
}

function basisOf(method: string | null | undefined, id: string | undefined, email: string | undefined): Basis {
  if (id === undefined && email === undefined) return 'none';
  const word = method?.toLowerCase();
  const basis = word !== undefined && Object.hasOwn(BASES, word) ? BASES[word] : undefined;
  return basis ?? (email === undefined ? 'account_id' : 'email_claim');
}

const known = (text: string | null | undefined): string | undefined =>
  text == null || text === '' || text === NOBODY ? undefined : text;

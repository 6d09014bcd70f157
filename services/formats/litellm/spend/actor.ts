import type { Claims } from '../../../core/event.ts';
import type { Reading } from '../../reading.ts';

/**
 * The virtual key that the proxy checked and whom it was issued to: `api_key_hash` is its hash, `user` the user it belongs to.
 * A key without a user is a service known by its alias. `end_user` is whatever the caller wrote into the request. All of
 * them stay attributes, since attribution may trim or correct them.
 */
export function claimsOf(read: Reading): Claims {
  const key = (name: string): string | undefined => read.word('metadata', `user_api_key_${name}`);
  const [user, email] = [read.word('user') ?? key('user_id'), key('user_email')];
  const isPerson = user !== undefined || email !== undefined;
  const hash = read.word('api_key_hash') ?? key('hash');
  const id = isPerson ? user : (key('alias') ?? hash ?? read.word('api_key') ?? read.word('metadata', 'user_api_key'));
  const where = {
    team: key('team_alias') ?? read.word('team_id') ?? key('team_id'),
    project: key('project_alias') ?? key('project_id'),
    organisation: key('org_alias') ?? read.word('organization_id') ?? key('org_id'),
  };
  if (id === undefined && email === undefined) return { basis: 'none', ...where };
  return { kind: isPerson ? 'user' : 'service', basis: 'gateway_key', id, email, ...where };
}

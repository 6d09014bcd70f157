import type { Claims } from '../../core/event.ts';
import type { Reading } from '../reading.ts';

/**
 * The virtual key the proxy checked, and whom it was issued to. A key without a user is a service known by its alias.
 * `end_user` is whatever the caller wrote into the request: it stays a personal attribute. So do the leaves read here,
 * since attribution may trim or correct them.
 */
export function claimsOf(read: Reading): Claims {
  const key = (name: string): string | undefined => read.word('metadata', `user_api_key_${name}`);
  const [user, email] = [key('user_id'), key('user_email')];
  const person = user !== undefined || email !== undefined;
  const id = person ? user : (key('alias') ?? key('hash'));
  const where = {
    team:
      key('team_alias') ?? key('team_id') ?? read.word('metadata', 'team_alias') ?? read.word('metadata', 'team_id'),
    project: key('project_alias') ?? key('project_id'),
    organisation: key('org_alias') ?? key('org_id'),
  };
  if (id === undefined && email === undefined) return { basis: 'none', ...where };
  return { kind: person ? 'user' : 'service', basis: 'gateway_key', id, email, ...where };
}

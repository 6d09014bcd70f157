import type { Claims } from '../../core/event.ts';
import type { Reading } from '../reading.ts';
import type { Place } from './act.ts';

/**
 * The consumer whose credential Kong checked. `custom_id` is what it is called outside Kong, `username` a name that an
 * operator gave to an application or a person, so no kind is said. A consumer without a credential is the one that
 * anonymous requests pass for; a credential without a consumer is all that some plugins know. All of them stay attributes,
 * since attribution may trim or correct them.
 */
export function claimsOf(read: Reading): Claims {
  const [custom, uuid, name] = ['custom_id', 'id', 'username'].map((key) => read.word('consumer', key));
  const credential = read.word('authenticated_entity', 'id') ?? read.word('authenticated_entity', 'consumer_id');
  const id = custom ?? uuid ?? (name === undefined ? credential : undefined);
  if (id === undefined && name === undefined) return { basis: 'none' };
  const email = [custom, name].find((text) => text?.includes('@'));
  return { basis: credential === undefined ? 'account_id' : 'gateway_key', id, name, email };
}

/** Whom an access rule let pass or not, where the entry names nobody. A rule may have looked at a group that they are in. */
export function checkedOf(read: Reading, audit: Place, caller: Claims): Claims {
  const [id, name] = ['id', 'name'].map((key) => read.word(...audit, 'consumer', key));
  if (caller.basis !== 'none' || (id === undefined && name === undefined)) return caller;
  if (read.word(...audit, 'consumer', 'identifier') === 'consumer_group')
    return { basis: 'gateway_key', groups: name === undefined ? undefined : [name] };
  return { basis: 'gateway_key', id, name };
}

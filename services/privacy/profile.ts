import { createHmac, createSecretKey } from 'node:crypto';
import type { AuditEvent } from '../core/event.ts';

/** What a receiver is shown of the personal part: keyed tokens that still join, the values themselves, or nothing. */
export type Profile = 'tokens' | 'clear' | 'none';

/** Values a lane remembers the token of; people, hosts and paths come again and again. */
const REMEMBERED = 50_000;
const NOTHING = Buffer.alloc(16);

type Personal = Pick<
  AuditEvent,
  | 'actor_id'
  | 'actor_email'
  | 'actor_name'
  | 'actor_groups'
  | 'client_address'
  | 'user_agent'
  | 'host'
  | 'device'
  | 'target'
  | 'file_paths'
  | 'command'
  | 'error_message'
  | 'personal_attributes'
  | 'personal_salt'
>;

/** The personal part of nobody; the salt is never shown, with it the rest could be guessed from its hash. */
const EMPTY: Personal = {
  actor_id: '',
  actor_email: '',
  actor_name: '',
  actor_groups: [],
  client_address: '',
  user_agent: '',
  host: '',
  device: '',
  target: '',
  file_paths: [],
  command: '',
  error_message: '',
  personal_attributes: {},
  personal_salt: NOTHING,
};

/** What a receiver is shown of a text of the personal part; undefined where it is shown nothing, not even that there is one. */
export function openShow(profile: Profile, key: Uint8Array): (text: string) => string | undefined {
  if (profile === 'clear') return (text) => text;
  return profile === 'none' ? () => undefined : openTokens(key);
}

/** The event as a receiver may see it. One key gives one value one token, in every column and at every receiver. */
export function openProfile(profile: Profile, key: Uint8Array): (event: AuditEvent) => AuditEvent {
  if (profile === 'clear') return (event) => ({ ...event, personal_salt: NOTHING });
  if (profile === 'none') return (event) => ({ ...event, ...EMPTY });
  const token = openTokens(key);
  return (event) => ({
    ...event,
    actor_id: token(event.actor_id),
    actor_email: token(event.actor_email),
    actor_name: token(event.actor_name),
    actor_groups: event.actor_groups.map(token),
    client_address: token(event.client_address),
    user_agent: token(event.user_agent),
    host: token(event.host),
    device: token(event.device),
    target: token(event.target),
    file_paths: event.file_paths.map(token),
    command: token(event.command),
    error_message: token(event.error_message),
    personal_attributes: Object.fromEntries(
      Object.entries(event.personal_attributes).map(([name, value]) => [name, token(value)]),
    ),
    personal_salt: NOTHING,
  });
}

/** Name of the key that makes tokens: one, so that what ingest masks joins with what receivers are sent. */
export const TOKEN_KEY = 'tokens';

/** `tok_` and 132 bits of HMAC-SHA256; an empty text stays empty, for it says that nothing is known. */
export function openTokens(key: Uint8Array): (value: string) => string {
  // Handed over as bytes it would be imported anew for each value.
  const imported = createSecretKey(key);
  const known = new Map<string, string>();
  return (value) => {
    if (value === '') return '';
    const before = known.get(value);
    if (before !== undefined) return before;
    const token = `tok_${createHmac('sha256', imported).update(value).digest('base64url').slice(0, 22)}`;
    if (known.size >= REMEMBERED) known.clear();
    known.set(value, token);
    return token;
  };
}

import { createHmac } from 'node:crypto';

/** What an event says about whose it is. */
export interface Who {
  readonly actor_email: string;
  readonly actor_id: string;
  readonly session_id: string;
  readonly origin_topic: string;
  /** Microseconds since 1970. */
  readonly occurred_at: number;
}

const DAY_US = 86_400_000_000;

/**
 * Name of the key that seals what a subject said: the name tells nobody whose it is. Where nobody is known the session stands
 * for them, and without one the day of the topic, so that a key never covers more people than it must.
 */
export function subjectKey(
  { actor_email, actor_id, session_id, origin_topic, occurred_at }: Who,
  tokenKey: Uint8Array,
): string {
  if (actor_email !== '') return personKey(actor_email, tokenKey);
  if (actor_id !== '') return accountKey(actor_id, tokenKey);
  if (session_id !== '') return named(`session:${session_id}`, tokenKey);
  return named(`day:${origin_topic}/${Math.floor(occurred_at / DAY_US)}`, tokenKey);
}

export const personKey = (email: string, tokenKey: Uint8Array): string =>
  named(`person:${email.toLowerCase()}`, tokenKey);
export const accountKey = (id: string, tokenKey: Uint8Array): string => named(`actor:${id}`, tokenKey);

function named(subject: string, tokenKey: Uint8Array): string {
  return `subject-${createHmac('sha256', tokenKey).update(subject).digest('hex').slice(0, 40)}`;
}

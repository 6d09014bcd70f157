import { createHmac } from 'node:crypto';
import type { AuditEvent } from '../../core/event.ts';
import { seal } from '../../privacy/seal.ts';

/** The content columns a seal fills. */
export interface Sealed {
  readonly sealed: Uint8Array;
  readonly key_id: string;
}

export const UNSEALED: Sealed = { sealed: Buffer.alloc(0), key_id: '' };

type Who = Pick<AuditEvent, 'actor_email' | 'actor_id' | 'session_id' | 'origin_topic' | 'occurred_at'>;

const DAY_US = 86_400_000_000;

/**
 * Name of the key that seals what a subject said: the name tells nobody whose it is. Where nobody is known the session stands
 * for them, and without one the day of the topic, so that a key never covers more people than it must.
 */
export function subjectKey(event: Who, tokenKey: Uint8Array): string {
  const { actor_email, actor_id, session_id, origin_topic, occurred_at } = event;
  const subject =
    actor_email !== ''
      ? `person:${actor_email.toLowerCase()}`
      : actor_id !== ''
        ? `actor:${actor_id}`
        : session_id !== ''
          ? `session:${session_id}`
          : `day:${origin_topic}/${Math.floor(occurred_at / DAY_US)}`;
  return `subject-${createHmac('sha256', tokenKey).update(subject).digest('hex').slice(0, 40)}`;
}

/** The event's id is part of the seal: it opens in its own place alone. */
export function sealOriginal(original: object, eventId: string, name: string, key: Uint8Array): Sealed {
  const sealed = seal(key, Buffer.from(JSON.stringify(original)), Buffer.from(eventId));
  return { sealed: Buffer.from(sealed), key_id: name };
}

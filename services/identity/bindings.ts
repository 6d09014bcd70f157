import type { AuditEvent } from '../core/event.ts';
import type { IdentityConfig } from './config.ts';
import type { Found } from './person.ts';
import { openSightings, type Seen } from './sightings.ts';

/** What an event tells about who works in its session and at its device. */
export type Evidence = Pick<
  AuditEvent,
  'actor_kind' | 'actor_confidence' | 'actor_email' | 'session_id' | 'device' | 'host' | 'received_at' | 'ingested_at'
>;

export const evidenceOf = (event: Evidence): Evidence => ({
  actor_kind: event.actor_kind,
  actor_confidence: event.actor_confidence,
  actor_email: event.actor_email,
  session_id: event.session_id,
  device: event.device,
  host: event.host,
  received_at: event.received_at,
  ingested_at: event.ingested_at,
});

export interface Bindings {
  learn(event: Evidence): void;
  /** The address of whose session it is. */
  session(id: string, now: number): Found<string>;
  /** The address of who used a device at a time. */
  device(id: string, when: { readonly at: number; readonly now: number }): Found<string>;
  host(name: string, when: { readonly at: number; readonly now: number }): Found<string>;
  /** Somebody is erased: what was received of an address up to a time binds nobody, whether it was learned or is yet to be read. */
  forget(email: string, when: { readonly at: number; readonly now: number }): void;
  /** Nothing is known of what came before: whatever might have been contradicted then binds nobody. */
  blindBefore(time: number): void;
}

const DAY_US = 86_400_000_000;

/** Sessions and devices that are remembered at once. */
const MOST: Limits = { sessions: 200_000, devices: 100_000 };

/** An id of fewer characters is counted or chosen, not random: two products may have given it to two sessions. */
const UNIQUE = 16;

/** Ids in which a credential was masked are alike, whosever they were. */
export const isTold = (id: string): boolean => !id.includes('[masked:');

export const isUnique = (session: string): boolean => session.length >= UNIQUE && isTold(session);

/** Names that many machines have. */
const COMMON_HOST = /^(localhost(\..*)?|127\.\d+\.\d+\.\d+|::1|unknown)$/i;

/**
 * Whose sessions and devices these are, learned from events that say who acted. Only people count, and only what was
 * verified or claimed: an inference is no ground for another one, and a service's key may carry the sessions of many.
 */
export function openBindings(days: IdentityConfig['bindings'], most: Limits = MOST): Bindings {
  const span = { session: days.session_days * DAY_US, device: days.device_days * DAY_US };
  const sessions = openSightings(most.sessions, span.session);
  // What a device's window asks about reaches back one window before itself.
  const devices = openSightings(most.devices, 2 * span.device);
  /** Up to when what an address shows counts for nothing. */
  const erased = new Map<string, number>();
  let blind = Number.NEGATIVE_INFINITY;

  function atDevice(name: string, { at, now }: { readonly at: number; readonly now: number }): Found<string> {
    const seen = devices.find(name, now);
    if (seen === undefined) return NONE;
    if (seen === 'forgotten' || at - span.device < blind) return SEVERAL;
    if (at < seen.first || at > seen.last + span.device) return NONE;
    return seen.other !== undefined && at <= seen.other + span.device ? SEVERAL : one(seen);
  }

  return {
    learn(event) {
      const { actor_kind, actor_confidence, actor_email: email, session_id, device, host } = event;
      if (actor_kind !== 'user' || email === '') return;
      if (actor_confidence !== 'verified' && actor_confidence !== 'claimed') return;
      if (erased.size > 0 && event.received_at <= (erased.get(folded(email)) ?? Number.NEGATIVE_INFINITY)) return;
      const when = { at: event.received_at, now: event.ingested_at };
      if (isUnique(session_id)) sessions.learn(session_id, email, when);
      if (device !== '' && isTold(device)) devices.learn(deviceName(device), email, when);
      if (isOwnHost(host)) devices.learn(hostName(host), email, when);
    },
    session(id, now) {
      const seen = isUnique(id) ? sessions.find(id, now) : undefined;
      if (seen === undefined) return NONE;
      if (seen === 'forgotten' || seen.other !== undefined) return SEVERAL;
      return seen.first - span.session < blind ? SEVERAL : one(seen);
    },
    device: (id, when) => (id === '' || !isTold(id) ? NONE : atDevice(deviceName(id), when)),
    host: (name, when) => (isOwnHost(name) ? atDevice(hostName(name), when) : NONE),
    forget(email, { at, now }) {
      const who = folded(email);
      erased.set(who, Math.max(at, erased.get(who) ?? at));
      for (const seen of [sessions, devices]) seen.drop((one) => one.first <= at && folded(one.email) === who, now);
    },
    blindBefore(time) {
      blind = Math.max(blind, time);
    },
  };
}

export interface Limits {
  readonly sessions: number;
  readonly devices: number;
}

const NONE: Found<string> = { kind: 'none' };
const SEVERAL: Found<string> = { kind: 'several' };
const one = ({ email }: Seen): Found<string> => ({ kind: 'one', it: email });

const folded = (email: string): string => email.normalize('NFC').toLowerCase();

const deviceName = (id: string): string => `device ${id}`;
const hostName = (host: string): string => `host ${host.toLowerCase()}`;
const isOwnHost = (host: string): boolean => host !== '' && isTold(host) && !COMMON_HOST.test(host);

import type { Severity } from '../core/event.ts';
import type { Policy } from './policy.ts';

/**
 * One thing a rule found. Rules group: what goes on all day is one finding a day, not one an event. Texts are empty where there is
 * nothing to say.
 */
export interface Finding {
  /** What makes it this finding and no other, beside the rule: the same key is raised once. */
  readonly key: string;
  /** The first event that shows it. */
  readonly event_id: string;
  readonly events: number;
  /** Microseconds since 1970: of the first and the last event. */
  readonly first_at: number;
  readonly last_at: number;
  readonly person_id: string;
  readonly person_email: string;
  readonly team: string;
  /** What it is about: a model, a key, a server. No free text. */
  readonly what: string;
}

/** A question to the stored trail whose answers are findings. */
export interface Rule {
  readonly name: string;
  readonly severity: Severity;
  /** What a person reads first. */
  readonly title: string;
  /** What to do about it. */
  readonly advice: string;
  /** One SELECT over the views that answers the columns of `Finding`. */
  readonly sql: string;
  /** Its parameters; undefined where the policy says nothing about it, and the rule has nothing to ask. */
  params(policy: Policy, now: Date): Readonly<Record<string, unknown>> | undefined;
}

/** The columns of a finding over rows of `audit.trail AS t`, grouped by person, `what` and the day. */
export const BY_PERSON_AND_DAY = (what: string): string => `concat(
    toString(toDate(t.occurred_at)), '|', ${what}, '|', if(t.actor_email = '', t.actor_id, t.actor_email)) AS key,
  argMin(toString(t.event_id), (t.occurred_at, t.event_id)) AS event_id,
  count() AS events,
  toUnixTimestamp64Micro(min(t.occurred_at)) AS first_at,
  toUnixTimestamp64Micro(max(t.occurred_at)) AS last_at,
  any(t.actor_id) AS person_id,
  any(t.actor_email) AS person_email,
  any(t.actor_team) AS team,
  any(${what}) AS what`;

/** What Trailhouse itself does is no use of an AI tool. */
export const USE = "t.product != 'trailhouse' AND t.origin_topic != 'trailhouse.events'";

/** Said by somebody whom an issuer vouched for: what an endpoint claims neither takes access away nor gives it back. */
export const SWORN = (alias: string): string =>
  `(${alias}.actor_confidence = 'verified' OR ${alias}.origin_topic = 'trailhouse.events')`;

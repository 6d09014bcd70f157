import type { Rule } from './rule.ts';
import { SWORN, USE } from './rule.ts';

/** What was said last of the access of whoever an address or an id stands for. */
const STATES = `SELECT s.who AS who, argMax(s.action, s.occurred_at) AS last, max(s.occurred_at) AS at
FROM
(
  SELECT
    arrayJoin(arrayFilter(one -> one != '', [
      lower(p.personal_attributes['subject.email']), p.personal_attributes['subject.id']])) AS who,
    p.action AS action,
    p.occurred_at AS occurred_at
  FROM audit.trail AS p
  WHERE p.action IN ('user.provisioned', 'user.deprovisioned') AND p.outcome = 'success' AND ${SWORN('p')}
) AS s
GROUP BY who`;

const GONE = `SELECT g.who FROM (${STATES}) AS g WHERE g.last = 'user.deprovisioned'`;

/** Provisioning speaks of a person by address or by the id at the identity provider; of both the latest word counts. */
export const useAfterDeprovisioning: Rule = {
  name: 'use-after-deprovisioning',
  severity: 'high',
  title: 'A person whose access was taken away used an AI tool afterwards',
  advice: 'Revoke the keys and sessions of the account, and find out which way of signing in still works.',
  sql: `SELECT
  concat(if(v.email = '', v.id, lower(v.email)), '|', toString(toDate(v.used_at))) AS key,
  argMin(toString(v.event), (v.used_at, v.event)) AS event_id,
  count() AS events,
  toUnixTimestamp64Micro(min(v.used_at)) AS first_at,
  toUnixTimestamp64Micro(max(v.used_at)) AS last_at,
  any(v.id) AS person_id,
  any(v.email) AS person_email,
  any(v.team) AS team,
  arrayStringConcat(arraySort(groupUniqArray(v.product)), ', ') AS what
FROM
(
  SELECT
    u.event_id AS event,
    any(u.occurred_at) AS used_at,
    any(u.actor_id) AS id,
    any(u.actor_email) AS email,
    any(u.actor_team) AS team,
    any(u.product) AS product,
    argMax(l.last, l.at) AS last_said,
    max(l.at) AS said_at
  FROM
  (
    SELECT arrayJoin(arrayDistinct([lower(t.actor_email), t.actor_id])) AS who, t.*
    FROM audit.trail AS t
    WHERE ${USE} AND t.outcome != 'denied' AND (lower(t.actor_email) IN (${GONE}) OR t.actor_id IN (${GONE}))
  ) AS u
  INNER JOIN (${STATES}) AS l ON l.who = u.who
  GROUP BY u.event_id
) AS v
WHERE v.last_said = 'user.deprovisioned' AND v.used_at > v.said_at
GROUP BY key
ORDER BY first_at`,
  params: () => ({}),
};

export const keyTooOld: Rule = {
  name: 'key-too-old',
  severity: 'medium',
  title: 'A key is older than the policy allows',
  advice: 'Rotate the key, or revoke it if nobody needs it.',
  sql: `SELECT
  concat(k.target, '|', toString(k.since)) AS key,
  k.event_id AS event_id,
  1 AS events,
  toUnixTimestamp64Micro(k.since) AS first_at,
  toUnixTimestamp64Micro(k.since) AS last_at,
  k.person_id AS person_id,
  k.person_email AS person_email,
  k.team AS team,
  k.target AS what
FROM
(
  SELECT
    t.target AS target,
    argMax(t.action, t.occurred_at) AS last,
    max(t.occurred_at) AS since,
    argMax(toString(t.event_id), t.occurred_at) AS event_id,
    argMax(t.personal_attributes['subject.id'], t.occurred_at) AS person_id,
    argMax(t.personal_attributes['subject.email'], t.occurred_at) AS person_email,
    argMax(t.attributes['subject.team'], t.occurred_at) AS team
  FROM audit.trail AS t
  WHERE t.action IN ('key.issued', 'key.rotated', 'key.revoked') AND t.outcome = 'success' AND t.target != ''
    AND ${SWORN('t')}
  GROUP BY t.target
) AS k
WHERE k.last != 'key.revoked' AND k.since < parseDateTime64BestEffort({before:String}, 6, 'UTC')
ORDER BY k.since`,
  params: ({ key_days }, now) => ({ before: new Date(now.getTime() - key_days * 86_400_000).toISOString() }),
};

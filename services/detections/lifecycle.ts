import type { Rule } from './rule.ts';
import { SWORN, USE } from './rule.ts';

/** Provisioning speaks of a person by address or by the id at the identity provider; use may know only one of them. */
const LEFT = `SELECT s.who AS who, argMax(s.action, s.occurred_at) AS last, max(s.occurred_at) AS at
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
GROUP BY who
HAVING last = 'user.deprovisioned'`;

export const useAfterDeprovisioning: Rule = {
  name: 'use-after-deprovisioning',
  severity: 'high',
  title: 'A person whose access was taken away used an AI tool afterwards',
  advice: 'Revoke the keys and sessions of the account, and find out which way of signing in still works.',
  sql: `SELECT
  concat(l.who, '|', toString(toDate(u.occurred_at))) AS key,
  argMin(toString(u.event_id), (u.occurred_at, u.event_id)) AS event_id,
  count() AS events,
  toUnixTimestamp64Micro(min(u.occurred_at)) AS first_at,
  toUnixTimestamp64Micro(max(u.occurred_at)) AS last_at,
  any(u.actor_id) AS person_id,
  any(u.actor_email) AS person_email,
  any(u.actor_team) AS team,
  arrayStringConcat(arraySort(groupUniqArray(u.product)), ', ') AS what
FROM
(
  SELECT if(t.actor_email = '', t.actor_id, lower(t.actor_email)) AS who, t.*
  FROM audit.trail AS t
  WHERE ${USE} AND t.outcome != 'denied' AND (t.actor_email != '' OR t.actor_id != '')
) AS u
INNER JOIN (${LEFT}) AS l ON l.who = u.who
WHERE u.occurred_at > l.at
GROUP BY l.who, toDate(u.occurred_at)
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

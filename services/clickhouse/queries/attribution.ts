import { defineQuery, IN_DAYS, IN_WINDOW, WINDOW } from './query.ts';

export const attribution = defineQuery({
  name: 'attribution',
  title: 'How surely is it known who acted, per surface, product and version?',
  params: { ...WINDOW },
  sql: `SELECT actor_confidence, surface, product, product_version, count() AS events,
  round(100 * events / sum(events) OVER (), 2) AS percent
FROM audit.trail
WHERE product != 'trailhouse' AND ${IN_WINDOW}
GROUP BY actor_confidence, surface, product, product_version
ORDER BY events DESC, actor_confidence, surface, product, product_version`,
  rolled: `SELECT actor_confidence, surface, product, product_version, sum(d.events) AS events,
  round(100 * events / sum(events) OVER (), 2) AS percent
FROM audit.daily AS d
WHERE product != 'trailhouse' AND ${IN_DAYS}
GROUP BY actor_confidence, surface, product, product_version
ORDER BY events DESC, actor_confidence, surface, product, product_version`,
});

/** What else shows who works in a session: people whom an event verifies or claims. */
const PEOPLE = `SELECT session_id, uniqExact(actor_email) AS people
  FROM audit.trail
  WHERE actor_email != '' AND session_id != '' AND actor_kind = 'user' AND actor_confidence IN ('verified', 'claimed')
  GROUP BY session_id`;

export const unattributed = defineQuery({
  name: 'unattributed',
  title: 'Which events has nobody an address for, by the claim that would resolve them, and what would?',
  params: { ...WINDOW, limit: '1000' },
  sql: `SELECT u.claim AS claim, u.product AS product, arraySort(groupUniqArray(u.product_version)) AS versions, u.surface AS surface,
  u.actor_basis AS actor_basis, count() AS events, min(u.occurred_at) AS first_at, max(u.occurred_at) AS last_at,
  multiIf(
    u.claim = '', 'no id at all: ask the endpoint to send user.email',
    startsWith(u.claim, 'session:') AND length(u.claim) < length('session:') + 16, 'session id too short to be unique: ask the sender for another',
    startsWith(u.claim, 'session:'), multiIf(
      max(p.people) = 0, 'session named by no gateway event',
      max(p.people) = 1, 'one person is known in the session: waits for a correction, or was contradicted before',
      'several people in one session'),
    u.actor_basis = 'device', multiIf(
      max(p.people) = 0, 'no one is known at the device: send user.email, or name the device in the directory',
      'device of several people, or waits for a correction'),
    u.actor_basis = 'account_id', 'account id not in the directory',
    u.actor_basis = 'gateway_key', 'key not in the map of virtual keys',
    u.actor_basis = 'idp', 'subject not in the directory',
    u.actor_basis = 'mtls', 'certificate not in the directory',
    'an id that the source does not vouch for') AS resolved_by
FROM (SELECT * FROM audit.unattributed WHERE ${IN_WINDOW}) AS u
LEFT JOIN (${PEOPLE}) AS p ON p.session_id = u.session_id
GROUP BY u.claim, u.product, u.surface, u.actor_basis
ORDER BY events DESC, claim, product
LIMIT {limit:UInt32}`,
});

/**
 * For every claim of events without an address of their own: what the events rest on, and the people known in their
 * sessions. An id of a device is none of an issuer: what an endpoint says of its own id keeps nobody else's from being resolved. Past
 * deadlines nothing is corrected any more, and no claim that would not fit an act.
 */
export const CLAIMS = `WITH own AS
(
  SELECT
    multiIf(e.actor_id != '', if(e.actor_basis = 'none', '', concat('actor:', e.actor_id)),
      e.session_id != '' AND e.actor_kind != 'agent', concat('session:', e.session_id), '') AS claim,
    e.session_id AS session_id,
    CAST(e.actor_basis AS String) AS basis,
    indexOf(['none', 'inferred', 'claimed', 'verified'], CAST(e.actor_confidence AS String)) AS rank,
    max(e.actor_name != '') AS named,
    count() AS events
  FROM audit.events AS e
  WHERE e.actor_email = '' AND e.actor_kind NOT IN ('service', 'system') AND e.product != 'trailhouse'
    AND e.retain_until > now64(6)
  GROUP BY claim, session_id, basis, rank
)
SELECT
  o.claim AS claim,
  sum(o.events) AS events,
  arraySort(groupUniqArray(o.basis)) AS bases,
  argMin(o.basis, (o.rank, o.basis)) AS basis,
  arrayElement(['none', 'inferred', 'claimed', 'verified'], min(o.rank)) AS confidence,
  max(o.named) = 1 AS named,
  arraySort(groupUniqArrayArray(3)(p.people)) AS people
FROM own AS o
LEFT JOIN
(
  SELECT t.session_id AS session_id, groupUniqArray(3)(t.actor_email) AS people
  FROM audit.trail AS t
  WHERE t.session_id IN (SELECT session_id FROM own WHERE session_id != '' AND NOT position(session_id, '[masked:'))
    AND t.actor_email != '' AND t.actor_kind = 'user' AND t.actor_confidence IN ('verified', 'claimed')
  GROUP BY session_id
) AS p
ON p.session_id = o.session_id
WHERE o.claim != '' AND length(o.claim) <= 1024
GROUP BY o.claim, startsWith(o.claim, 'actor:') AND o.basis = 'device'
HAVING notEmpty(people) OR startsWith(claim, 'actor:')`;

/** The last correction of every claim. */
export const CORRECTED = `SELECT r.claim AS claim, startsWith(r.claim, 'actor:') AND r.basis = 'device' AS of_device,
  argMax(r.email, r.corrected_at) AS email, argMax(r.confidence, r.corrected_at) AS confidence
FROM audit.corrections AS r WHERE r.claim != '' GROUP BY claim, of_device`;

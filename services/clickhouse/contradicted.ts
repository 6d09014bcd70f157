import { INFERENCE } from './retention/lasting.ts';

/** Somebody whom an event verifies or claims. */
const SOMEBODY = `actor_email != '' AND actor_kind = 'user' AND actor_confidence IN ('verified', 'claimed')`;

const KNOWN = `SELECT claim FROM audit.corrections WHERE startsWith(claim, 'inferred:')`;

/** Events of which somebody was inferred, by what would take it back. */
const inferred = (basis: string, more: string): string => `SELECT ${INFERENCE} AS claim, e.actor_email AS email, ${more}
  FROM audit.events AS e
  WHERE e.actor_confidence = 'inferred' AND e.actor_basis = '${basis}' AND e.actor_email != '' AND e.retain_until > now64(6)
    AND claim NOT IN (${KNOWN})`;

/** Sessions that are taken for one person's, and in which another shows. */
const SESSIONS = `SELECT i.claim AS claim, sum(i.events) AS events
FROM (${inferred('session_binding', 'e.session_id AS session_id, count() AS events')} GROUP BY claim, email, session_id) AS i
INNER JOIN
(
  SELECT session_id, groupUniqArray(3)(actor_email) AS people
  FROM audit.trail WHERE session_id != '' AND ${SOMEBODY} GROUP BY session_id
) AS p
ON p.session_id = i.session_id
WHERE arrayExists(person -> person != i.email, p.people)
GROUP BY claim`;

/** What a device is known by, as bindings are learned; names that many machines have are none. */
const NAMES = `arrayFilter(name -> NOT position(name, '[masked:'), arrayConcat(
  if(e.device = '', [], [concat('device ', e.device)]),
  if(e.actor_id = '' OR e.actor_basis != 'device', [], [concat('device ', e.actor_id)]),
  if(e.host = '' OR match(lower(e.host), '^(localhost(\\\\..*)?|127\\\\.[0-9]+\\\\.[0-9]+\\\\.[0-9]+|::1|unknown)$'), [],
    [concat('host ', lower(e.host))])))`;

/** Days of devices that are taken for one person's, and at which another shows so shortly before or after that both may have been there. */
const DEVICES = `SELECT i.claim AS claim, max(i.events) AS events
FROM
(
  ${inferred('device', `arrayJoin(${NAMES}) AS name, min(e.received_at) AS first, max(e.received_at) AS last, count() AS events`)}
  GROUP BY claim, email, name
) AS i
INNER JOIN
(
  SELECT arrayJoin(${NAMES}) AS name, e.actor_email AS person, toStartOfHour(e.received_at) AS hour
  FROM audit.events AS e
  WHERE ${SOMEBODY} AND e.retain_until > now64(6) AND notEmpty(${NAMES})
  GROUP BY name, person, hour
) AS p
ON p.name = i.name
WHERE p.person != i.email AND p.hour >= toStartOfHour(i.first - INTERVAL {days:UInt16} DAY) AND p.hour <= i.last + INTERVAL {days:UInt16} DAY
GROUP BY claim`;

/** Inferences that what came in since contradicts, and that were not taken back. */
export const CONTRADICTED = `SELECT claim, events FROM (${SESSIONS} UNION ALL ${DEVICES}) WHERE claim != '' AND length(claim) <= 1024 ORDER BY claim`;

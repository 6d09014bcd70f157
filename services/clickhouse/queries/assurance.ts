import { defineQuery, IN_WINDOW, PERSON, WINDOW } from './query.ts';

/** What Trailhouse itself tells. A product of the same name on another topic is none of ours. */
const OWN = "origin_topic = 'trailhouse.events' AND product = 'trailhouse'";

export const accessReviews = defineQuery({
  name: 'access-reviews',
  title: 'Who asked the audit trail, was shown what it keeps, exported it, or acted on it?',
  params: { ...WINDOW },
  sql: `SELECT ${PERSON} AS person, actor_basis, action, outcome, attributes['attributes.what'] AS what, count() AS acts,
  min(occurred_at) AS first_at, max(occurred_at) AS last_at
FROM audit.trail
WHERE ${IN_WINDOW} AND ${OWN}
GROUP BY person, actor_basis, action, outcome, what
ORDER BY person, action, outcome, what, actor_basis`,
});

export const denials = defineQuery({
  name: 'denials',
  title: 'How often was what denied, by which product and rule, and how often not?',
  params: { ...WINDOW },
  sql: `SELECT product, action, policy, decision_source, count() AS events, countIf(outcome = 'denied') AS denied,
  uniqExactIf(${PERSON}, outcome = 'denied' AND ${PERSON} != '') AS people
FROM audit.trail
WHERE ${IN_WINDOW}
GROUP BY product, action, policy, decision_source
HAVING denied > 0
ORDER BY denied DESC, product, action, policy, decision_source`,
});

/** What happened to a person's access or to a key, and who did it. */
const lifeCycle = (
  actions: readonly string[],
): string => `SELECT occurred_at, product, action, outcome, ${PERSON} AS done_by,
  actor_basis, actor_confidence, target, event_id
FROM audit.trail
WHERE ${IN_WINDOW} AND action IN (${actions.map((action) => `'${action}'`).join(', ')})
ORDER BY occurred_at, event_id`;

export const identityChanges = defineQuery({
  name: 'identity-changes',
  title: 'Who got or lost access to an AI product, and whose rights were changed?',
  params: { ...WINDOW },
  sql: lifeCycle(['user.provisioned', 'user.deprovisioned', 'role.changed']),
});

export const keyLifecycle = defineQuery({
  name: 'key-lifecycle',
  title: 'Which keys were issued, replaced or revoked, and by whom?',
  params: { ...WINDOW },
  sql: lifeCycle(['key.issued', 'key.rotated', 'key.revoked']),
});

export const signIns = defineQuery({
  name: 'sign-ins',
  title: 'How many signed in to which AI product, day by day, and how many failed to?',
  params: { ...WINDOW },
  sql: `SELECT toString(toDate(occurred_at)) AS day, product, outcome, count() AS times, uniqExactIf(${PERSON}, ${PERSON} != '') AS people
FROM audit.trail
WHERE ${IN_WINDOW} AND action = 'auth.login'
GROUP BY day, product, outcome
ORDER BY day, product, outcome`,
});

export const corrections = defineQuery({
  name: 'corrections',
  title: 'For which claims was it found out later who had acted?',
  params: { ...WINDOW },
  sql: `SELECT c.corrected_at AS corrected_at, c.claim AS claim, c.id AS id, c.email AS email, c.basis AS basis, c.confidence AS confidence,
  c.why AS why, c.event_id AS correction
FROM audit.corrections AS c
WHERE c.corrected_at >= parseDateTime64BestEffort({from:String}, 6, 'UTC')
  AND c.corrected_at < parseDateTime64BestEffort({to:String}, 6, 'UTC')
ORDER BY c.corrected_at, c.event_id`,
});

export const bundles = defineQuery({
  name: 'bundles',
  title: 'Which evidence bundles were built, for whom and why? Newest first.',
  params: { ...WINDOW },
  sql: `SELECT occurred_at AS built_at, actor_id AS operator, outcome, attributes['attributes.framework'] AS framework,
  attributes['attributes.from'] AS from_, attributes['attributes.to'] AS to_, attributes['attributes.scope'] AS scope,
  attributes['attributes.profile'] AS profile, attributes['attributes.events'] AS events, attributes['attributes.manifest'] AS manifest_sha256,
  attributes['attributes.signed_by'] AS signed_by, attributes['attributes.purpose'] AS purpose
FROM audit.trail
WHERE ${IN_WINDOW} AND action = 'audit.export' AND ${OWN} AND attributes['attributes.what'] = 'evidence'
ORDER BY built_at DESC, event_id`,
});

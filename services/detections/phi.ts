import { BY_PERSON_AND_DAY, type Rule, USE } from './rule.ts';

export const phiWithoutZeroRetention: Rule = {
  name: 'phi-without-zero-retention',
  severity: 'high',
  title: 'PHI went to a provider that has not confirmed to keep nothing',
  advice: 'Route such prompts to a provider with a confirmed agreement, and ask this one to delete what it was sent.',
  sql: `SELECT ${BY_PERSON_AND_DAY("if(t.provider = '', 'provider not named', t.provider)")}
FROM audit.trail AS t
WHERE ${USE} AND t.action = 'llm.request' AND t.outcome != 'denied' AND has(t.data_classes, 'phi')
  AND (t.provider NOT IN {confirmed:Array(String)}
    OR toDate(t.occurred_at) < toDate(transform(t.provider, {confirmed:Array(String)}, {since:Array(String)}, '2149-06-06')))
GROUP BY key ORDER BY first_at`,
  params: ({ zero_data_retention }) =>
    zero_data_retention === undefined
      ? undefined
      : {
          confirmed: zero_data_retention.map(({ provider }) => provider),
          since: zero_data_retention.map(({ confirmed_on }) => confirmed_on),
        },
};

export const reviewOverdue: Rule = {
  name: 'review-overdue',
  severity: 'medium',
  title: 'An output that holds PHI was not reviewed in time',
  advice: 'Review it (trailhouse review EVENT --verdict …), or record why it is exempt.',
  sql: `SELECT
  toString(o.event_id) AS key,
  toString(o.event_id) AS event_id,
  1 AS events,
  toUnixTimestamp64Micro(o.occurred_at) AS first_at,
  toUnixTimestamp64Micro(o.occurred_at) AS last_at,
  o.actor_id AS person_id,
  o.actor_email AS person_email,
  o.actor_team AS team,
  if(o.model = '', o.product, o.model) AS what
FROM audit.phi_outputs AS o
WHERE o.verdict = '' AND o.occurred_at < parseDateTime64BestEffort({before:String}, 6, 'UTC')
ORDER BY o.occurred_at`,
  params: ({ review_days }, now) => ({ before: new Date(now.getTime() - review_days * 86_400_000).toISOString() }),
};

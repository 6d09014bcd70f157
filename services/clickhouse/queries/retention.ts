import { defineQuery } from './query.ts';

export const retention = defineQuery({
  name: 'retention',
  title: 'What is kept under each class, and when does the first and the last of it run its time?',
  params: {},
  sql: `SELECT retention_class, count() AS events, sum(content_bytes) AS content_bytes, min(occurred_at) AS oldest,
  min(retain_until) AS next_deadline, max(retain_until) AS last_deadline, topK(1)(retention_reason)[1] AS usual_reason
FROM audit.trail GROUP BY retention_class ORDER BY retention_class`,
});

export const holds = defineQuery({
  name: 'holds',
  title: 'Which legal holds were placed, by whom and why, and who lifted them? Those in force first.',
  params: {},
  sql: `SELECT hold, active, placed_at, placed_by, reason, condition, occurred_from, occurred_to, quarantine, lifted_at, lifted_by, lift_reason
FROM audit.holds ORDER BY active DESC, placed_at, hold`,
});

export const certificates = defineQuery({
  name: 'certificates',
  title: 'What was deleted, and which signed certificate says so?',
  params: {},
  sql: `SELECT certified_at, certificate, stored_in, retention_class, retention_bucket, rows, kept, digest, key
FROM audit.certificates ORDER BY certified_at, certificate`,
});

/** What a pass could not let go may lie on its way out already, where no shelf shows it. */
export const retentionPlan = defineQuery({
  name: 'retention-plan',
  title: 'Which partitions leave next, when, what waits and for what, and what do holds take out of them first?',
  params: { limit: '100' },
  sql: `SELECT if(s.stored_in = '', w.stored_in, s.stored_in) AS stored_in,
  if(s.stored_in = '', w.retention_class, s.retention_class) AS retention_class,
  if(s.stored_in = '', w.bucket, s.bucket) AS retention_bucket, s.rows AS rows,
  if(s.stored_in = '', NULL, s.first_due) AS first_due, if(s.stored_in = '', NULL, s.last_due) AS leaves_at,
  multiIf(
    w.why != '', concat('waits: ', w.why),
    endsWith(s.stored_in, '_held'), 'kept: a hold, a class learned late, or the trail itself rests on it',
    s.last_due <= now64(6), 'due: leaves with the next pass',
    s.first_due <= now64(6), 'past its deadline in part: hidden, and leaves with the last of it',
    'not yet') AS state,
  w.hold AS hold, w.operator AS operator, t.reasons AS why, (SELECT count() FROM audit.holds WHERE active) AS holds_in_force
FROM (SELECT h.*, toString(h.retention_bucket) AS bucket FROM audit.shelves AS h) AS s
FULL JOIN (SELECT * FROM audit.waiting WHERE stored_in != '') AS w
ON s.stored_in = w.stored_in AND s.retention_class = w.retention_class AND s.bucket = w.bucket
LEFT JOIN
(
  SELECT retention_class, toString(retention_bucket) AS bucket, arraySort(groupUniqArray(5)(retention_reason)) AS reasons
  FROM audit.trail GROUP BY retention_class, bucket
) AS t ON s.retention_class = t.retention_class AND s.bucket = t.bucket
ORDER BY w.why = '', leaves_at, stored_in, retention_class LIMIT {limit:UInt32}`,
});

/** One event, as far as keeping it goes. */
export const retentionOf = defineQuery({
  name: 'retention-of',
  title: 'Under which class is an event kept, until when, and why?',
  params: { event: undefined },
  sql: `SELECT event_id, occurred_at, received_at, retention_class, retention_bucket, retain_until, retention_reason,
  if(toString(corrected_by) = '00000000-0000-0000-0000-000000000000', '', toString(corrected_by)) AS corrected_by, actor_team, actor_project
FROM audit.trail WHERE event_id = toUUIDOrZero({event:String})`,
});

export const erasures = defineQuery({
  name: 'erasures',
  title: 'Whose erasure was ordered, by whom and on what ground, and how far has it come? Subjects are keyed tokens.',
  params: {},
  sql: `SELECT erasure, ordered_at, ordered_by, subject, basis, reference, state, certificates, events, kept, carried_out_at
FROM audit.erasures ORDER BY ordered_at, erasure`,
});

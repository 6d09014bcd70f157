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
  sql: `SELECT hold, active, placed_at, placed_by, reason, condition, occurred_from, occurred_to, lifted_at, lifted_by, lift_reason
FROM audit.holds ORDER BY active DESC, placed_at, hold`,
});

export const certificates = defineQuery({
  name: 'certificates',
  title: 'What was deleted, and which signed certificate says so?',
  params: {},
  sql: `SELECT certified_at, certificate, stored_in, retention_class, retention_bucket, rows, kept, digest, key
FROM audit.certificates ORDER BY certified_at, certificate`,
});

export const retentionPlan = defineQuery({
  name: 'retention-plan',
  title: 'Which partitions leave next, when, and what do holds take out of them first?',
  params: { limit: '100' },
  sql: `SELECT s.stored_in AS stored_in, s.retention_class AS retention_class, s.retention_bucket AS retention_bucket, s.rows AS rows,
  s.first_due AS first_due, s.last_due AS leaves_at, t.reasons AS why, (SELECT count() FROM audit.holds WHERE active) AS holds_in_force
FROM audit.shelves AS s
LEFT JOIN
(
  SELECT retention_class, retention_bucket, arraySort(groupUniqArray(5)(retention_reason)) AS reasons
  FROM audit.trail GROUP BY retention_class, retention_bucket
) AS t ON s.retention_class = t.retention_class AND s.retention_bucket = t.retention_bucket
ORDER BY leaves_at, stored_in, retention_class LIMIT {limit:UInt32}`,
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

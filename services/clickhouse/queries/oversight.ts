import { defineQuery, IN_WINDOW, WINDOW } from './query.ts';

export const phi = defineQuery({
  name: 'phi',
  title: 'Which interactions held PHI, and was what the model answered reviewed by a person?',
  params: { ...WINDOW, review_days: '7' },
  sql: `SELECT occurred_at, actor_email, actor_team, product, model, provider,
  multiIf(verdict = 'exempt', 'exempt', verdict != '', 'reviewed',
    occurred_at + toIntervalDay({review_days:UInt16}) < now(), 'overdue', 'due') AS review,
  verdict, reviewer, if(verdict = '', NULL, reviewed_at) AS reviewed_at, request_id, event_id
FROM audit.phi_outputs
WHERE ${IN_WINDOW}
ORDER BY occurred_at, event_id`,
});

export const findings = defineQuery({
  name: 'findings',
  title: 'What did the rules find that somebody should look at?',
  params: { ...WINDOW, rule: '' },
  sql: `SELECT first_at, rule, severity, what, if(person_email = '', person_id, person_email) AS person, team, events, last_at,
  first_event, raised_at
FROM audit.findings
WHERE ({rule:String} = '' OR rule = {rule:String})
  AND first_at >= parseDateTime64BestEffort({from:String}, 6, 'UTC')
  AND first_at < parseDateTime64BestEffort({to:String}, 6, 'UTC')
ORDER BY first_at, rule, what`,
});

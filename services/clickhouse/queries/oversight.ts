import { defineQuery, IN_WINDOW, WINDOW } from './query.ts';

/** Late by the policy in force: the rule knows it, and says so once. */
const OVERDUE = `SELECT first_event FROM audit.findings WHERE rule = 'review-overdue'`;

export const phi = defineQuery({
  name: 'phi',
  title: 'Which interactions held PHI, and was what the model answered reviewed by a person?',
  params: { ...WINDOW },
  sql: `SELECT occurred_at, actor_email, actor_team, product, model, provider,
  multiIf(verdict = 'exempt', 'exempt', verdict != '', 'reviewed', toString(event_id) IN (${OVERDUE}), 'overdue', 'due') AS review,
  verdict, reviewer, if(verdict = '', NULL, reviewed_at) AS reviewed_at, request_id, event_id
FROM audit.phi_outputs
WHERE ${IN_WINDOW}
ORDER BY occurred_at, event_id`,
});

const FROM = "parseDateTime64BestEffort({from:String}, 6, 'UTC')";
const TO = "parseDateTime64BestEffort({to:String}, 6, 'UTC')";

/** A key that became too old last month is found this month: what happened in the window, and what was raised in it. */
export const findings = defineQuery({
  name: 'findings',
  title: 'What did the rules find that somebody should look at, and what was settled since?',
  params: { ...WINDOW, rule: '' },
  sql: `SELECT first_at, rule, severity, what, if(person_email = '', person_id, person_email) AS person, team, events, last_at,
  first_event, raised_at, state, settled_at, settled_by
FROM audit.findings
WHERE ({rule:String} = '' OR rule = {rule:String})
  AND (last_at >= ${FROM} AND first_at < ${TO} OR raised_at >= ${FROM} AND raised_at < ${TO})
ORDER BY first_at, rule, what`,
});

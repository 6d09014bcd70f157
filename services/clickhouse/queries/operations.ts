import { acts } from './acts.ts';
import { defineQuery, IN_WINDOW, NO_EMAIL, WINDOW } from './query.ts';

export const coverage = defineQuery({
  name: 'coverage',
  title: 'Is every raw offset accounted for, and does the store hold what the accounts say?',
  params: {},
  sql: `SELECT origin_topic, origin_partition, origin_epoch, first, next, accepted, skipped, quarantined, absent, events,
  events_stored, quarantined_stored, twice, holes, short, complete
FROM audit.coverage ORDER BY origin_topic, origin_partition, origin_epoch`,
});

export const quarantine = defineQuery({
  name: 'quarantine',
  title: 'Which messages could no format take, and why? Newest first.',
  params: { limit: '1000' },
  sql: `SELECT quarantine_id, received_at, origin_topic, origin_partition, origin_offset, bytes, reason, retry_of,
  toString(quarantine_id) IN (
    SELECT retry_of FROM audit.quarantined UNION ALL SELECT retry_of FROM audit.trail WHERE retry_of != ''
  ) AS retried
FROM audit.quarantined ORDER BY received_at DESC, quarantine_id LIMIT {limit:UInt32}`,
});

/** A call that a guardrail stopped shows as the guardrail's act, which names the rule. */
const STOPPED = `SELECT request_id, actor_email FROM audit.trail
  WHERE action = 'guardrail.fired' AND outcome = 'denied' AND request_id != '' AND ${IN_WINDOW}`;

export const denied = defineQuery({
  name: 'denied',
  title: 'What was denied, to whom, and by which rule?',
  params: { ...WINDOW },
  sql: `SELECT occurred_at, product, action, actor_email, ${NO_EMAIL}, actor_confidence, tool_name, mcp_server, policy, decision_source,
  error_message AS reason,
  multiIf(command != '', command, target != '', target, notEmpty(file_paths), arrayStringConcat(file_paths, ', '), tool_name) AS what,
  event_id
FROM ${acts(`outcome = 'denied' AND NOT (action = 'llm.request' AND (request_id, actor_email) IN (${STOPPED}))`)}
ORDER BY occurred_at, event_id`,
});

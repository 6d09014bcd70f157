-- What people and dashboards read. Views alone pass the gate; tables hold salts, sealed bytes and rows past their deadline.
-- Columns are named and typed as the Avro schema names them, as plain types.

CREATE OR REPLACE VIEW audit.trail AS
SELECT
  toString(e.event_id) AS event_id,
  e.schema_version,
  e.origin_epoch,
  toString(e.origin_topic) AS origin_topic,
  e.origin_partition,
  e.origin_offset,
  e.origin_ordinal,
  e.origin_count,
  e.source_event_id,
  e.retry_of,
  e.occurred_at,
  toString(e.occurred_basis) AS occurred_basis,
  e.received_at,
  e.ingested_at,
  toString(e.surface) AS surface,
  toString(e.product) AS product,
  toString(e.product_version) AS product_version,
  toString(e.format) AS format,
  toString(e.action) AS action,
  toString(e.outcome) AS outcome,
  toString(e.severity) AS severity,
  toString(e.actor_kind) AS actor_kind,
  toString(e.actor_basis) AS actor_basis,
  toString(e.actor_confidence) AS actor_confidence,
  toString(e.actor_team) AS actor_team,
  toString(e.actor_project) AS actor_project,
  toString(e.actor_organisation) AS actor_organisation,
  toString(e.agent_name) AS agent_name,
  e.agent_id,
  e.session_id,
  e.prompt_id,
  e.request_id,
  e.tool_use_id,
  e.trace_id,
  e.span_id,
  e.parent_span_id,
  toString(e.model_requested) AS model_requested,
  toString(e.model_served) AS model_served,
  toString(e.provider) AS provider,
  toString(e.region) AS region,
  e.tokens_prompt,
  e.tokens_completion,
  e.tokens_cache_read,
  e.tokens_cache_write,
  e.cost_micro_usd,
  e.latency_ms,
  e.time_to_first_token_ms,
  toString(e.tool_name) AS tool_name,
  toString(e.mcp_server) AS mcp_server,
  toString(e.mcp_virtual_server) AS mcp_virtual_server,
  toString(e.mcp_method) AS mcp_method,
  toString(e.policy) AS policy,
  e.guardrails,
  toString(e.decision) AS decision,
  toString(e.decision_source) AS decision_source,
  e.status_code,
  toString(e.error_type) AS error_type,
  lower(hex(e.content_commitment)) AS content_commitment,
  e.content_bytes,
  e.data_classes,
  e.secrets_masked,
  toString(e.retention_class) AS retention_class,
  e.retention_bucket,
  e.retain_until,
  toString(e.retention_reason) AS retention_reason,
  e.attributes,
  e.actor_id,
  e.actor_email,
  e.actor_name,
  e.actor_groups,
  e.client_address,
  e.user_agent,
  e.host,
  e.device,
  e.target,
  e.file_paths,
  e.command,
  e.error_message,
  e.personal_attributes
FROM audit.events AS e
WHERE e.retain_until > now64(6, 'UTC');

-- A producer's own resends: later events that carry the id of an earlier one. Events of one message are told apart by
-- their ordinal.
CREATE OR REPLACE VIEW audit.resends AS
SELECT event_id, duplicate_of, format, source_event_id, occurred_at
FROM
(
  SELECT
    event_id, format, source_event_id, occurred_at,
    first_value(event_id) OVER (
      PARTITION BY format, source_event_id, origin_ordinal ORDER BY received_at, event_id
    ) AS duplicate_of
  FROM audit.trail
  WHERE source_event_id != ''
)
WHERE event_id != duplicate_of;

-- Cost and tokens per event, a producer's resends counted once.
CREATE OR REPLACE VIEW audit.costs AS
SELECT
  event_id, occurred_at, surface, product, format, action, actor_email, actor_team, actor_project, model_requested,
  model_served, provider, tokens_prompt, tokens_completion, tokens_cache_read, tokens_cache_write, cost_micro_usd
FROM audit.trail
WHERE (cost_micro_usd IS NOT NULL OR tokens_prompt IS NOT NULL OR tokens_completion IS NOT NULL)
  AND event_id NOT IN (SELECT event_id FROM audit.resends);

-- Messages no format could take, without their bytes.
CREATE OR REPLACE VIEW audit.quarantined AS
SELECT
  toString(q.quarantine_id) AS quarantine_id, q.origin_epoch, toString(q.origin_topic) AS origin_topic, q.origin_partition,
  q.origin_offset, q.received_at, q.quarantined_at, q.reason, q.bytes, q.retry_of, q.retain_until, toString(q.key_id) AS key_id
FROM audit.quarantine AS q
WHERE q.retain_until > now64(6, 'UTC');

-- Messages that hold nothing to audit, and why.
CREATE OR REPLACE VIEW audit.skipped AS
SELECT
  a.origin_epoch, toString(a.origin_topic) AS origin_topic, a.origin_partition,
  exception.1 AS origin_offset, exception.2 AS messages, exception.5 AS reason, a.settled_at
FROM audit.accounting AS a
ARRAY JOIN a.exceptions AS exception
WHERE exception.3 = 'skipped';

-- Per raw partition: what was settled, what lies between, and whether the store holds what the accounts say.
CREATE OR REPLACE VIEW audit.coverage AS
SELECT
  s.origin_epoch AS origin_epoch,
  toString(s.origin_topic) AS origin_topic,
  s.origin_partition AS origin_partition,
  s.ranges[1].1 AS first,
  s.ranges[-1].2 AS next,
  s.accepted AS accepted,
  s.skipped AS skipped,
  s.quarantined AS quarantined,
  s.absent AS absent,
  s.events AS events,
  e.events AS events_stored,
  q.messages AS quarantined_stored,
  arrayMap(
    i -> (s.ranges[i].2, s.ranges[i + 1].1),
    arrayFilter(i -> s.ranges[i + 1].1 > s.ranges[i].2, range(1, length(s.ranges)))
  ) AS holes,
  empty(holes) AND events = events_stored AND quarantined = quarantined_stored
    AND accepted + skipped + quarantined + absent = next - first AS complete
FROM
(
  SELECT
    a.origin_epoch AS origin_epoch, a.origin_topic AS origin_topic, a.origin_partition AS origin_partition,
    arraySort(groupArray((a.first, a.next))) AS ranges,
    sum(a.accepted) AS accepted, sum(a.skipped) AS skipped, sum(a.quarantined) AS quarantined, sum(a.absent) AS absent,
    sum(a.events) AS events
  FROM audit.accounting AS a
  GROUP BY origin_epoch, origin_topic, origin_partition
) AS s
LEFT JOIN
(
  SELECT v.origin_epoch AS epoch, v.origin_topic AS topic, v.origin_partition AS part, toInt64(count()) AS events
  FROM audit.events AS v GROUP BY epoch, topic, part
) AS e ON e.epoch = s.origin_epoch AND e.topic = s.origin_topic AND e.part = s.origin_partition
LEFT JOIN
(
  SELECT v.origin_epoch AS epoch, v.origin_topic AS topic, v.origin_partition AS part, toInt64(count()) AS messages
  FROM audit.quarantine AS v GROUP BY epoch, topic, part
) AS q ON q.epoch = s.origin_epoch AND q.topic = s.origin_topic AND q.part = s.origin_partition;

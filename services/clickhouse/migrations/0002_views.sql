-- What people read. Analysts, dashboards and named queries see these views and nothing else: the gate knows their names.
--
-- Columns are spelt `e.name AS name` throughout: an unqualified name would mean the alias beside it, and the conditions of a
-- question would no longer reach the table's keys and indexes.

-- Every event that is to be kept still, in plain types, without salts and seals.
CREATE OR REPLACE VIEW audit.trail AS
SELECT
  e.event_id AS event_id,
  e.schema_version AS schema_version,
  e.origin_epoch AS origin_epoch,
  CAST(e.origin_topic AS String) AS origin_topic,
  e.origin_partition AS origin_partition,
  e.origin_offset AS origin_offset,
  e.origin_ordinal AS origin_ordinal,
  e.origin_count AS origin_count,
  e.source_event_id AS source_event_id,
  e.retry_of AS retry_of,
  e.occurred_at AS occurred_at,
  CAST(e.occurred_basis AS String) AS occurred_basis,
  e.received_at AS received_at,
  e.ingested_at AS ingested_at,
  CAST(e.surface AS String) AS surface,
  CAST(e.product AS String) AS product,
  CAST(e.product_version AS String) AS product_version,
  CAST(e.format AS String) AS format,
  CAST(e.action AS String) AS action,
  CAST(e.outcome AS String) AS outcome,
  CAST(e.severity AS String) AS severity,
  CAST(e.actor_kind AS String) AS actor_kind,
  CAST(e.actor_basis AS String) AS actor_basis,
  CAST(e.actor_confidence AS String) AS actor_confidence,
  CAST(e.actor_team AS String) AS actor_team,
  CAST(e.actor_project AS String) AS actor_project,
  CAST(e.actor_organisation AS String) AS actor_organisation,
  CAST(e.agent_name AS String) AS agent_name,
  e.agent_id AS agent_id,
  e.session_id AS session_id,
  e.prompt_id AS prompt_id,
  e.request_id AS request_id,
  e.tool_use_id AS tool_use_id,
  e.trace_id AS trace_id,
  e.span_id AS span_id,
  e.parent_span_id AS parent_span_id,
  CAST(e.model_requested AS String) AS model_requested,
  CAST(e.model_served AS String) AS model_served,
  CAST(e.provider AS String) AS provider,
  CAST(e.region AS String) AS region,
  e.tokens_prompt AS tokens_prompt,
  e.tokens_completion AS tokens_completion,
  e.tokens_cache_read AS tokens_cache_read,
  e.tokens_cache_write AS tokens_cache_write,
  e.cost_micro_usd AS cost_micro_usd,
  e.latency_ms AS latency_ms,
  e.time_to_first_token_ms AS time_to_first_token_ms,
  CAST(e.tool_name AS String) AS tool_name,
  CAST(e.mcp_server AS String) AS mcp_server,
  CAST(e.mcp_virtual_server AS String) AS mcp_virtual_server,
  CAST(e.mcp_method AS String) AS mcp_method,
  CAST(e.policy AS String) AS policy,
  e.guardrails AS guardrails,
  CAST(e.decision AS String) AS decision,
  CAST(e.decision_source AS String) AS decision_source,
  e.status_code AS status_code,
  CAST(e.error_type AS String) AS error_type,
  ifNull(lower(hex(e.content_commitment)), '') AS content_commitment,
  e.content_bytes AS content_bytes,
  e.data_classes AS data_classes,
  e.secrets_masked AS secrets_masked,
  CAST(e.retention_class AS String) AS retention_class,
  e.retention_bucket AS retention_bucket,
  e.retain_until AS retain_until,
  CAST(e.retention_reason AS String) AS retention_reason,
  e.attributes AS attributes,
  e.actor_id AS actor_id,
  e.actor_email AS actor_email,
  e.actor_name AS actor_name,
  e.actor_groups AS actor_groups,
  e.client_address AS client_address,
  e.user_agent AS user_agent,
  e.host AS host,
  e.device AS device,
  e.target AS target,
  e.file_paths AS file_paths,
  e.command AS command,
  e.error_message AS error_message,
  e.personal_attributes AS personal_attributes,
  e.audit_partition AS audit_partition,
  e.audit_offset AS audit_offset
FROM audit.events AS e
WHERE e.retain_until > now64(6);

-- Events a producer sent again: its own id, format and action as before, in a later message. The first copy counts. Two events
-- of one message are no resend of each other.
CREATE OR REPLACE VIEW audit.resends AS
SELECT
  t.event_id AS event_id,
  f.first_event AS duplicate_of,
  t.format AS format,
  t.source_event_id AS source_event_id,
  t.action AS action,
  t.occurred_at AS occurred_at,
  t.received_at AS received_at,
  t.product AS product,
  t.actor_email AS actor_email,
  t.session_id AS session_id,
  t.origin_epoch AS origin_epoch,
  t.origin_topic AS origin_topic,
  t.origin_partition AS origin_partition,
  t.origin_offset AS origin_offset,
  t.origin_ordinal AS origin_ordinal
FROM audit.trail AS t
INNER JOIN
(
  WITH (e.received_at, CAST(e.origin_topic AS String), e.origin_epoch, e.origin_partition, e.origin_offset) AS message
  SELECT
    CAST(e.format AS String) AS format,
    e.source_event_id AS source_event_id,
    CAST(e.action AS String) AS action,
    min(message) AS first_message,
    max(message) AS last_message,
    argMin(e.event_id, (message, e.origin_ordinal)) AS first_event
  FROM audit.events AS e
  WHERE e.source_event_id != ''
  GROUP BY format, source_event_id, action
  HAVING first_message != last_message
) AS f
ON t.format = f.format AND t.source_event_id = f.source_event_id AND t.action = f.action
WHERE (t.received_at, t.origin_topic, t.origin_epoch, t.origin_partition, t.origin_offset) != f.first_message;

-- What was spent and by whom: one row per event that states a cost or tokens, a producer's resends counted once.
CREATE OR REPLACE VIEW audit.costs AS
SELECT
  t.event_id AS event_id,
  t.occurred_at AS occurred_at,
  t.surface AS surface,
  t.product AS product,
  t.format AS format,
  t.action AS action,
  t.outcome AS outcome,
  t.actor_kind AS actor_kind,
  t.actor_id AS actor_id,
  t.actor_email AS actor_email,
  t.actor_confidence AS actor_confidence,
  t.actor_team AS actor_team,
  t.actor_project AS actor_project,
  t.actor_organisation AS actor_organisation,
  t.agent_name AS agent_name,
  t.session_id AS session_id,
  t.request_id AS request_id,
  t.model_requested AS model_requested,
  t.model_served AS model_served,
  t.provider AS provider,
  t.region AS region,
  t.tokens_prompt AS tokens_prompt,
  t.tokens_completion AS tokens_completion,
  t.tokens_cache_read AS tokens_cache_read,
  t.tokens_cache_write AS tokens_cache_write,
  t.cost_micro_usd AS cost_micro_usd,
  t.latency_ms AS latency_ms
FROM audit.trail AS t
WHERE (t.cost_micro_usd IS NOT NULL OR t.tokens_prompt IS NOT NULL OR t.tokens_completion IS NOT NULL)
  AND t.event_id NOT IN (SELECT event_id FROM audit.resends);

-- Messages no format could take: what is wrong with them and where, never their bytes.
CREATE OR REPLACE VIEW audit.quarantined AS
SELECT
  q.quarantine_id AS quarantine_id,
  q.origin_epoch AS origin_epoch,
  CAST(q.origin_topic AS String) AS origin_topic,
  q.origin_partition AS origin_partition,
  q.origin_offset AS origin_offset,
  q.received_at AS received_at,
  q.quarantined_at AS quarantined_at,
  q.reason AS reason,
  q.bytes AS bytes,
  q.retry_of AS retry_of,
  q.retain_until AS retain_until
FROM audit.quarantine AS q
WHERE q.retain_until > now64(6);

-- Messages that hold nothing to audit, in stretches of offsets with one reason.
CREATE OR REPLACE VIEW audit.skipped AS
SELECT
  a.origin_epoch AS origin_epoch,
  CAST(a.origin_topic AS String) AS origin_topic,
  a.origin_partition AS origin_partition,
  x.offset AS origin_offset,
  x.count AS messages,
  x.reason AS reason,
  a.settled_at AS settled_at
FROM audit.accounting AS a
ARRAY JOIN a.exceptions AS x
WHERE x.outcome = 'skipped';

-- Whether every raw offset is accounted for and everything the accounts promise is stored, per raw partition. The archive
-- trims accounts, so settled ranges do not overlap; what lies below the first one was never ours to account for.
--
--   holes  stretches between settled ranges      short  settled ranges that store other than their account says
--   ahead  events stored, range not yet settled  twice  copies beyond the first of an event
CREATE OR REPLACE VIEW audit.coverage AS
WITH
  settled AS
  (
    SELECT
      a.origin_epoch AS epoch,
      CAST(a.origin_topic AS String) AS topic,
      a.origin_partition AS part,
      a.first AS first,
      a.next AS next,
      a.accepted AS accepted,
      a.skipped AS skipped,
      a.quarantined AS quarantined,
      a.absent AS absent,
      a.events AS events,
      a.settled_at AS settled_at,
      lagInFrame(a.next, 1, a.first) OVER
      (
        PARTITION BY a.origin_epoch, a.origin_topic, a.origin_partition ORDER BY a.first
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) AS reached
    FROM audit.accounting AS a
  ),
  kept AS
  (
    SELECT
      e.origin_epoch AS epoch,
      CAST(e.origin_topic AS String) AS topic,
      e.origin_partition AS part,
      e.origin_offset AS offset,
      count() AS events,
      uniqExact(e.event_id) AS different,
      0 AS quarantined
    FROM audit.events AS e
    GROUP BY ALL
    UNION ALL
    SELECT
      q.origin_epoch AS epoch,
      CAST(q.origin_topic AS String) AS topic,
      q.origin_partition AS part,
      q.origin_offset AS offset,
      0 AS events,
      0 AS different,
      uniqExact(q.quarantine_id) AS quarantined
    FROM audit.quarantine AS q
    GROUP BY ALL
  ),
  found AS
  (
    SELECT
      s.epoch AS epoch,
      s.topic AS topic,
      s.part AS part,
      s.first AS first,
      sum(k.events) AS events,
      sumIf(k.events, k.offset < s.next) AS within,
      sumIf(k.quarantined, k.offset < s.next) AS quarantined,
      sum(k.events - k.different) AS twice
    FROM kept AS k
    ASOF INNER JOIN settled AS s
    ON k.epoch = s.epoch AND k.topic = s.topic AND k.part = s.part AND k.offset >= s.first
    GROUP BY ALL
  )
SELECT
  s.epoch AS origin_epoch,
  s.topic AS origin_topic,
  s.part AS origin_partition,
  min(s.first) AS first,
  max(s.next) AS next,
  count() AS ranges,
  sum(s.accepted) AS accepted,
  sum(s.skipped) AS skipped,
  sum(s.quarantined) AS quarantined,
  sum(s.absent) AS absent,
  sum(s.events) AS events,
  sum(f.within) AS events_stored,
  sum(f.quarantined) AS quarantined_stored,
  sum(f.events - f.within) AS ahead,
  sum(f.twice) AS twice,
  arraySort(groupArrayIf(CAST((s.reached, s.first) AS Tuple(first Int64, next Int64)), s.first > s.reached)) AS holes,
  arraySort(groupArrayIf(
    CAST((s.first, s.next) AS Tuple(first Int64, next Int64)),
    s.events != f.within OR s.quarantined != f.quarantined)) AS short,
  max(s.settled_at) AS settled_at,
  empty(holes) AND empty(short) AND twice = 0 AS complete
FROM settled AS s
LEFT JOIN found AS f ON s.epoch = f.epoch AND s.topic = f.topic AND s.part = f.part AND s.first = f.first
GROUP BY ALL;

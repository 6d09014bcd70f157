-- Erasure (GDPR Article 17). The personal part of an event and its salt give way to the hash that stood over them, so that its leaf
-- in the ledger can still be computed; the public part stays.

ALTER TABLE audit.events ADD COLUMN IF NOT EXISTS personal_hash Nullable(FixedString(32)) CODEC(ZSTD(1));
ALTER TABLE audit.events_leaving ADD COLUMN IF NOT EXISTS personal_hash Nullable(FixedString(32)) CODEC(ZSTD(1));
ALTER TABLE audit.events_held ADD COLUMN IF NOT EXISTS personal_hash Nullable(FixedString(32)) CODEC(ZSTD(1));
ALTER TABLE audit.events_released ADD COLUMN IF NOT EXISTS personal_hash Nullable(FixedString(32)) CODEC(ZSTD(1));

-- Which events a certificate of erasure speaks of, written before they change. Holds nothing about a person.
CREATE TABLE IF NOT EXISTS audit.erased_events
(
  certificate UUID CODEC(ZSTD(1)),
  event_id UUID CODEC(ZSTD(1)),
  personal_hash FixedString(32) CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (certificate, event_id)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

-- What an order to erase is about, looked up once a pass, and what of it stays for now and why.
CREATE TABLE IF NOT EXISTS audit.erasure_candidates
(
  certificate UUID CODEC(ZSTD(1)),
  event_id UUID CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (certificate, event_id)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS audit.erasure_kept
(
  certificate UUID CODEC(ZSTD(1)),
  event_id UUID CODEC(ZSTD(1)),
  reason String CODEC(ZSTD(1)),
  until Nullable(DateTime64(6, 'UTC')) CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (certificate, event_id)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

-- The hashes a mutation looks up, filled from the table above right before it.
CREATE TABLE IF NOT EXISTS audit.erasing (event_id String, personal_hash FixedString(32)) ENGINE = Join(ANY, LEFT, event_id);

-- Quarantined messages under their day's next key, as a mutation looks them up.
CREATE TABLE IF NOT EXISTS audit.resealing (quarantine_id String, sealed String) ENGINE = Join(ANY, LEFT, quarantine_id);

-- How far each certificate of erasure has come: begun, certified, told.
CREATE TABLE IF NOT EXISTS audit.erasure_steps
(
  certificate UUID CODEC(ZSTD(1)),
  erasure UUID CODEC(ZSTD(1)),
  step LowCardinality(String) CODEC(ZSTD(1)),
  body String CODEC(ZSTD(1)),
  at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (erasure, certificate, step)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Orders to erase and what came of them, as their acts say. The subject is a keyed token: an order that is closed names nobody.
CREATE OR REPLACE VIEW audit.erasures AS
WITH
  acts AS
  (
    SELECT
      e.event_id AS event_id,
      CAST(e.action AS String) AS action,
      e.occurred_at AS occurred_at,
      e.attributes AS said
    FROM
    (
      SELECT * FROM audit.events
      UNION ALL
      SELECT * FROM audit.events_leaving
      UNION ALL
      SELECT * FROM audit.events_held
    ) AS e
    WHERE e.action IN ('erasure.ordered', 'erasure.carried_out') AND e.outcome = 'success' AND e.format = 'envelope'
      AND e.origin_topic = 'trailhouse.events'
    LIMIT 1 BY e.event_id
  ),
  done AS
  (
    SELECT
      d.said['attributes.erasure'] AS erasure,
      uniqExact(d.said['attributes.certificate']) AS certificates,
      sum(toUInt64OrZero(d.said['attributes.events'])) AS events,
      argMax(toUInt64OrZero(d.said['attributes.kept']), d.occurred_at) AS kept,
      max(d.occurred_at) AS last_at,
      max(d.said['attributes.state'] = 'closed') AS closed
    FROM (SELECT * FROM acts WHERE action = 'erasure.carried_out' LIMIT 1 BY said['attributes.certificate']) AS d
    GROUP BY erasure
  )
SELECT
  o.event_id AS erasure,
  o.occurred_at AS ordered_at,
  o.said['attributes.operator'] AS ordered_by,
  o.said['attributes.subject'] AS subject,
  o.said['attributes.basis'] AS basis,
  o.said['attributes.reference'] AS reference,
  multiIf(d.erasure = '', 'ordered', d.closed, 'closed', 'standing') AS state,
  d.certificates AS certificates,
  d.events AS events,
  d.kept AS kept,
  if(d.erasure = '', NULL, d.last_at) AS carried_out_at
FROM (SELECT * FROM acts WHERE action = 'erasure.ordered') AS o
LEFT JOIN done AS d ON d.erasure = toString(o.event_id);

-- Every event that is to be kept still, as before, and whether its personal part was erased: then no
-- correction brings it back.
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
  multiIf(
    startsWith(c.claim, 'inferred:'), if(e.actor_id = '', 'none', 'device'),
    startsWith(c.claim, 'session:'), c.basis,
    CAST(e.actor_basis AS String)) AS actor_basis,
  multiIf(
    startsWith(c.claim, 'inferred:'), if(e.actor_id = '', 'none', 'inferred'),
    startsWith(c.claim, 'session:'), c.confidence,
    CAST(e.actor_confidence AS String)) AS actor_confidence,
  if(startsWith(c.claim, 'inferred:') OR e.actor_team = '', c.team, CAST(e.actor_team AS String)) AS actor_team,
  if(startsWith(c.claim, 'inferred:') OR e.actor_project = '', c.project, CAST(e.actor_project AS String)) AS actor_project,
  if(startsWith(c.claim, 'inferred:') OR e.actor_organisation = '', c.organisation, CAST(e.actor_organisation AS String)) AS actor_organisation,
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
  if(e.actor_id = '', c.id, e.actor_id) AS actor_id,
  if(startsWith(c.claim, 'inferred:') OR e.actor_email = '', c.email, e.actor_email) AS actor_email,
  multiIf(e.personal_hash IS NOT NULL, 'erased', startsWith(c.claim, 'inferred:') OR e.actor_name = '', c.name, e.actor_name) AS actor_name,
  if(startsWith(c.claim, 'inferred:'), CAST([], 'Array(String)'), e.actor_groups) AS actor_groups,
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
  e.audit_offset AS audit_offset,
  e.personal_hash IS NOT NULL AS erased,
  c.event_id AS corrected_by
FROM
(
  SELECT * FROM audit.events WHERE retain_until > now64(6)
  UNION ALL
  SELECT * FROM audit.events_held WHERE retain_until <= now64(6)
) AS e
LEFT ANY JOIN
(
  SELECT
    if(r.basis = 'device' AND startsWith(r.claim, 'actor:'), concat('device ', r.claim), r.claim) AS stands_for,
    any(r.claim) AS claim,
    argMax(r.event_id, r.corrected_at) AS event_id,
    argMax(r.id, r.corrected_at) AS id,
    argMax(r.email, r.corrected_at) AS email,
    argMax(r.name, r.corrected_at) AS name,
    argMax(r.team, r.corrected_at) AS team,
    argMax(r.project, r.corrected_at) AS project,
    argMax(r.organisation, r.corrected_at) AS organisation,
    argMax(r.basis, r.corrected_at) AS basis,
    argMax(r.confidence, r.corrected_at) AS confidence
  FROM audit.corrections AS r
  WHERE r.claim != ''
  GROUP BY stands_for
) AS c
ON c.stands_for = multiIf(
  e.personal_hash IS NOT NULL, '',
  e.actor_confidence = 'inferred' AND e.actor_basis = 'session_binding' AND e.actor_email != '',
  concat('inferred:session:', e.session_id),
  e.actor_confidence = 'inferred' AND e.actor_basis = 'device' AND e.actor_email != '',
  concat('inferred:device:', multiIf(e.device != '', e.device, e.actor_id != '', e.actor_id, e.host), '/', toString(toDate(e.received_at))),
  e.actor_email != '' OR e.actor_kind IN ('service', 'system'), '',
  e.actor_id != '',
  multiIf(e.actor_basis = 'none', '', e.actor_basis = 'device', concat('device actor:', e.actor_id), concat('actor:', e.actor_id)),
  e.session_id != '' AND e.actor_kind != 'agent', concat('session:', e.session_id),
  '');

-- What nobody is known for, by the claim that would resolve it. Whoever was erased is not to be found out again.
CREATE OR REPLACE VIEW audit.unattributed AS
SELECT
  multiIf(
    t.actor_id != '', concat('actor:', t.actor_id),
    t.session_id != '' AND t.actor_kind != 'agent', concat('session:', t.session_id),
    '') AS claim,
  t.product AS product,
  t.product_version AS product_version,
  t.surface AS surface,
  t.format AS format,
  t.actor_basis AS actor_basis,
  t.actor_confidence AS actor_confidence,
  t.actor_kind AS actor_kind,
  t.actor_id AS actor_id,
  t.session_id AS session_id,
  t.host AS host,
  t.device AS device,
  t.occurred_at AS occurred_at,
  t.event_id AS event_id
FROM audit.trail AS t
WHERE NOT t.erased AND t.actor_email = '' AND t.actor_kind NOT IN ('service', 'system') AND t.product != 'trailhouse';

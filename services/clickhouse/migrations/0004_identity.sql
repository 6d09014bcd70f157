-- Corrections, held rows and sealed originals.

-- What was said before people's data in it were masked, under a key of its subject; empty where the source's policy keeps none.
ALTER TABLE audit.content ADD COLUMN IF NOT EXISTS sealed String CODEC(ZSTD(1)) AFTER content;
ALTER TABLE audit.content ADD COLUMN IF NOT EXISTS key_id String CODEC(ZSTD(1)) AFTER sealed;

-- Rows that outlive their partition: a hold, or a longer class learned later. The archive never writes here.
CREATE TABLE IF NOT EXISTS audit.events_held AS audit.events
ENGINE = MergeTree
PARTITION BY (retention_class, retention_bucket)
ORDER BY (action, occurred_at, event_id)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS audit.content_held AS audit.content
ENGINE = MergeTree
PARTITION BY (retention_class, retention_bucket)
ORDER BY event_id
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Who it turned out to be, by the claim that had stood for nobody: an id of an issuer (`actor:…`) or a session (`session:…`).
CREATE OR REPLACE VIEW audit.corrections AS
SELECT
  e.event_id AS event_id,
  e.occurred_at AS corrected_at,
  e.personal_attributes['subject.claim'] AS claim,
  e.personal_attributes['subject.id'] AS id,
  e.personal_attributes['subject.email'] AS email,
  e.personal_attributes['subject.name'] AS name,
  e.attributes['subject.team'] AS team,
  e.attributes['subject.project'] AS project,
  e.attributes['subject.organisation'] AS organisation,
  e.attributes['attributes.basis'] AS basis,
  e.attributes['attributes.confidence'] AS confidence,
  e.attributes['attributes.why'] AS why
FROM audit.events AS e
WHERE e.action = 'attribution.corrected' AND e.format = 'envelope' AND e.origin_topic = 'trailhouse.events';

-- Every event that is to be kept still, in plain types, without salts and seals. A correction fills what nobody said: it never
-- replaces a claim, and an id stays as sure as the event's own source is of it. An id on which nothing rests is nobody's, an id of a
-- device is none of an issuer, and what services and agents do in a session is not its person's doing. A held row shows from the deadline on at which its first copy ceases to show.
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
  if(startsWith(c.claim, 'session:'), c.basis, CAST(e.actor_basis AS String)) AS actor_basis,
  if(startsWith(c.claim, 'session:'), c.confidence, CAST(e.actor_confidence AS String)) AS actor_confidence,
  if(e.actor_team = '', c.team, CAST(e.actor_team AS String)) AS actor_team,
  if(e.actor_project = '', c.project, CAST(e.actor_project AS String)) AS actor_project,
  if(e.actor_organisation = '', c.organisation, CAST(e.actor_organisation AS String)) AS actor_organisation,
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
  if(e.actor_email = '', c.email, e.actor_email) AS actor_email,
  if(e.actor_name = '', c.name, e.actor_name) AS actor_name,
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
  e.audit_offset AS audit_offset,
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
    r.claim AS claim,
    argMax(r.event_id, r.corrected_at) AS event_id,
    argMax(r.id, r.corrected_at) AS id,
    argMax(r.email, r.corrected_at) AS email,
    argMax(r.name, r.corrected_at) AS name,
    argMax(r.team, r.corrected_at) AS team,
    argMax(r.project, r.corrected_at) AS project,
    argMax(r.organisation, r.corrected_at) AS organisation,
    argMax(r.basis, r.corrected_at) AS basis,
    argMax(r.confidence, r.corrected_at) AS confidence,
    basis = 'device' AS of_device
  FROM audit.corrections AS r
  WHERE r.claim != ''
  GROUP BY r.claim
) AS c
ON c.claim = multiIf(
  e.actor_email != '' OR e.actor_kind IN ('service', 'system'), '',
  e.actor_id != '', if(e.actor_basis = 'none', '', concat('actor:', e.actor_id)),
  e.session_id != '' AND e.actor_kind != 'agent', concat('session:', e.session_id),
  '')
AND c.of_device = (e.actor_id != '' AND e.actor_basis = 'device');

-- What nobody is known for, by the claim that would resolve it.
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
WHERE t.actor_email = '' AND t.actor_kind NOT IN ('service', 'system') AND t.product != 'trailhouse';

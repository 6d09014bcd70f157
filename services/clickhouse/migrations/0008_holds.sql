-- What waits and why, holds over quarantined messages, content that is bound to its event, attributions that are taken back, and
-- findings that were answered.

-- Every pass of the retain role: what it could not let go, and one line without a table that says that it ran. `why` of that line
-- is why nothing at all could go.
CREATE TABLE IF NOT EXISTS audit.retention_waits
(
  pass DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  stored_in LowCardinality(String) CODEC(ZSTD(1)),
  retention_class LowCardinality(String) CODEC(ZSTD(1)),
  bucket String CODEC(ZSTD(1)),
  why String CODEC(ZSTD(1)),
  hold String CODEC(ZSTD(1)),
  operator String CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (pass, stored_in, retention_class, bucket)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

-- What the newest pass left where it was.
CREATE OR REPLACE VIEW audit.waiting AS
SELECT
  w.pass AS looked_at,
  CAST(w.stored_in AS String) AS stored_in,
  CAST(w.retention_class AS String) AS retention_class,
  w.bucket AS bucket,
  w.why AS why,
  w.hold AS hold,
  w.operator AS operator
FROM audit.retention_waits AS w
WHERE w.pass = (SELECT max(p.pass) FROM audit.retention_waits AS p) AND w.why != '';

-- Who deletes from this store, and when they last said that they are at work.
CREATE OR REPLACE VIEW audit.retaining AS
SELECT
  argMax(j.owner, j.cut) AS owner,
  max(j.journalled_at) AS said_at
FROM audit.journal AS j
WHERE j.topic = 'role/retain'
HAVING count() > 0;

-- Legal holds, as their acts say. The acts of a hold in force are kept with what it holds; a hold is lifted by the first
-- operator who is not the one that placed it. `quarantine` names the raw topic whose quarantined messages it keeps, or `*`.
CREATE OR REPLACE VIEW audit.holds AS
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
    WHERE e.action IN ('hold.placed', 'hold.lifted') AND e.outcome = 'success' AND e.format = 'envelope'
      AND e.origin_topic = 'trailhouse.events'
    LIMIT 1 BY e.event_id
  ),
  placed AS
  (
    SELECT
      a.event_id AS event_id,
      toString(a.event_id) AS hold,
      a.occurred_at AS occurred_at,
      a.said AS said,
      a.said['attributes.operator'] AS operator
    FROM acts AS a
    WHERE a.action = 'hold.placed'
  ),
  lifted AS
  (
    SELECT
      a.said['attributes.hold'] AS hold,
      argMin(a.event_id, a.occurred_at) AS event_id,
      min(a.occurred_at) AS occurred_at,
      argMin(a.said, a.occurred_at) AS said
    FROM acts AS a
    INNER JOIN placed AS p ON p.hold = a.said['attributes.hold']
    WHERE a.action = 'hold.lifted' AND a.said['attributes.operator'] NOT IN ('', p.operator)
    GROUP BY hold
  )
SELECT
  p.event_id AS hold,
  l.hold = '' AS active,
  p.occurred_at AS placed_at,
  p.operator AS placed_by,
  p.said['attributes.reason'] AS reason,
  p.said['attributes.condition'] AS condition,
  p.said['attributes.condition_digest'] AS condition_digest,
  p.said['attributes.occurred_from'] AS occurred_from,
  p.said['attributes.occurred_to'] AS occurred_to,
  p.said['attributes.quarantine'] AS quarantine,
  if(active, NULL, l.occurred_at) AS lifted_at,
  l.said['attributes.operator'] AS lifted_by,
  l.said['attributes.reason'] AS lift_reason
FROM placed AS p
LEFT JOIN lifted AS l ON p.hold = l.hold;

-- The commitment of the event that content was made for. Content and events are appended one after the other, and where settings
-- changed in between, what is stored of the one need not be what the other commits to.
ALTER TABLE audit.content ADD COLUMN IF NOT EXISTS content_commitment Nullable(FixedString(32)) CODEC(ZSTD(1)) AFTER key_id;
ALTER TABLE audit.content_leaving ADD COLUMN IF NOT EXISTS content_commitment Nullable(FixedString(32)) CODEC(ZSTD(1)) AFTER key_id;
ALTER TABLE audit.content_held ADD COLUMN IF NOT EXISTS content_commitment Nullable(FixedString(32)) CODEC(ZSTD(1)) AFTER key_id;
ALTER TABLE audit.content_released ADD COLUMN IF NOT EXISTS content_commitment Nullable(FixedString(32)) CODEC(ZSTD(1)) AFTER key_id;

-- How far content has been compared with its events, per audit partition.
CREATE TABLE IF NOT EXISTS audit.content_sweeps
(
  at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  audit_partition Int32 CODEC(ZSTD(1)),
  next Int64 CODEC(Delta(8), ZSTD(1)),
  orphans Int64 CODEC(ZSTD(1)),
  swept Int64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (audit_partition, at)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

-- What rules found, each once; one about a review that was due is settled by that review.
CREATE OR REPLACE VIEW audit.findings AS
SELECT
  f.finding_id AS finding_id,
  f.raised_at AS raised_at,
  f.rule AS rule,
  f.severity AS severity,
  f.what AS what,
  f.person_email AS person_email,
  f.person_id AS person_id,
  f.team AS team,
  f.first_event AS first_event,
  f.events AS events,
  f.first_at AS first_at,
  f.last_at AS last_at,
  f.key AS key,
  if(o.verdict = '', 'open', 'settled') AS state,
  if(o.verdict = '', NULL, o.reviewed_at) AS settled_at,
  o.reviewer AS settled_by,
  o.verdict AS verdict
FROM
(
  SELECT
    t.event_id AS finding_id,
    t.occurred_at AS raised_at,
    t.policy AS rule,
    t.severity AS severity,
    t.target AS what,
    t.personal_attributes['subject.email'] AS person_email,
    t.personal_attributes['subject.id'] AS person_id,
    t.attributes['subject.team'] AS team,
    t.attributes['attributes.event'] AS first_event,
    toUInt64OrZero(t.attributes['attributes.events']) AS events,
    fromUnixTimestamp64Micro(toInt64OrZero(t.attributes['attributes.first_at']), 'UTC') AS first_at,
    fromUnixTimestamp64Micro(toInt64OrZero(t.attributes['attributes.last_at']), 'UTC') AS last_at,
    t.attributes['attributes.key'] AS key
  FROM audit.trail AS t
  WHERE t.action = 'finding.raised' AND t.origin_topic = 'trailhouse.events'
  ORDER BY t.occurred_at, t.event_id
  LIMIT 1 BY t.policy, t.attributes['attributes.key']
) AS f
LEFT ANY JOIN
(
  SELECT toString(p.event_id) AS event, p.verdict AS verdict, p.reviewed_at AS reviewed_at, p.reviewer AS reviewer
  FROM audit.phi_outputs AS p
  WHERE p.verdict != ''
) AS o
ON o.event = if(f.rule = 'review-overdue', f.first_event, '');

-- Every event that is to be kept still, in plain types, without salts and seals. A correction fills what nobody said: it never
-- replaces a claim, and an id stays as sure as the event's own source is of it. An id on which nothing rests is nobody's, an id of a
-- device is none of an issuer, whatever the two look like, and what services and agents do in a session is not its person's doing. An
-- inference is no claim: where a second person shows, what was inferred of the session, or of the device on a day, is taken back, with
-- all that may have been filled in from it. A held row shows from the deadline on at which its first copy ceases to show.
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
  if(startsWith(c.claim, 'inferred:') OR e.actor_name = '', c.name, e.actor_name) AS actor_name,
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
  e.actor_confidence = 'inferred' AND e.actor_basis = 'session_binding' AND e.actor_email != '',
  concat('inferred:session:', e.session_id),
  e.actor_confidence = 'inferred' AND e.actor_basis = 'device' AND e.actor_email != '',
  concat('inferred:device:', multiIf(e.device != '', e.device, e.actor_id != '', e.actor_id, e.host), '/', toString(toDate(e.received_at))),
  e.actor_email != '' OR e.actor_kind IN ('service', 'system'), '',
  e.actor_id != '',
  multiIf(e.actor_basis = 'none', '', e.actor_basis = 'device', concat('device actor:', e.actor_id), concat('actor:', e.actor_id)),
  e.session_id != '' AND e.actor_kind != 'agent', concat('session:', e.session_id),
  '');

-- Paths to one event and to one day, and what was done and spent per day.

-- One event among millions: where its row lies. The engine turns to it from a million rows on.
ALTER TABLE audit.events ADD PROJECTION IF NOT EXISTS by_id (SELECT _part_offset ORDER BY event_id);

-- What a day holds, so that a change of it is seen without reading it: its rows, who acted, the claims that corrections may
-- resolve (as audit.trail looks them up), the first deadline. audit.days asks in these very words, and the engine compares words.
ALTER TABLE audit.events ADD PROJECTION IF NOT EXISTS by_day
(
  SELECT
    toDate(occurred_at) AS day,
    multiIf(
      actor_confidence = 'inferred' AND actor_basis = 'session_binding' AND notEmpty(actor_email), concat('inferred:session:', session_id),
      actor_confidence = 'inferred' AND actor_basis = 'device' AND notEmpty(actor_email),
      concat('inferred:device:', multiIf(notEmpty(device), device, notEmpty(actor_id), actor_id, host), '/', toString(toDate(received_at))),
      notEmpty(actor_email) OR actor_kind IN ('service', 'system'), '',
      notEmpty(actor_id),
      multiIf(actor_basis = 'none', '', actor_basis = 'device', concat('device actor:', actor_id), concat('actor:', actor_id)),
      notEmpty(session_id) AND actor_kind != 'agent', concat('session:', session_id),
      '') AS stands_for,
    count(),
    sum(cityHash64(event_id, actor_id, actor_email)),
    min(retain_until),
    max(ingested_at)
  GROUP BY day, stands_for
);

-- An insert of many days would write and flush three directories a day instead of one, and wait for them: merges build projections.
ALTER TABLE audit.events MODIFY SETTING materialize_projections_on_insert = 0, materialize_projections_on_merge = 1;
ALTER TABLE audit.events_leaving MODIFY SETTING materialize_projections_on_insert = 0, materialize_projections_on_merge = 1;

ALTER TABLE audit.events MATERIALIZE PROJECTION IF EXISTS by_id;
ALTER TABLE audit.events MATERIALIZE PROJECTION IF EXISTS by_day;

-- A partition moves there and back, which the engine allows between tables of the same projections.
ALTER TABLE audit.events_leaving ADD PROJECTION IF NOT EXISTS by_id (SELECT _part_offset ORDER BY event_id);
ALTER TABLE audit.events_leaving ADD PROJECTION IF NOT EXISTS by_day
(
  SELECT
    toDate(occurred_at) AS day,
    multiIf(
      actor_confidence = 'inferred' AND actor_basis = 'session_binding' AND notEmpty(actor_email), concat('inferred:session:', session_id),
      actor_confidence = 'inferred' AND actor_basis = 'device' AND notEmpty(actor_email),
      concat('inferred:device:', multiIf(notEmpty(device), device, notEmpty(actor_id), actor_id, host), '/', toString(toDate(received_at))),
      notEmpty(actor_email) OR actor_kind IN ('service', 'system'), '',
      notEmpty(actor_id),
      multiIf(actor_basis = 'none', '', actor_basis = 'device', concat('device actor:', actor_id), concat('actor:', actor_id)),
      notEmpty(session_id) AND actor_kind != 'agent', concat('session:', session_id),
      '') AS stands_for,
    count(),
    sum(cityHash64(event_id, actor_id, actor_email)),
    min(retain_until),
    max(ingested_at)
  GROUP BY day, stands_for
);

-- Closed days of audit.trail and audit.costs, computed whole from them and put in place whole. `mark` tells what the day held then.
CREATE TABLE IF NOT EXISTS audit.rollups
(
  day Date,
  mark UInt64 CODEC(ZSTD(1)),
  surface LowCardinality(String) CODEC(ZSTD(1)),
  product LowCardinality(String) CODEC(ZSTD(1)),
  product_version LowCardinality(String) CODEC(ZSTD(1)),
  action LowCardinality(String) CODEC(ZSTD(1)),
  outcome LowCardinality(String) CODEC(ZSTD(1)),
  actor_kind LowCardinality(String) CODEC(ZSTD(1)),
  actor_id String CODEC(ZSTD(1)),
  actor_email String CODEC(ZSTD(1)),
  actor_confidence LowCardinality(String) CODEC(ZSTD(1)),
  actor_team LowCardinality(String) CODEC(ZSTD(1)),
  actor_project LowCardinality(String) CODEC(ZSTD(1)),
  actor_organisation LowCardinality(String) CODEC(ZSTD(1)),
  model_requested LowCardinality(String) CODEC(ZSTD(1)),
  model_served LowCardinality(String) CODEC(ZSTD(1)),
  provider LowCardinality(String) CODEC(ZSTD(1)),
  events UInt64 CODEC(T64, ZSTD(1)),
  requests UInt64 CODEC(T64, ZSTD(1)),
  without_cost UInt64 CODEC(T64, ZSTD(1)),
  tokens_prompt Nullable(Int64) CODEC(T64, ZSTD(1)),
  tokens_completion Nullable(Int64) CODEC(T64, ZSTD(1)),
  tokens_cache_read Nullable(Int64) CODEC(T64, ZSTD(1)),
  tokens_cache_write Nullable(Int64) CODEC(T64, ZSTD(1)),
  cost_micro_usd Nullable(Int64) CODEC(T64, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY day
ORDER BY (actor_team, actor_project, actor_email, actor_id, model_served, action, outcome, product)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Every column but those that are read would have the engine plan for all of them, with each question to the trail.
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
FROM
(
  SELECT event_id, occurred_at, action, format, origin_topic, attributes, personal_attributes FROM audit.events
  UNION ALL
  SELECT event_id, occurred_at, action, format, origin_topic, attributes, personal_attributes FROM audit.events_leaving
  UNION ALL
  SELECT event_id, occurred_at, action, format, origin_topic, attributes, personal_attributes FROM audit.events_held
) AS e
WHERE e.action = 'attribution.corrected' AND e.format = 'envelope' AND e.origin_topic = 'trailhouse.events'
LIMIT 1 BY e.event_id;

-- The days of the trail. `mark` changes with whatever changes what the trail shows of a day: rows, their people, corrections that
-- apply to them. `rolled`: audit.daily tells of the day, and tells what the trail does. A day of which the first row has run its
-- time shows less from moment to moment, and is never rolled.
CREATE OR REPLACE VIEW audit.days AS
SELECT
  a.day AS day,
  a.events AS events,
  a.mark AS mark,
  a.newest AS newest,
  a.due <= now64(6) AS ending,
  r.mark = a.mark AND NOT ending AS rolled
FROM
(
  SELECT
    d.day AS day,
    sum(d.events) AS events,
    cityHash64(events, sum(d.hash), sum(d.events * cityHash64(d.stands_for, c.event_id))) AS mark,
    max(d.newest) AS newest,
    min(d.due) AS due
  FROM
  (
    SELECT
      toDate(e.occurred_at) AS day,
      multiIf(
        e.actor_confidence = 'inferred' AND e.actor_basis = 'session_binding' AND notEmpty(e.actor_email), concat('inferred:session:', e.session_id),
        e.actor_confidence = 'inferred' AND e.actor_basis = 'device' AND notEmpty(e.actor_email),
        concat('inferred:device:', multiIf(notEmpty(e.device), e.device, notEmpty(e.actor_id), e.actor_id, e.host), '/', toString(toDate(e.received_at))),
        notEmpty(e.actor_email) OR e.actor_kind IN ('service', 'system'), '',
        notEmpty(e.actor_id),
        multiIf(e.actor_basis = 'none', '', e.actor_basis = 'device', concat('device actor:', e.actor_id), concat('actor:', e.actor_id)),
        notEmpty(e.session_id) AND e.actor_kind != 'agent', concat('session:', e.session_id),
        '') AS stands_for,
      count() AS events,
      sum(cityHash64(e.event_id, e.actor_id, e.actor_email)) AS hash,
      min(e.retain_until) AS due,
      max(e.ingested_at) AS newest
    FROM audit.events AS e
    GROUP BY day, stands_for
    UNION ALL
    SELECT toDate(h.occurred_at) AS day, '', 0, 0, min(h.retain_until), max(h.ingested_at)
    FROM audit.events_held AS h
    GROUP BY day
  ) AS d
  LEFT ANY JOIN
  (
    SELECT
      if(r.basis = 'device' AND startsWith(r.claim, 'actor:'), concat('device ', r.claim), r.claim) AS stands_for,
      argMax(r.event_id, r.corrected_at) AS event_id
    FROM audit.corrections AS r
    WHERE r.claim != ''
    GROUP BY stands_for
  ) AS c
  ON c.stands_for = d.stands_for
  GROUP BY day
) AS a
LEFT JOIN (SELECT day, any(mark) AS mark FROM audit.rollups GROUP BY day) AS r ON r.day = a.day;

-- What was done and spent per day, of the days that audit.days says are rolled: the others are in the trail alone.
CREATE OR REPLACE VIEW audit.daily AS
SELECT
  r.day AS day,
  CAST(r.surface AS String) AS surface,
  CAST(r.product AS String) AS product,
  CAST(r.product_version AS String) AS product_version,
  CAST(r.action AS String) AS action,
  CAST(r.outcome AS String) AS outcome,
  CAST(r.actor_kind AS String) AS actor_kind,
  r.actor_id AS actor_id,
  r.actor_email AS actor_email,
  CAST(r.actor_confidence AS String) AS actor_confidence,
  CAST(r.actor_team AS String) AS actor_team,
  CAST(r.actor_project AS String) AS actor_project,
  CAST(r.actor_organisation AS String) AS actor_organisation,
  CAST(r.model_requested AS String) AS model_requested,
  CAST(r.model_served AS String) AS model_served,
  CAST(r.provider AS String) AS provider,
  r.events AS events,
  r.requests AS requests,
  r.without_cost AS without_cost,
  r.tokens_prompt AS tokens_prompt,
  r.tokens_completion AS tokens_completion,
  r.tokens_cache_read AS tokens_cache_read,
  r.tokens_cache_write AS tokens_cache_write,
  r.cost_micro_usd AS cost_micro_usd
FROM audit.rollups AS r
WHERE (r.day, r.mark) IN (SELECT day, mark FROM audit.days WHERE rolled);

-- Events that tell of what another tells already, and which that is.
--
--   resend  the producer's own id, format and action as before, in a later message. The first copy counts, and one by somebody whom
--           an issuer vouched for goes before one that anybody could claim. Two events of one message are no resend of each other.
--   report  two sources tell of one call, a gateway and the client behind it, say, by the same request id. The source that knows
--           most surely who it was is taken. Two calls of one source are two, whatever id a client gave them.
--
-- Ids in which a credential was masked are alike, whosever they were. Only ids that occur twice, found by their hash, are looked
-- at as texts.
CREATE OR REPLACE VIEW audit.superseded AS
SELECT one.1 AS event_id, first_event AS duplicate_of, 'resend' AS because
FROM
(
  WITH (e.received_at, CAST(e.origin_topic AS String), e.origin_epoch, e.origin_partition, e.origin_offset) AS message
  SELECT
    argMin(e.event_id, (e.actor_confidence != 'verified', message, e.origin_ordinal)) AS first_event,
    min((e.actor_confidence != 'verified', message)).2 AS first_message,
    arrayFilter(one -> one.2 != first_message, groupArray((e.event_id, message))) AS later
  FROM
  (
    SELECT event_id, format, source_event_id, action, actor_confidence, received_at, origin_topic, origin_epoch, origin_partition,
      origin_offset, origin_ordinal
    FROM audit.events WHERE retain_until > now64(6)
    UNION ALL
    SELECT event_id, format, source_event_id, action, actor_confidence, received_at, origin_topic, origin_epoch, origin_partition,
      origin_offset, origin_ordinal
    FROM audit.events_held WHERE retain_until <= now64(6)
  ) AS e
  WHERE e.source_event_id != '' AND NOT position(e.source_event_id, '[masked:')
    AND cityHash64(e.format, e.source_event_id, e.action) IN
    (
      SELECT hash FROM
      (
        SELECT cityHash64(format, source_event_id, action) AS hash FROM audit.events
        WHERE retain_until > now64(6) AND source_event_id != ''
        UNION ALL
        SELECT cityHash64(format, source_event_id, action) AS hash FROM audit.events_held
        WHERE retain_until <= now64(6) AND source_event_id != ''
      )
      GROUP BY hash
      HAVING count() > 1
    )
  GROUP BY e.format, e.source_event_id, e.action
)
ARRAY JOIN later AS one
UNION ALL
SELECT one.4 AS event_id, ranked[1].4 AS duplicate_of, 'report' AS because
FROM
(
  SELECT
    arraySort(groupArray((
      s.actor_confidence != 'verified', s.cost_micro_usd IS NULL, s.received_at, s.event_id, CAST(s.format AS String)))) AS ranked
  FROM
  (
    SELECT event_id, request_id, action, format, actor_confidence, cost_micro_usd, tokens_prompt, tokens_completion, received_at
    FROM audit.events WHERE retain_until > now64(6)
    UNION ALL
    SELECT event_id, request_id, action, format, actor_confidence, cost_micro_usd, tokens_prompt, tokens_completion, received_at
    FROM audit.events_held WHERE retain_until <= now64(6)
  ) AS s
  WHERE s.request_id != '' AND NOT position(s.request_id, '[masked:')
    AND (s.cost_micro_usd IS NOT NULL OR s.tokens_prompt IS NOT NULL OR s.tokens_completion IS NOT NULL)
    AND cityHash64(s.request_id, s.action) IN
    (
      SELECT hash FROM
      (
        SELECT cityHash64(request_id, action) AS hash FROM audit.events
        WHERE retain_until > now64(6) AND request_id != ''
        UNION ALL
        SELECT cityHash64(request_id, action) AS hash FROM audit.events_held
        WHERE retain_until <= now64(6) AND request_id != ''
      )
      GROUP BY hash
      HAVING count() > 1
    )
  GROUP BY s.request_id, s.action
)
ARRAY JOIN arrayFilter(one -> one.5 != ranked[1].5, ranked) AS one;

-- Events a producer sent again.
CREATE OR REPLACE VIEW audit.resends AS
SELECT
  t.event_id AS event_id,
  s.duplicate_of AS duplicate_of,
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
INNER JOIN (SELECT event_id, duplicate_of FROM audit.superseded WHERE because = 'resend') AS s ON s.event_id = t.event_id;

-- What was spent and by whom: one row per call that states a cost or tokens.
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
  AND t.event_id NOT IN (SELECT event_id FROM audit.superseded);

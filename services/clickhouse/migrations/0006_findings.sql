-- Human review, and what rules found.

-- Reviews of outputs, by the event or the request they are about. A review that an endpoint claims is none.
CREATE OR REPLACE VIEW audit.reviews AS
SELECT
  t.event_id AS event_id,
  t.occurred_at AS reviewed_at,
  t.attributes['attributes.verdict'] AS verdict,
  t.attributes['attributes.event'] AS about_event,
  t.attributes['attributes.request'] AS about_request,
  t.actor_email AS reviewer_email,
  t.actor_id AS reviewer_id
FROM audit.trail AS t
WHERE t.action = 'review.recorded' AND t.outcome = 'success'
  AND (t.actor_confidence = 'verified' OR t.origin_topic = 'trailhouse.events')
  AND t.attributes['attributes.verdict'] IN ('approved', 'rejected', 'exempt');

-- What models were asked and answered where it holds PHI, each with its newest review. A request's id is the sender's word: it may
-- read as the id of another event, and is no review of that.
CREATE OR REPLACE VIEW audit.phi_outputs AS
WITH latest AS
(
  SELECT
    about AS about,
    argMax(v.verdict, v.reviewed_at) AS verdict,
    argMax(v.event_id, v.reviewed_at) AS review,
    argMax(if(v.reviewer_email = '', v.reviewer_id, v.reviewer_email), v.reviewed_at) AS reviewer,
    max(v.reviewed_at) AS reviewed_at
  FROM audit.reviews AS v
  ARRAY JOIN arrayConcat(
    if(v.about_event = '', [], [concat('event:', v.about_event)]),
    if(v.about_request = '', [], [concat('request:', v.about_request)])) AS about
  GROUP BY about
)
SELECT
  t.event_id AS event_id,
  t.occurred_at AS occurred_at,
  t.surface AS surface,
  t.product AS product,
  t.action AS action,
  t.actor_id AS actor_id,
  t.actor_email AS actor_email,
  t.actor_team AS actor_team,
  t.actor_confidence AS actor_confidence,
  if(t.model_served = '', t.model_requested, t.model_served) AS model,
  t.provider AS provider,
  t.request_id AS request_id,
  t.session_id AS session_id,
  if(e.verdict = '', r.verdict, e.verdict) AS verdict,
  if(e.verdict = '', r.reviewer, e.reviewer) AS reviewer,
  if(e.verdict = '', r.reviewed_at, e.reviewed_at) AS reviewed_at,
  if(e.verdict = '', r.review, e.review) AS review
FROM audit.trail AS t
LEFT ANY JOIN latest AS e ON e.about = concat('event:', toString(t.event_id))
LEFT ANY JOIN latest AS r ON r.about = concat('request:', t.request_id)
WHERE t.action IN ('llm.request', 'llm.response') AND t.outcome = 'success' AND has(t.data_classes, 'phi');

-- What rules found, each once.
CREATE OR REPLACE VIEW audit.findings AS
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
LIMIT 1 BY t.policy, t.attributes['attributes.key'];

-- Events a producer sent again: its own id, format and action as before, in a later message. The first copy counts, and one by
-- somebody whom an issuer vouched for goes before one that anybody could claim. Two events of one message are no resend of each
-- other, and ids in which a credential was masked are alike, whosever they were.
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
    min((e.actor_confidence != 'verified', message)).2 AS first_message,
    argMin(e.event_id, (e.actor_confidence != 'verified', message, e.origin_ordinal)) AS first_event
  FROM
  (
    SELECT * FROM audit.events WHERE retain_until > now64(6)
    UNION ALL
    SELECT * FROM audit.events_held WHERE retain_until <= now64(6)
  ) AS e
  WHERE e.source_event_id != '' AND NOT position(e.source_event_id, '[masked:')
  GROUP BY format, source_event_id, action
  HAVING min(message) != max(message)
) AS f
ON t.format = f.format AND t.source_event_id = f.source_event_id AND t.action = f.action
WHERE (t.received_at, t.origin_topic, t.origin_epoch, t.origin_partition, t.origin_offset) != f.first_message;

-- What was spent and by whom: one row per call that states a cost or tokens. Two sources may tell of one call, a gateway and the
-- client behind it, say: by its request id (unless a credential was masked in it: such ids are alike) it counts once, and the source
-- that knows most surely who it was is taken. Two calls of one source are two, whatever id a client gave them. Resends count once.
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
  AND t.event_id NOT IN (SELECT event_id FROM audit.resends)
  AND t.event_id NOT IN
  (
    WITH arraySort(groupArray((
      s.actor_confidence != 'verified', s.cost_micro_usd IS NULL, s.received_at, s.event_id, s.format))) AS ranked
    SELECT arrayJoin(arrayMap(one -> one.4, arrayFilter(one -> one.5 != ranked[1].5, ranked)))
    FROM
    (
      SELECT * FROM audit.events WHERE retain_until > now64(6)
      UNION ALL
      SELECT * FROM audit.events_held WHERE retain_until <= now64(6)
    ) AS s
    WHERE s.request_id != '' AND NOT position(s.request_id, '[masked:')
      AND (s.cost_micro_usd IS NOT NULL OR s.tokens_prompt IS NOT NULL OR s.tokens_completion IS NOT NULL)
    GROUP BY s.request_id, s.action
    HAVING uniqExact(s.format) > 1
  );

-- What is on its way out, what is gone, and what keeps something longer.
--
-- A partition leaves in three steps: it is moved into a table of its own, where nothing can be added to it any more; what was in
-- it is written down; it is dropped there. Rows that were held and are no longer take the same way out of the held tables.

CREATE TABLE IF NOT EXISTS audit.events_leaving AS audit.events
ENGINE = MergeTree
PARTITION BY (retention_class, retention_bucket)
ORDER BY (action, occurred_at, event_id)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS audit.events_released AS audit.events
ENGINE = MergeTree
PARTITION BY (retention_class, retention_bucket)
ORDER BY (action, occurred_at, event_id)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS audit.content_leaving AS audit.content
ENGINE = MergeTree
PARTITION BY (retention_class, retention_bucket)
ORDER BY event_id
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS audit.content_released AS audit.content
ENGINE = MergeTree
PARTITION BY (retention_class, retention_bucket)
ORDER BY event_id
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS audit.quarantine_leaving AS audit.quarantine
ENGINE = MergeTree
PARTITION BY retention_bucket
ORDER BY quarantine_id
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

-- How far each deletion has come: intended, certified, telling, told. `body` is what the step knows: the draft, the signed
-- certificate, where the log ended, the act's offset.
CREATE TABLE IF NOT EXISTS audit.deletion_steps
(
  certificate UUID CODEC(ZSTD(1)),
  step LowCardinality(String) CODEC(ZSTD(1)),
  body String CODEC(ZSTD(1)),
  at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (certificate, step)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

-- What certificates say was deleted, by the accounting range it was promised in. It can be written again from them.
CREATE TABLE IF NOT EXISTS audit.deletions
(
  certificate UUID CODEC(ZSTD(1)),
  stored_in LowCardinality(String) CODEC(ZSTD(1)),
  retention_class LowCardinality(String) CODEC(ZSTD(1)),
  retention_bucket Date CODEC(ZSTD(1)),
  origin_epoch Int32 CODEC(ZSTD(1)),
  origin_topic LowCardinality(String) CODEC(ZSTD(1)),
  origin_partition Int32 CODEC(ZSTD(1)),
  first Int64 CODEC(Delta(8), ZSTD(1)),
  rows Int64 CODEC(ZSTD(1)),
  at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (origin_topic, origin_partition, origin_epoch, first)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE OR REPLACE VIEW audit.deleted AS
SELECT
  d.certificate AS certificate,
  CAST(d.stored_in AS String) AS stored_in,
  CAST(d.retention_class AS String) AS retention_class,
  d.retention_bucket AS retention_bucket,
  d.origin_epoch AS origin_epoch,
  CAST(d.origin_topic AS String) AS origin_topic,
  d.origin_partition AS origin_partition,
  d.first AS first,
  d.rows AS rows,
  d.at AS at
FROM audit.deletions AS d;

-- What lies in each partition and when the first and the last of it run their time. A partition leaves with its last row; quarantine
-- has no classes.
CREATE OR REPLACE VIEW audit.shelves AS
SELECT
  'content' AS stored_in,
  CAST(t.retention_class AS String) AS retention_class,
  t.retention_bucket AS retention_bucket,
  count() AS rows,
  min(t.retain_until) AS first_due,
  max(t.retain_until) AS last_due
FROM audit.content AS t
GROUP BY ALL
UNION ALL
SELECT
  'content_held' AS stored_in,
  CAST(t.retention_class AS String) AS retention_class,
  t.retention_bucket AS retention_bucket,
  count() AS rows,
  min(t.retain_until) AS first_due,
  max(t.retain_until) AS last_due
FROM audit.content_held AS t
GROUP BY ALL
UNION ALL
SELECT
  'quarantine' AS stored_in,
  '' AS retention_class,
  t.retention_bucket AS retention_bucket,
  count() AS rows,
  min(t.retain_until) AS first_due,
  max(t.retain_until) AS last_due
FROM audit.quarantine AS t
GROUP BY ALL
UNION ALL
SELECT
  'events' AS stored_in,
  CAST(t.retention_class AS String) AS retention_class,
  t.retention_bucket AS retention_bucket,
  count() AS rows,
  min(t.retain_until) AS first_due,
  max(t.retain_until) AS last_due
FROM audit.events AS t
GROUP BY ALL
UNION ALL
SELECT
  'events_held' AS stored_in,
  CAST(t.retention_class AS String) AS retention_class,
  t.retention_bucket AS retention_bucket,
  count() AS rows,
  min(t.retain_until) AS first_due,
  max(t.retain_until) AS last_due
FROM audit.events_held AS t
GROUP BY ALL;

-- Who it turned out to be, by the claim that had stood for nobody: an id of an issuer (`actor:…`) or a session (`session:…`). A
-- correction is kept as long as an event it speaks of.
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
  SELECT * FROM audit.events
  UNION ALL
  SELECT * FROM audit.events_leaving
  UNION ALL
  SELECT * FROM audit.events_held
) AS e
WHERE e.action = 'attribution.corrected' AND e.format = 'envelope' AND e.origin_topic = 'trailhouse.events'
LIMIT 1 BY e.event_id;

-- Legal holds, as their acts say. The acts of a hold in force are kept with what it holds; a hold is lifted by the first
-- operator who is not the one that placed it.
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
  if(active, NULL, l.occurred_at) AS lifted_at,
  l.said['attributes.operator'] AS lifted_by,
  l.said['attributes.reason'] AS lift_reason
FROM placed AS p
LEFT JOIN lifted AS l ON p.hold = l.hold;

-- Certificates of deletion, as their acts say. Each is told once; were it told twice, the first would count.
CREATE OR REPLACE VIEW audit.certificates AS
SELECT
  toUUIDOrZero(e.attributes['attributes.certificate']) AS certificate,
  e.event_id AS event_id,
  e.occurred_at AS certified_at,
  e.attributes['attributes.stored_in'] AS stored_in,
  e.attributes['attributes.class'] AS retention_class,
  e.attributes['attributes.bucket'] AS retention_bucket,
  toUInt64OrZero(e.attributes['attributes.rows']) AS rows,
  toUInt64OrZero(e.attributes['attributes.kept']) AS kept,
  e.attributes['attributes.digest'] AS digest,
  e.attributes['attributes.key'] AS key
FROM
(
  SELECT * FROM audit.events
  UNION ALL
  SELECT * FROM audit.events_leaving
  UNION ALL
  SELECT * FROM audit.events_held
) AS e
WHERE e.action = 'retention.deleted' AND e.outcome = 'success' AND e.format = 'envelope'
  AND e.origin_topic = 'trailhouse.events'
ORDER BY e.occurred_at, e.event_id
LIMIT 1 BY e.attributes['attributes.certificate'];

-- Whether every raw offset is accounted for and everything the accounts promise is stored or was deleted under a certificate,
-- per raw partition. The archive trims accounts, so settled ranges do not overlap; what lies below the first one was never
-- ours to account for.
--
--   holes  stretches between settled ranges      short  settled ranges that hold other than their account says
--   ahead  events stored, range not yet settled  twice  copies beyond the first of an event
--
-- What is leaving counts as stored until its deletion is written down, and as deleted from then on: at no moment as both.
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
  going AS
  (
    SELECT
      CAST(d.stored_in AS String) AS stored_in,
      CAST(d.retention_class AS String) AS class,
      d.retention_bucket AS bucket
    FROM audit.deletions AS d
    WHERE d.certificate NOT IN (SELECT s.certificate FROM audit.deletion_steps AS s WHERE s.step = 'certified')
    GROUP BY ALL
  ),
  kept AS
  (
    SELECT
      e.epoch AS epoch,
      e.topic AS topic,
      e.part AS part,
      e.offset AS offset,
      countIf(e.is_first) - uniqExactIf(e.event_id, e.is_first) AS twice,
      uniqExact(e.event_id) + twice AS events,
      0 AS quarantined
    FROM
    (
      SELECT
        origin_epoch AS epoch, CAST(origin_topic AS String) AS topic, origin_partition AS part, origin_offset AS offset,
        event_id, true AS is_first
      FROM audit.events
      UNION ALL
      SELECT origin_epoch, CAST(origin_topic AS String), origin_partition, origin_offset, event_id, false
      FROM audit.events_held
      UNION ALL
      SELECT origin_epoch, CAST(origin_topic AS String), origin_partition, origin_offset, event_id, false
      FROM audit.events_leaving
      WHERE ('events', CAST(retention_class AS String), retention_bucket) NOT IN (SELECT stored_in, class, bucket FROM going)
      UNION ALL
      SELECT origin_epoch, CAST(origin_topic AS String), origin_partition, origin_offset, event_id, false
      FROM audit.events_released
      WHERE ('events_held', CAST(retention_class AS String), retention_bucket) NOT IN (SELECT stored_in, class, bucket FROM going)
    ) AS e
    GROUP BY ALL
    UNION ALL
    SELECT
      q.epoch AS epoch,
      q.topic AS topic,
      q.part AS part,
      q.offset AS offset,
      0 AS twice,
      0 AS events,
      uniqExact(q.quarantine_id) AS quarantined
    FROM
    (
      SELECT
        origin_epoch AS epoch, CAST(origin_topic AS String) AS topic, origin_partition AS part, origin_offset AS offset,
        quarantine_id
      FROM audit.quarantine
      UNION ALL
      SELECT origin_epoch, CAST(origin_topic AS String), origin_partition, origin_offset, quarantine_id
      FROM audit.quarantine_leaving
      WHERE ('quarantine', '', retention_bucket) NOT IN (SELECT stored_in, class, bucket FROM going)
    ) AS q
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
      sum(k.twice) AS twice
    FROM kept AS k
    ASOF INNER JOIN settled AS s
    ON k.epoch = s.epoch AND k.topic = s.topic AND k.part = s.part AND k.offset >= s.first
    GROUP BY ALL
  ),
  gone AS
  (
    SELECT
      d.origin_epoch AS epoch,
      CAST(d.origin_topic AS String) AS topic,
      d.origin_partition AS part,
      d.first AS first,
      sumIf(d.rows, d.stored_in IN ('events', 'events_held')) AS events,
      sumIf(d.rows, d.stored_in = 'quarantine') AS quarantined
    FROM audit.deletions AS d
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
  sum(g.events) AS events_deleted,
  sum(g.quarantined) AS quarantined_deleted,
  sum(f.events - f.within) AS ahead,
  sum(f.twice) AS twice,
  arraySort(groupArrayIf(CAST((s.reached, s.first) AS Tuple(first Int64, next Int64)), s.first > s.reached)) AS holes,
  arraySort(groupArrayIf(
    CAST((s.first, s.next) AS Tuple(first Int64, next Int64)),
    s.events != f.within + g.events OR s.quarantined != f.quarantined + g.quarantined)) AS short,
  max(s.settled_at) AS settled_at,
  empty(holes) AND empty(short) AND twice = 0 AS complete
FROM settled AS s
LEFT JOIN found AS f ON s.epoch = f.epoch AND s.topic = f.topic AND s.part = f.part AND s.first = f.first
LEFT JOIN gone AS g ON s.epoch = g.epoch AND s.topic = g.topic AND s.part = g.part AND s.first = g.first
GROUP BY ALL;

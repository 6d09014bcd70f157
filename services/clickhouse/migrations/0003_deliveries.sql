-- Receipts say what every offset of their range became, and the state of the lane. The table is altered though nothing was
-- written to it yet: a process that comes late runs this again when another stores receipts already.

ALTER TABLE audit.deliveries ADD COLUMN IF NOT EXISTS replay String CODEC(ZSTD(1)) AFTER next;
ALTER TABLE audit.deliveries ADD COLUMN IF NOT EXISTS redelivered Int64 CODEC(Delta(8), ZSTD(1)) AFTER uncertain;
ALTER TABLE audit.deliveries ADD COLUMN IF NOT EXISTS absent Int64 CODEC(Delta(8), ZSTD(1)) AFTER redelivered;
ALTER TABLE audit.deliveries MODIFY COLUMN IF EXISTS exceptions Array(Tuple(offset Int64, count Int64, outcome String, event_id String, reason String)) CODEC(ZSTD(1));
ALTER TABLE audit.deliveries ADD COLUMN IF NOT EXISTS state LowCardinality(String) CODEC(ZSTD(1)) AFTER exceptions;
ALTER TABLE audit.deliveries ADD COLUMN IF NOT EXISTS state_reason String CODEC(ZSTD(1)) AFTER state;

-- Every receipt as the archive keeps it: ranges of a lane do not overlap. An empty range only tells the lane's state.
CREATE OR REPLACE VIEW audit.receipts AS
SELECT
  CAST(d.sink AS String) AS sink,
  d.audit_partition AS audit_partition,
  d.first AS first,
  d.next AS next,
  d.replay AS replay,
  d.delivered AS delivered,
  d.buried AS buried,
  d.filtered AS filtered,
  d.diverted AS diverted,
  d.uncertain AS uncertain,
  d.redelivered AS redelivered,
  d.absent AS absent,
  d.exceptions AS exceptions,
  CAST(d.state AS String) AS state,
  d.state_reason AS state_reason,
  d.settled_at AS settled_at,
  d.log_partition AS log_partition,
  d.log_offset AS log_offset
FROM audit.deliveries AS d;

-- Offsets that replays delivered, and those an operator decided to skip. Stretches may overlap, so `next` is where the furthest
-- of those that begin at `first` or below ends: an offset lies in one of them if it lies in the nearest that begins at or below it.
CREATE OR REPLACE VIEW audit.replayed AS
SELECT
  r.sink AS sink,
  r.audit_partition AS audit_partition,
  r.outcome AS outcome,
  r.first AS first,
  max(r.next) OVER up_to_here AS next,
  argMax(r.settled_at, r.next) OVER up_to_here AS settled_at
FROM
(
  SELECT
    CAST(d.sink AS String) AS sink,
    d.audit_partition AS audit_partition,
    x.outcome AS outcome,
    x.offset AS first,
    max(x.offset + x.count) AS next,
    argMax(d.settled_at, x.count) AS settled_at
  FROM audit.deliveries AS d
  ARRAY JOIN d.exceptions AS x
  WHERE d.replay != '' AND x.outcome IN ('delivered', 'skipped')
  GROUP BY ALL
) AS r
WINDOW up_to_here AS (PARTITION BY r.sink, r.audit_partition, r.outcome ORDER BY r.first ROWS UNBOUNDED PRECEDING);

-- Events a lane could not simply deliver, and whether a replay has resolved them since.
CREATE OR REPLACE VIEW audit.undelivered AS
SELECT
  u.sink AS sink,
  u.event_id AS event_id,
  u.audit_partition AS audit_partition,
  u.audit_offset AS audit_offset,
  u.outcome AS outcome,
  u.reason AS reason,
  u.settled_at AS settled_at,
  multiIf(u.audit_offset < r.next, 'delivered', u.audit_offset < s.next, 'skipped', '') AS resolved
FROM
(
  SELECT
    CAST(d.sink AS String) AS sink,
    x.event_id AS event_id,
    d.audit_partition AS audit_partition,
    arrayJoin(range(x.offset, x.offset + x.count)) AS audit_offset,
    x.outcome AS outcome,
    x.reason AS reason,
    d.settled_at AS settled_at
  FROM audit.deliveries AS d
  ARRAY JOIN d.exceptions AS x
  WHERE d.replay = '' AND x.outcome IN ('buried', 'diverted', 'uncertain')
) AS u
ASOF LEFT JOIN (SELECT * FROM audit.replayed WHERE outcome = 'delivered') AS r
ON u.sink = r.sink AND u.audit_partition = r.audit_partition AND u.audit_offset >= r.first
ASOF LEFT JOIN (SELECT * FROM audit.replayed WHERE outcome = 'skipped') AS s
ON u.sink = s.sink AND u.audit_partition = s.audit_partition AND u.audit_offset >= s.first;

-- Where every lane stands: a receiver and a partition of audit.events. It begins where its first receipt does. What waits are
-- stored events: those the archive has yet to take are not counted.
CREATE OR REPLACE VIEW audit.lanes AS
WITH
  lanes AS
  (
    SELECT
      CAST(d.sink AS String) AS sink,
      d.audit_partition AS part,
      argMin(d.first, d.log_offset) AS begins,
      max(d.next) AS settled,
      CAST(argMax(d.state, d.log_offset) AS String) AS state,
      argMax(d.state_reason, d.log_offset) AS state_reason,
      argMax(d.settled_at, d.log_offset) AS reported_at,
      sum(d.delivered) AS delivered,
      sum(d.buried) AS buried,
      sum(d.filtered) AS filtered,
      sum(d.diverted) AS diverted,
      sum(d.uncertain) AS uncertain
    FROM audit.deliveries AS d
    WHERE d.replay = ''
    GROUP BY ALL
  ),
  behind AS
  (
    SELECT l.sink AS sink, l.part AS part, count() AS waiting, min(e.ingested_at) AS oldest_waiting
    FROM audit.events AS e
    INNER JOIN lanes AS l ON e.audit_partition = l.part
    WHERE e.retain_until > now64(6) AND e.audit_offset >= l.settled
    GROUP BY ALL
  )
SELECT
  l.sink AS sink,
  l.part AS audit_partition,
  l.begins AS begins,
  l.settled AS settled,
  l.state AS state,
  l.state_reason AS state_reason,
  l.reported_at AS reported_at,
  l.delivered AS delivered,
  l.buried AS buried,
  l.filtered AS filtered,
  l.diverted AS diverted,
  l.uncertain AS uncertain,
  b.waiting AS waiting,
  if(b.waiting = 0, NULL, b.oldest_waiting) AS oldest_waiting
FROM lanes AS l
LEFT JOIN behind AS b ON l.sink = b.sink AND l.part = b.part;

-- What became of every stored event at every receiver that ever began: delivered, buried, filtered, diverted or uncertain, as
-- its lane's receipt or a replay says; waiting or parked beyond the receipts; before where the lane began later; unaccounted
-- where none of that holds.
--
-- Receipts speak of ranges. What is joined to an event is the nearest point at or below it from which on something holds:
-- the beginning of a receipt or the end of an exception (delivered), the beginning of an exception (its outcome), the end of a
-- receipt that no other follows (unaccounted). An event that is stored cannot be a copy or absent, whatever a receipt says.
CREATE OR REPLACE VIEW audit.event_deliveries AS
WITH
  lanes AS
  (
    SELECT
      CAST(d.sink AS String) AS sink,
      d.audit_partition AS part,
      argMin(d.first, d.log_offset) AS begins,
      max(d.next) AS settled,
      argMax(d.state, d.log_offset) = 'parked' AS parked
    FROM audit.deliveries AS d
    WHERE d.replay = ''
    GROUP BY ALL
  ),
  points AS
  (
    SELECT
      CAST(d.sink AS String) AS sink,
      d.audit_partition AS part,
      p.1 AS offset,
      argMax(p.3, p.2) AS state,
      argMax(p.4, p.2) AS reason,
      argMax(d.settled_at, p.2) AS settled_at
    FROM audit.deliveries AS d
    ARRAY JOIN arrayConcat(
      [(d.next, 0, 'unaccounted', ''), (d.first, 1, 'delivered', '')],
      arrayMap(x -> (x.offset + x.count, 1, 'delivered', ''), arrayFilter(x -> x.offset + x.count < d.next, d.exceptions)),
      arrayMap(x -> (x.offset, 2, if(x.outcome IN ('redelivered', 'absent'), 'unaccounted', x.outcome), x.reason), d.exceptions)
    ) AS p
    WHERE d.replay = '' AND d.next > d.first
    GROUP BY ALL
  )
SELECT
  l.sink AS sink,
  e.event_id AS event_id,
  e.occurred_at AS occurred_at,
  e.audit_partition AS audit_partition,
  e.audit_offset AS audit_offset,
  multiIf(
    e.audit_offset < r.next, 'delivered',
    e.audit_offset >= l.settled, if(l.parked, 'parked', 'waiting'),
    e.audit_offset < l.begins, 'before',
    p.state = '', 'unaccounted',
    p.state) AS state,
  if(state IN ('buried', 'filtered', 'diverted', 'uncertain'), p.reason, '') AS reason,
  multiIf(
    e.audit_offset < r.next, r.settled_at,
    state IN ('waiting', 'parked', 'before', 'unaccounted'), NULL,
    p.settled_at) AS settled_at
FROM audit.events AS e
INNER JOIN lanes AS l ON e.audit_partition = l.part
ASOF LEFT JOIN points AS p ON l.sink = p.sink AND e.audit_partition = p.part AND e.audit_offset >= p.offset
ASOF LEFT JOIN (SELECT * FROM audit.replayed WHERE outcome = 'delivered') AS r
ON l.sink = r.sink AND e.audit_partition = r.audit_partition AND e.audit_offset >= r.first
WHERE e.retain_until > now64(6);

-- Who looked at the trail, asked something of it or acted on it, and with what outcome. Only our own processes write to this topic. A
-- long answer has two rows: when it began and when it ended.
CREATE OR REPLACE VIEW audit.access_log AS
SELECT
  t.event_id AS event_id,
  t.occurred_at AS occurred_at,
  t.action AS action,
  t.outcome AS outcome,
  t.actor_id AS principal,
  t.actor_confidence AS confidence,
  t.target AS target,
  t.client_address AS client_address,
  t.user_agent AS user_agent,
  t.attributes['attributes.what'] AS what,
  t.attributes['attributes.query'] AS query,
  t.attributes['attributes.query_id'] AS query_id,
  t.attributes['attributes.format'] AS format,
  arrayFilter(v -> v != '', splitByString(', ', t.attributes['attributes.views'])) AS views,
  t.attributes['attributes.phase'] AS phase,
  toUInt64OrNull(t.attributes['attributes.rows']) AS rows,
  toUInt64OrNull(t.attributes['attributes.bytes']) AS bytes,
  toUInt64OrNull(t.attributes['attributes.duration_ms']) AS duration_ms
FROM audit.trail AS t
WHERE t.origin_topic = 'trailhouse.events'
  AND t.action IN ('audit.query', 'audit.export', 'audit.retry', 'audit.act', 'content.revealed', 'auth.login');

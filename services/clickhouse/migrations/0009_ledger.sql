-- Signed checkpoints of the ledger, as the trail tells of them: `checkpoint` is the signed note, word for word. Whoever reads one
-- checks its signature; two of one size that differ are two rows.
CREATE OR REPLACE VIEW audit.checkpoints AS
SELECT
  t.event_id AS event_id,
  t.occurred_at AS signed_at,
  t.target AS origin,
  toInt32OrZero(t.attributes['attributes.audit_partition']) AS audit_partition,
  toInt64OrZero(t.attributes['attributes.size']) AS size,
  t.attributes['attributes.root'] AS root,
  t.attributes['attributes.key'] AS key,
  t.attributes['attributes.checkpoint'] AS checkpoint
FROM audit.trail AS t
WHERE t.action = 'ledger.checkpoint' AND t.origin_topic = 'trailhouse.events' AND t.outcome = 'success'
ORDER BY t.occurred_at, t.event_id
LIMIT 1 BY t.attributes['attributes.checkpoint'];

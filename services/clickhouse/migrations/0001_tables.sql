-- What the archive writes. Columns are the fields of schemas/*.avsc, in their order, and where on the audit topic the row
-- came from; test/integration/clickhouse/store.test.ts compares them.
--
-- Sorting keys are pure functions of the raw message, so that two copies of an event would sort together whoever wrote them.
-- The deduplication window counts inserted parts: at the few hundred synced inserts a second one disk takes, it outlives
-- by far the 30 s a server waits for the rest of a request. Tables expire by partition, never by TTL.

CREATE DATABASE IF NOT EXISTS audit;

-- One row per audit event.
CREATE TABLE IF NOT EXISTS audit.events
(
  event_id UUID CODEC(ZSTD(1)),
  schema_version Int32 CODEC(ZSTD(1)),
  origin_epoch Int32 CODEC(ZSTD(1)),
  origin_topic LowCardinality(String) CODEC(ZSTD(1)),
  origin_partition Int32 CODEC(ZSTD(1)),
  origin_offset Int64 CODEC(Delta(8), ZSTD(1)),
  origin_ordinal Int32 CODEC(ZSTD(1)),
  origin_count Int32 CODEC(ZSTD(1)),
  source_event_id String CODEC(ZSTD(1)),
  retry_of String CODEC(ZSTD(1)),
  occurred_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  occurred_basis LowCardinality(String) CODEC(ZSTD(1)),
  received_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  ingested_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  surface LowCardinality(String) CODEC(ZSTD(1)),
  product LowCardinality(String) CODEC(ZSTD(1)),
  product_version LowCardinality(String) CODEC(ZSTD(1)),
  format LowCardinality(String) CODEC(ZSTD(1)),
  action LowCardinality(String) CODEC(ZSTD(1)),
  outcome LowCardinality(String) CODEC(ZSTD(1)),
  severity LowCardinality(String) CODEC(ZSTD(1)),
  actor_kind LowCardinality(String) CODEC(ZSTD(1)),
  actor_basis LowCardinality(String) CODEC(ZSTD(1)),
  actor_confidence LowCardinality(String) CODEC(ZSTD(1)),
  actor_team LowCardinality(String) CODEC(ZSTD(1)),
  actor_project LowCardinality(String) CODEC(ZSTD(1)),
  actor_organisation LowCardinality(String) CODEC(ZSTD(1)),
  agent_name LowCardinality(String) CODEC(ZSTD(1)),
  agent_id String CODEC(ZSTD(1)),
  session_id String CODEC(ZSTD(1)),
  prompt_id String CODEC(ZSTD(1)),
  request_id String CODEC(ZSTD(1)),
  tool_use_id String CODEC(ZSTD(1)),
  trace_id String CODEC(ZSTD(1)),
  span_id String CODEC(ZSTD(1)),
  parent_span_id String CODEC(ZSTD(1)),
  model_requested LowCardinality(String) CODEC(ZSTD(1)),
  model_served LowCardinality(String) CODEC(ZSTD(1)),
  provider LowCardinality(String) CODEC(ZSTD(1)),
  region LowCardinality(String) CODEC(ZSTD(1)),
  tokens_prompt Nullable(Int64) CODEC(ZSTD(1)),
  tokens_completion Nullable(Int64) CODEC(ZSTD(1)),
  tokens_cache_read Nullable(Int64) CODEC(ZSTD(1)),
  tokens_cache_write Nullable(Int64) CODEC(ZSTD(1)),
  cost_micro_usd Nullable(Int64) CODEC(ZSTD(1)),
  latency_ms Nullable(Float64) CODEC(ZSTD(1)),
  time_to_first_token_ms Nullable(Float64) CODEC(ZSTD(1)),
  tool_name LowCardinality(String) CODEC(ZSTD(1)),
  mcp_server LowCardinality(String) CODEC(ZSTD(1)),
  mcp_virtual_server LowCardinality(String) CODEC(ZSTD(1)),
  mcp_method LowCardinality(String) CODEC(ZSTD(1)),
  policy LowCardinality(String) CODEC(ZSTD(1)),
  guardrails Array(Tuple(name String, provider String, phase String, mode String, verdict String, categories Array(String), masked_count Nullable(Int64))) CODEC(ZSTD(1)),
  decision LowCardinality(String) CODEC(ZSTD(1)),
  decision_source LowCardinality(String) CODEC(ZSTD(1)),
  status_code Nullable(Int64) CODEC(ZSTD(1)),
  error_type LowCardinality(String) CODEC(ZSTD(1)),
  content_commitment Nullable(FixedString(32)) CODEC(ZSTD(1)),
  content_bytes Nullable(Int64) CODEC(ZSTD(1)),
  data_classes Array(String) CODEC(ZSTD(1)),
  secrets_masked Int32 CODEC(ZSTD(1)),
  retention_class LowCardinality(String) CODEC(ZSTD(1)),
  retention_bucket Date CODEC(ZSTD(1)),
  retain_until DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  retention_reason LowCardinality(String) CODEC(ZSTD(1)),
  attributes Map(String, String) CODEC(ZSTD(1)),
  actor_id String CODEC(ZSTD(1)),
  actor_email String CODEC(ZSTD(1)),
  actor_name String CODEC(ZSTD(1)),
  actor_groups Array(String) CODEC(ZSTD(1)),
  client_address String CODEC(ZSTD(1)),
  user_agent String CODEC(ZSTD(1)),
  host String CODEC(ZSTD(1)),
  device String CODEC(ZSTD(1)),
  target String CODEC(ZSTD(1)),
  file_paths Array(String) CODEC(ZSTD(1)),
  command String CODEC(ZSTD(1)),
  error_message String CODEC(ZSTD(1)),
  personal_attributes Map(String, String) CODEC(ZSTD(1)),
  personal_salt FixedString(16) CODEC(ZSTD(1)),
  audit_partition Int32 CODEC(ZSTD(1)),
  audit_offset Int64 CODEC(Delta(8), ZSTD(1)),
  INDEX by_event_id event_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX by_session session_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY (retention_class, retention_bucket)
ORDER BY (action, occurred_at, event_id)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

-- What was said and done in an event, under its own clock.
CREATE TABLE IF NOT EXISTS audit.content
(
  event_id UUID CODEC(ZSTD(1)),
  origin_epoch Int32 CODEC(ZSTD(1)),
  origin_topic LowCardinality(String) CODEC(ZSTD(1)),
  origin_partition Int32 CODEC(ZSTD(1)),
  origin_offset Int64 CODEC(Delta(8), ZSTD(1)),
  origin_ordinal Int32 CODEC(ZSTD(1)),
  occurred_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  retention_class LowCardinality(String) CODEC(ZSTD(1)),
  retention_bucket Date CODEC(ZSTD(1)),
  retain_until DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  content_salt FixedString(16) CODEC(ZSTD(1)),
  content String CODEC(ZSTD(1)),
  audit_partition Int32 CODEC(ZSTD(1)),
  audit_offset Int64 CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY (retention_class, retention_bucket)
ORDER BY event_id
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Raw messages no format could take.
CREATE TABLE IF NOT EXISTS audit.quarantine
(
  quarantine_id UUID CODEC(ZSTD(1)),
  origin_epoch Int32 CODEC(ZSTD(1)),
  origin_topic LowCardinality(String) CODEC(ZSTD(1)),
  origin_partition Int32 CODEC(ZSTD(1)),
  origin_offset Int64 CODEC(Delta(8), ZSTD(1)),
  received_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  quarantined_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  reason String CODEC(ZSTD(1)),
  bytes Int64 CODEC(Delta(8), ZSTD(1)),
  retry_of String CODEC(ZSTD(1)),
  retention_bucket Date CODEC(ZSTD(1)),
  retain_until DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  key_id LowCardinality(String) CODEC(ZSTD(1)),
  sealed String CODEC(ZSTD(1)),
  audit_partition Int32 CODEC(ZSTD(1)),
  audit_offset Int64 CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY retention_bucket
ORDER BY quarantine_id
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

-- What became of every raw offset, by range.
CREATE TABLE IF NOT EXISTS audit.accounting
(
  origin_epoch Int32 CODEC(ZSTD(1)),
  origin_topic LowCardinality(String) CODEC(ZSTD(1)),
  origin_partition Int32 CODEC(ZSTD(1)),
  first Int64 CODEC(Delta(8), ZSTD(1)),
  next Int64 CODEC(Delta(8), ZSTD(1)),
  accepted Int64 CODEC(Delta(8), ZSTD(1)),
  skipped Int64 CODEC(Delta(8), ZSTD(1)),
  quarantined Int64 CODEC(Delta(8), ZSTD(1)),
  absent Int64 CODEC(Delta(8), ZSTD(1)),
  events Int64 CODEC(Delta(8), ZSTD(1)),
  exceptions Array(Tuple(offset Int64, count Int64, outcome String, events Int64, reason String)) CODEC(ZSTD(1)),
  settled_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  audit_partition Int32 CODEC(ZSTD(1)),
  audit_offset Int64 CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(settled_at)
ORDER BY (origin_topic, origin_partition, origin_epoch, first)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Receipts of the export lanes. audit_partition is the one of audit.events; the row itself came from log_partition.
CREATE TABLE IF NOT EXISTS audit.deliveries
(
  sink LowCardinality(String) CODEC(ZSTD(1)),
  audit_partition Int32 CODEC(ZSTD(1)),
  first Int64 CODEC(Delta(8), ZSTD(1)),
  next Int64 CODEC(Delta(8), ZSTD(1)),
  delivered Int64 CODEC(Delta(8), ZSTD(1)),
  buried Int64 CODEC(Delta(8), ZSTD(1)),
  filtered Int64 CODEC(Delta(8), ZSTD(1)),
  diverted Int64 CODEC(Delta(8), ZSTD(1)),
  uncertain Int64 CODEC(Delta(8), ZSTD(1)),
  exceptions Array(Tuple(event_id String, outcome String, reason String)) CODEC(ZSTD(1)),
  settled_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  log_partition Int32 CODEC(ZSTD(1)),
  log_offset Int64 CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(settled_at)
ORDER BY (sink, audit_partition, first)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

-- What the archive is about to insert, written before it does: the newest entry of a partition says where its successor begins.
-- Not partitioned: tokens count within a partition, and no two entries of one number may land in two.
CREATE TABLE IF NOT EXISTS audit.journal
(
  topic LowCardinality(String) CODEC(ZSTD(1)),
  partition Int32 CODEC(ZSTD(1)),
  cut Int64 CODEC(Delta(8), ZSTD(1)),
  first Int64 CODEC(Delta(8), ZSTD(1)),
  next Int64 CODEC(Delta(8), ZSTD(1)),
  rows Int64 CODEC(ZSTD(1)),
  before Map(String, Tuple(offset Int64, ordinal Int64)) CODEC(ZSTD(1)),
  after Map(String, Tuple(offset Int64, ordinal Int64)) CODEC(ZSTD(1)),
  owner String CODEC(ZSTD(1)),
  journalled_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (topic, partition, cut)
SETTINGS non_replicated_deduplication_window = 30000, fsync_after_insert = 1, fsync_part_directory = 1;

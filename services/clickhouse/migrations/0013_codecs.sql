-- Attributes are what of an event compresses least, and are kept for years: zstd's sixth level makes a fifth less of them than its
-- third for 2 µs of a processor a row and write, measured. Of other texts, and of numbers without a pattern, the third makes less than
-- the first for nothing, and T64 cuts off the bits that a stretch of counts and offsets has not. Parts have it as they are written or
-- merged; nothing is rewritten for it. Rows that a hold keeps stay for longest, and have it too.

ALTER TABLE audit.events
  MODIFY COLUMN IF EXISTS attributes CODEC(ZSTD(6)),
  MODIFY COLUMN IF EXISTS actor_id CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS actor_email CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS actor_name CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS actor_groups CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS client_address CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS user_agent CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS target CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS latency_ms CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS origin_offset CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS audit_offset CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS tokens_prompt CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS tokens_completion CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS tokens_cache_read CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS tokens_cache_write CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS cost_micro_usd CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS content_bytes CODEC(T64, ZSTD(1));

ALTER TABLE audit.events_held
  MODIFY COLUMN IF EXISTS attributes CODEC(ZSTD(6)),
  MODIFY COLUMN IF EXISTS personal_attributes CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS actor_id CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS actor_email CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS actor_name CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS actor_groups CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS client_address CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS user_agent CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS target CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS latency_ms CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS origin_offset CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS audit_offset CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS tokens_prompt CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS tokens_completion CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS tokens_cache_read CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS tokens_cache_write CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS cost_micro_usd CODEC(T64, ZSTD(1)),
  MODIFY COLUMN IF EXISTS content_bytes CODEC(T64, ZSTD(1));

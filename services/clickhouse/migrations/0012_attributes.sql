-- Attributes are what of an event compresses least, and zstd's third level makes a seventh less of them at no cost that can be
-- measured. Parts have it as they are written or merged; nothing is rewritten for it.

ALTER TABLE audit.events
  MODIFY COLUMN IF EXISTS attributes CODEC(ZSTD(3)),
  MODIFY COLUMN IF EXISTS personal_attributes CODEC(ZSTD(3));

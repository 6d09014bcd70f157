import type { BatchBounds } from '../core/log.ts';

/**
 * Bounds of a batch where the subscription names none. Messages that are alike come by the ten thousand, and a handler that
 * works through them in one go is silent for longer than its session lives.
 */
export const BATCH: BatchBounds = { records: 2_000, bytes: 4 * 1024 ** 2, waitMs: 0 };

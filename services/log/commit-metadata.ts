import type { Settled } from '../core/log.ts';

/** Kafka's default for `offset.metadata.max.bytes`; both drivers refuse alike. */
const MAX_BYTES = 4_096;

/** The metadata to commit; throws RangeError when it is longer than a log takes. */
export function metadataOf(settled: Settled | undefined): string {
  const metadata = settled?.metadata ?? '';
  const bytes = Buffer.byteLength(metadata);
  if (bytes > MAX_BYTES) throw new RangeError(`commit metadata of ${bytes} bytes; a log takes ${MAX_BYTES}`);
  return metadata;
}

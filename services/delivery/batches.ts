import type { Limits } from '../core/sink.ts';
import type { Parcel } from './parcel.ts';

/** Cuts parcels, in order, into batches within the limits. A parcel that is larger than a whole batch stands alone. */
export function batches(parcels: readonly Parcel[], limits: Pick<Limits, 'events' | 'bytes'>): readonly Parcel[][] {
  const cut: Parcel[][] = [];
  let batch: Parcel[] = [];
  let bytes = 0;
  for (const parcel of parcels) {
    const isFull = batch.length >= limits.events || bytes + parcel.bytes > limits.bytes;
    if (isFull && batch.length > 0) {
      cut.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(parcel);
    bytes += parcel.bytes;
  }
  if (batch.length > 0) cut.push(batch);
  return cut;
}

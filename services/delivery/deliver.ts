import type { Delivery } from '../core/sink.ts';
import { outcome } from './outcome.ts';
import type { Ended, Parcel } from './parcel.ts';

/**
 * Tells how the events of a batch ended, in order, as it becomes known: each at the receiver or in the grave. A lost
 * reply can repeat one, none is lost. Attempts have no limit: an audit log may be late, never thin.
 */
export async function* deliver(
  parcels: readonly Parcel[],
  send: (batch: readonly Parcel[]) => Promise<Delivery>,
): AsyncGenerator<readonly Ended[], void> {
  const waiting: (readonly Parcel[])[] = [parcels];
  for (let batch = waiting.pop(); batch !== undefined; batch = waiting.pop()) {
    const { ended, again } = outcome(await send(batch), batch);
    waiting.push(...again.toReversed());
    if (ended.length > 0) yield ended;
  }
}

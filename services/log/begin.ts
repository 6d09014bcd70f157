import { LogLost, type Position, type Subscription } from '../core/log.ts';

/**
 * The offset a consumer of this partition begins at. Rejects with `LogLost` when the log does not hold it: a driver
 * that began elsewhere would skip records without a word.
 */
export async function beginning(subscription: Subscription, position: Position, held: AbortSignal): Promise<number> {
  const wanted =
    subscription.resume === undefined
      ? (position.committed?.offset ?? position.start)
      : await subscription.resume(position, held);
  if (wanted < position.start || wanted > position.end) throw new LogLost(position, wanted);
  return wanted;
}

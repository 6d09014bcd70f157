import type { Delivery } from '../core/sink.ts';
import type { Ended, Parcel } from './parcel.ts';

/** What an answer says about a batch: how its first events ended, and what of the rest is sent again, in order. */
export interface Outcome {
  readonly ended: readonly Ended[];
  readonly again: readonly (readonly Parcel[])[];
}

/**
 * A refused batch is halved until the event at fault stands alone.
 * @throws RangeError when the answer cannot be true of the batch.
 */
export function outcome(answer: Delivery, batch: readonly Parcel[]): Outcome {
  switch (answer.kind) {
    case 'delivered':
      return { ended: batch.map((one) => ended(one, 'delivered', '')), again: [] };
    case 'retry':
    case 'parked':
      return { ended: [], again: [batch] };
    case 'refused': {
      if (batch.length === 1) return { ended: batch.map((one) => ended(one, 'buried', answer.reason)), again: [] };
      const half = Math.ceil(batch.length / 2);
      return { ended: [], again: [batch.slice(0, half), batch.slice(half)] };
    }
    case 'partial':
      return partial(answer, batch);
    case 'uncertain':
      return { ended: uncertain(answer, batch), again: [] };
  }
}

type Answer<K extends Delivery['kind']> = Extract<Delivery, { readonly kind: K }>;

function partial({ refused, diverted = [], resendFrom }: Answer<'partial'>, batch: readonly Parcel[]): Outcome {
  const taken = resendFrom ?? batch.length;
  // Nothing taken at all is `retry`: sent again from 0, a batch would go round without a pause.
  if (!Number.isInteger(taken) || taken < 1 || taken > batch.length)
    throw new RangeError(`the sink wants a batch of ${batch.length} again from ${taken}`);
  const all = batch.slice(0, taken).map((one) => ended(one, 'delivered', ''));
  for (const [result, refusals] of [['buried', refused] as const, ['diverted', diverted] as const])
    for (const { index, reason } of refusals) {
      const one = batch[index];
      if (one === undefined || all[index]?.outcome !== 'delivered')
        throw new RangeError(`the sink names event ${index} of the first ${taken}, or names it twice`);
      all[index] = ended(one, result, reason);
    }
  return { ended: all, again: taken < batch.length ? [batch.slice(taken)] : [] };
}

/** Which are missing is not known, so none is claimed; only where all are, each is known to be. */
function uncertain({ count, reason }: Answer<'uncertain'>, batch: readonly Parcel[]): readonly Ended[] {
  if (count >= batch.length) return batch.map((one) => ended(one, 'buried', reason));
  const words = `${reason} (${count} of ${batch.length} were turned down, not said which)`;
  return batch.map((one) => ended(one, 'uncertain', words));
}

const ended = (parcel: Parcel, outcome: Ended['outcome'], reason: string): Ended => ({
  offset: parcel.offset,
  event_id: outcome === 'delivered' ? '' : parcel.open().event_id,
  outcome,
  reason,
});

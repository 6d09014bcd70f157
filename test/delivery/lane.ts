import type { AuditEvent } from '../../services/core/event.ts';
import type { Delivery } from '../../services/core/sink.ts';
import { type DispatchOptions, openDispatcher } from '../../services/delivery/dispatch.ts';
import { virtualClock } from '../support/virtual-clock.ts';

export const limits = { events: 4, bytes: 10_000, concurrency: 2 };
export const unasked = new AbortController().signal;

type Answer = (batch: readonly AuditEvent[], signal: AbortSignal) => Delivery | Promise<Delivery>;

/** A lane to a receiver that answers as told; `batches` are the ids it was sent. */
export function lane(answer: Answer, more: Partial<DispatchOptions> = {}) {
  const clock = virtualClock();
  const batches: string[][] = [];
  const calls = { closed: 0 };
  const dispatcher = openDispatcher({
    sink: {
      async deliver(batch, signal) {
        const events = [...batch];
        batches.push(events.map(({ event_id }) => event_id));
        return answer(events, signal);
      },
      async close() {
        calls.closed++;
      },
    },
    limits,
    clock,
    random: () => 0.5,
    changed() {},
    ...more,
  });
  return { clock, dispatcher, batches, calls };
}

export const delivered = async (): Promise<Delivery> => ({ kind: 'delivered' });
export const never = () => new Promise<never>(() => {});

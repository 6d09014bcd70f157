import type { AuditEvent } from '../../services/core/event.ts';
import type { Delivery, Refusal, Sink } from '../../services/core/sink.ts';
import { taken } from '../support/taken.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** How a receiver answers for what it does not like. */
export type Manner = 'whole' | 'listed' | 'up to' | 'vague';

/** A receiver that outlives those who send to it, and remembers what it was sent. */
export class Receiver {
  readonly name: string;
  readonly manner: Manner;
  /** Times of ingest of the copies it holds, by event id. */
  readonly held = new Map<string, number[]>();
  /** Events it turned down without naming them. */
  readonly doubted = new Set<string>();
  private readonly world: World;

  constructor(name: string, world: World) {
    this.name = name;
    this.world = world;
    this.manner = world.random.pick(['whole', 'listed', 'up to', 'vague']);
  }

  sink(process: Process, isHonest: () => boolean): Sink {
    return {
      close: async () => {},
      deliver: (batch, signal) => {
        const answer = process.call('receiver', `${this.name} gets ${batch.length}`, () =>
          this.take(Array.from(batch, taken), isHonest()),
        );
        const { promise, resolve, reject } = Promise.withResolvers<Delivery>();
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        answer.then(resolve, reject);
        return promise;
      },
    };
  }

  private *take(batch: readonly AuditEvent[], isHonest: boolean): Generator<void, Delivery> {
    const { random } = this.world;
    yield;
    if (!isHonest && random.chance(0.06)) return { kind: 'parked', reason: 'token' };
    if (!isHonest && random.chance(0.06)) return { kind: 'retry', reason: 'busy', afterMs: random.below(3_000) };
    const refused = named(batch, 'refuse', 'not taken');
    const diverted = named(batch, 'divert', 'too old');
    const isBad = refused.length > 0;
    if (isBad && (this.manner === 'whole' || batch.length === 1)) return { kind: 'refused', reason: 'not taken' };
    if (isBad && this.manner === 'vague') return this.doubt(batch);
    const last = refused.at(-1);
    const resendFrom = this.manner === 'up to' && last !== undefined ? last.index + 1 : batch.length;
    for (const event of batch.slice(0, resendFrom)) if (event.request_id === '') this.hold(event);
    if (!isBad && diverted.length === 0) return { kind: 'delivered' };
    return {
      kind: 'partial',
      refused,
      diverted: diverted.filter(({ index }) => index < resendFrom),
      ...(resendFrom < batch.length ? { resendFrom } : {}),
    };
  }

  /** Takes all but those it does not like, and says how many these are. */
  private doubt(batch: readonly AuditEvent[]): Delivery {
    let count = 0;
    for (const event of batch) {
      this.doubted.add(event.event_id);
      if (event.request_id === '') this.hold(event);
      else count++;
    }
    return { kind: 'uncertain', count, reason: 'some were not taken' };
  }

  private hold({ event_id, ingested_at }: AuditEvent): void {
    this.held.set(event_id, [...(this.held.get(event_id) ?? []), ingested_at]);
  }
}

const named = (batch: readonly AuditEvent[], liking: string, reason: string): readonly Refusal[] =>
  batch.flatMap(({ request_id }, index) => (request_id === liking ? [{ index, reason }] : []));

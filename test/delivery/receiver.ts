import type { Clock } from '../../services/core/clock.ts';
import type { AuditEvent } from '../../services/core/event.ts';
import type { Delivery, Refusal, Sink } from '../../services/core/sink.ts';
import type { LaneState } from '../../services/delivery/dispatch.ts';

/** What a receiver does with one batch, and what the lane learns of it. */
export type Step = { readonly afterMs: number } & (
  | { readonly does: 'take' | 'refuse' | 'park' }
  /** Took it or not; what comes back says neither. */
  | { readonly does: 'lose'; readonly took: boolean; readonly says: 'retry' | 'throw' | 'nothing' }
  | { readonly does: 'ask to wait'; readonly waitMs: number }
  /** Bits choose events; a share of the batch from the front is taken. */
  | { readonly does: 'take in part'; readonly refused: number; readonly diverted: number; readonly share: number }
  | { readonly does: 'doubt'; readonly count: number }
);

export interface Receiver {
  readonly sink: Sink;
  /** Ids of the events it holds. */
  readonly held: ReadonlySet<string>;
  /** What the lane must never do, and did. */
  readonly wrongs: readonly string[];
  /** Whose fate the lane forgot, such as at a restart: they may come again. */
  forgotten(ids: readonly string[]): void;
}

export interface Bounds {
  readonly events: number;
  readonly concurrency: number;
  state(): LaneState;
}

const HOUR_MS = 3_600_000;

/** Does a step of the script for each batch, then takes all. Watches over what the lane may do. */
export function receiver(script: readonly Step[], clock: Clock, bounds: Bounds): Receiver {
  const held = new Set<string>();
  const mayRepeat = new Set<string>();
  const wrongs: string[] = [];
  let [at, underWay, probing, notBefore] = [0, 0, 0, 0];

  function take(ids: readonly string[]): void {
    for (const id of ids) {
      if (held.has(id) && !mayRepeat.has(id)) wrongs.push(`${id} came again`);
      held.add(id);
      mayRepeat.add(id);
    }
  }

  /** The lane sees the answer, so that it knows of these. */
  function told(ids: readonly string[]): void {
    for (const id of ids) mayRepeat.delete(id);
  }

  function watch(batch: readonly AuditEvent[], signal: AbortSignal): () => void {
    const state = bounds.state().kind;
    const isProbe = state === 'retrying' || state === 'parked';
    underWay++;
    if (isProbe) probing++;
    if (state === 'paused') wrongs.push('an attempt while paused');
    if (probing > 1) wrongs.push('two probe at once');
    if (underWay > bounds.concurrency) wrongs.push(`${underWay} attempts at once`);
    if (batch.length === 0 || batch.length > bounds.events) wrongs.push(`a batch of ${batch.length}`);
    if (clock.now().getTime() < notBefore) wrongs.push('an attempt before its time');
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      underWay--;
      if (isProbe) probing--;
    };
    signal.addEventListener('abort', over);
    return over;
  }

  async function act(step: Step, batch: readonly AuditEvent[], signal: AbortSignal): Promise<Delivery> {
    const ids = batch.map(({ event_id }) => event_id);
    const plan = planned(step, ids);
    take(plan.taken);
    await clock.sleep(step.does === 'lose' && step.says === 'nothing' ? Infinity : step.afterMs, signal);
    if (step.does === 'lose' && step.says === 'throw') throw new TypeError('https://siem.example/?token=hunter2');
    if (step.does === 'ask to wait')
      notBefore = Math.max(notBefore, clock.now().getTime() + Math.min(step.waitMs, HOUR_MS));
    if (step.does !== 'lose') told(plan.taken);
    return plan.answer;
  }

  return {
    held,
    wrongs,
    forgotten: (ids) => {
      for (const id of ids) mayRepeat.add(id);
    },
    sink: {
      async deliver(batch, signal) {
        const events = [...batch];
        const over = watch(events, signal);
        return act(script[at++] ?? { does: 'take', afterMs: 1 }, events, signal).finally(over);
      },
      async close() {},
    },
  };
}

function planned(step: Step, ids: readonly string[]): { readonly taken: readonly string[]; readonly answer: Delivery } {
  switch (step.does) {
    case 'take':
      return { taken: ids, answer: { kind: 'delivered' } };
    case 'refuse':
      return { taken: [], answer: { kind: 'refused', reason: 'refused' } };
    case 'park':
      return { taken: [], answer: { kind: 'parked', reason: 'parked' } };
    case 'lose':
      return { taken: step.took ? ids : [], answer: { kind: 'retry', reason: 'lost' } };
    case 'ask to wait':
      return { taken: [], answer: { kind: 'retry', reason: 'busy', afterMs: step.waitMs } };
    case 'doubt':
      return { taken: ids.slice(step.count), answer: { kind: 'uncertain', count: step.count, reason: 'doubt' } };
    case 'take in part':
      return inPart(step, ids);
  }
}

function inPart(step: Extract<Step, { readonly does: 'take in part' }>, ids: readonly string[]) {
  const resendFrom = Math.max(1, Math.ceil(step.share * ids.length));
  const has = (bits: number, index: number) => ((bits >> (index % 30)) & 1) === 1;
  const list = (isIn: (index: number) => boolean, reason: string): Refusal[] =>
    ids.slice(0, resendFrom).flatMap((_, index) => (isIn(index) ? [{ index, reason }] : []));
  const refused = list((index) => has(step.refused, index), 'refused');
  const diverted = list((index) => has(step.diverted, index) && !has(step.refused, index), 'diverted');
  const out = new Set([...refused, ...diverted].map(({ index }) => index));
  const taken = ids.slice(0, resendFrom).filter((_, index) => !out.has(index));
  return { taken, answer: { kind: 'partial', refused, diverted, resendFrom } as const };
}

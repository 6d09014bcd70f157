import type { Clock } from '../../core/clock.ts';
import type { AuditEvent } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { Logger } from '../../core/logger.ts';
import type { Dispatcher, Ended, Parcel } from '../../delivery/dispatch.ts';
import type { Control, Replay } from './controls.ts';
import type { Lane } from './lane.ts';
import { type Fate, receipt, writeReceipt } from './receipt.ts';
import { stub } from './shift.ts';

/** A stored event that was asked for. */
export interface Wanted {
  readonly offset: number;
  readonly event: AuditEvent;
}

/** What replays need of the store. Every call waits for the store where it is away. */
export interface Archive {
  /** How far a replay got in a partition, by its receipts; `done` once its last one is stored. */
  progress(replay: string, sink: string, partition: number): Promise<{ readonly next: number; readonly done: boolean }>;
  /** Events of a replay from an offset on; an empty page is the end. */
  wanted(replay: Replay, partition: number, from: number, signal: AbortSignal): Promise<readonly Wanted[]>;
}

export interface ReplayParts {
  readonly sink: string;
  readonly lane: Lane;
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly schemaId: number;
  readonly archive: Archive;
  /** Its own, with its own pace: a replay holds up nobody. */
  readonly dispatcher: Dispatcher;
  profile(event: AuditEvent): AuditEvent;
  counted(outcome: Fate['outcome'], count: number): void;
}

type Errand = Extract<Control, { readonly kind: 'replay' | 'skip' }>;

const LOOK_MS = 1_000;

/**
 * Sends stored events again, each owner of an audit partition those of its own. A replay is done in a partition once its
 * last receipt, one without events, is written; what a crash interrupts is taken up where its receipts end.
 */
export function replays(parts: ReplayParts): { ask(errand: Errand): void; run(signal: AbortSignal): Promise<void> } {
  const asked: Errand[] = [];
  const finished = new Set<string>();

  return {
    ask: (errand) => void asked.push(errand),
    async run(signal) {
      while (!signal.aborted) {
        for (const errand of [...asked])
          for (const [partition, { over }] of parts.lane.shifts()) {
            const key = `${errand.id}/${partition}`;
            if (finished.has(key)) continue;
            const either = AbortSignal.any([signal, over.signal]);
            try {
              await perform(errand, partition, parts, either);
              finished.add(key);
            } catch (error) {
              if (either.aborted) continue;
              // A condition this version's gate turns down: nothing would change that.
              if (!(error instanceof TypeError)) throw error;
              parts.logger.error({ sink: parts.sink, replay: errand.id }, 'a replay cannot be done and is left');
              finished.add(key);
            }
          }
        await parts.clock.sleep(LOOK_MS, signal).catch(() => undefined);
      }
    },
  };
}

async function perform(errand: Errand, partition: number, parts: ReplayParts, signal: AbortSignal): Promise<void> {
  const { archive, sink, logger, dispatcher } = parts;
  const { next: begin, done } = await archive.progress(errand.id, sink, partition);
  if (done) return;
  const replay = errand.kind === 'replay' ? errand : everything(errand);
  for (let from = begin; ; ) {
    const page = await archive.wanted(replay, partition, from, signal);
    const last = page.at(-1);
    if (last === undefined) break;
    const skips = errand.kind === 'skip' ? page.map((one) => skipped(one, errand.reason)) : undefined;
    if (skips !== undefined) await write(skips);
    else await dispatcher.dispatch(page.map(parcel), write, signal);
    from = last.offset + 1;
  }
  await write([]);
  logger.info({ sink, partition, replay: errand.id }, 'a replay is done');

  async function write(ended: readonly (Ended | Fate)[]): Promise<void> {
    const { clock, log, schemaId } = parts;
    const [first, last] = [ended[0], ended.at(-1)];
    const head = stub(sink, partition, errand.id, dispatcher.state(), clock.now());
    const fates = ended.map((one) => (one.outcome === 'delivered' ? { ...one, event_id: '' } : one));
    const record = receipt(head, first?.offset ?? 0, last === undefined ? 0 : last.offset + 1, fates);
    await log.append('audit.deliveries', partition, [writeReceipt(record, new Map(), schemaId)]);
    for (const { outcome } of ended) parts.counted(outcome, 1);
  }

  function parcel({ offset, event }: Wanted): Parcel {
    return { offset, bytes: REPLAYED_BYTES, open: () => parts.profile(event) };
  }
}

const REPLAYED_BYTES = 1_500;

const everything = ({ id, sink, at, ids }: Extract<Errand, { readonly kind: 'skip' }>): Replay => ({
  kind: 'replay',
  id,
  sink,
  at,
  from: '',
  to: '',
  where: '',
  ids,
});

const skipped = ({ offset, event }: Wanted, reason: string): Fate => ({
  offset,
  outcome: 'skipped',
  event_id: event.event_id,
  reason,
});

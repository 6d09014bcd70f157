import { onTestFinished } from 'vitest';
import type { AuditEvent } from '../../../services/core/event.ts';
import type { Delivery, Sink } from '../../../services/core/sink.ts';
import { loki } from '../../../services/sinks/loki/index.ts';
import { fakeClock } from '../../support/clock.ts';
import { event } from '../../support/event.ts';
import { type LokiOptions, type LokiReceiver, openLokiReceiver } from '../../support/receivers/loki.ts';
import { sinkTools } from '../../support/sink-tools.ts';

export const NOON = Date.UTC(2026, 5, 15, 12) * 1000;
const MINUTE = 60_000_000;
export const signal = new AbortController().signal;

/** Loki at five past noon, and a sink that sends there. */
export async function setting(
  options: LokiOptions = {},
  settings: object = {},
  tools: { replay?: boolean; secrets?: Readonly<Record<string, string>> } = {},
): Promise<{ receiver: LokiReceiver; sink: Sink }> {
  const now = NOON / 1000 + 300_000;
  const receiver = await openLokiReceiver({ now: () => now, ...options });
  onTestFinished(() => receiver.close());
  const sink = loki.open({ url: receiver.url, ...settings }, sinkTools({ clock: fakeClock(new Date(now)), ...tools }));
  return { receiver, sink };
}

/** On time, at minutes after noon. */
export const at = (id: string, minutes: number, columns: Partial<AuditEvent> = {}): AuditEvent =>
  event({ event_id: id, occurred_at: NOON + minutes * MINUTE, ingested_at: NOON + minutes * MINUTE, ...columns });

export const ids = (receiver: LokiReceiver) =>
  receiver
    .accepted()
    .map(({ event_id }) => event_id)
    .sort();

interface Ends {
  readonly delivered: readonly string[];
  readonly buried: readonly string[];
  readonly diverted: readonly string[];
}

/** The part of a delivery machine that matters here: tries again, halves, and tells where each event ended. */
export async function finish(sink: Sink, batch: readonly AuditEvent[]): Promise<Ends> {
  const named = batch.map(({ event_id }) => event_id);
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await sink.deliver(batch, signal).catch((): Delivery => ({ kind: 'retry', reason: 'threw' }));
    if (answer.kind === 'delivered') return { delivered: named, buried: [], diverted: [] };
    if (answer.kind === 'partial') return { delivered: [], buried: [], diverted: named };
    if (answer.kind !== 'refused') continue;
    if (batch.length === 1) return { delivered: [], buried: named, diverted: [] };
    const half = Math.ceil(batch.length / 2);
    const [a, b] = [await finish(sink, batch.slice(0, half)), await finish(sink, batch.slice(half))];
    return {
      delivered: [...a.delivered, ...b.delivered],
      buried: [...a.buried, ...b.buried],
      diverted: [...a.diverted, ...b.diverted],
    };
  }
  throw new Error('no end');
}

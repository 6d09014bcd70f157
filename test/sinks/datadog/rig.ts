import { onTestFinished } from 'vitest';
import type { AuditEvent } from '../../../services/core/event.ts';
import { datadog } from '../../../services/sinks/datadog/index.ts';
import { fakeClock } from '../../support/clock.ts';
import { event } from '../../support/event.ts';
import { type DatadogReceiver, openDatadogReceiver } from '../../support/receivers/datadog.ts';
import { sinkTools } from '../../support/sink-tools.ts';

export const SECRETS = { DD_API_KEY: 'dd-key' };

/** When the events of these tests happen. */
export const NOON = new Date('2026-06-15T12:00:00Z');

/** An intake whose time, and its sinks' time, stands at noon. */
export async function receiver(): Promise<DatadogReceiver> {
  const opened = await openDatadogReceiver({ now: () => NOON });
  onTestFinished(() => opened.close());
  return opened;
}

export function sinkOn(
  { url }: { readonly url: string },
  settings: object = {},
  tools: Parameters<typeof sinkTools>[0] = {},
) {
  const sink = datadog.open(
    { url, api_key: { env: 'DD_API_KEY' }, ...settings },
    sinkTools({ secrets: SECRETS, clock: fakeClock(NOON), ...tools }),
  );
  return { deliver: (batch: readonly AuditEvent[]) => sink.deliver(batch, new AbortController().signal) };
}

export const events = (count: number, columns: Partial<AuditEvent> = {}): readonly AuditEvent[] =>
  Array.from({ length: count }, (_, i) => event({ ...columns, event_id: idOf(i) }));

export const idOf = (n: number): string => `00a1b200-0000-8000-8000-${String(n).padStart(12, '0')}`;

export const ids = (batch: readonly { readonly event_id: string }[]): readonly string[] =>
  batch.map((each) => each.event_id);

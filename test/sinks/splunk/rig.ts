import { onTestFinished } from 'vitest';
import type { AuditEvent } from '../../../services/core/event.ts';
import { splunk } from '../../../services/sinks/splunk/index.ts';
import { event } from '../../support/event.ts';
import { openSplunkReceiver, type SplunkOptions, type SplunkReceiver } from '../../support/receivers/splunk.ts';
import { sinkTools } from '../../support/sink-tools.ts';

export const SECRETS = { HEC_TOKEN: 'hec-token' };

export async function receiver(options: SplunkOptions = {}): Promise<SplunkReceiver> {
  const opened = await openSplunkReceiver(options);
  onTestFinished(() => opened.close());
  return opened;
}

/** A sink on these receivers. `url` of a receiver that is closed is one nobody answers at. */
export function sinkOn(
  at: readonly { readonly url: string }[],
  settings: object = {},
  tools: Parameters<typeof sinkTools>[0] = {},
) {
  const url = at.map((each) => each.url);
  const sink = splunk.open(
    { url, token: { env: 'HEC_TOKEN' }, ...settings },
    sinkTools({ secrets: SECRETS, ...tools }),
  );
  onTestFinished(() => sink.close());
  return { deliver: (batch: readonly AuditEvent[]) => sink.deliver(batch, new AbortController().signal), sink };
}

export const events = (count: number, from = 0): readonly AuditEvent[] =>
  Array.from({ length: count }, (_, i) =>
    event({ event_id: `00a1b200-0000-8000-8000-${String(from + i).padStart(12, '0')}` }),
  );

export const ids = (batch: readonly { readonly event_id: string }[]): readonly string[] =>
  batch.map((each) => each.event_id);
